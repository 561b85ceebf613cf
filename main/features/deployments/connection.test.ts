import { afterEach, beforeEach, expect, it } from 'vitest'
import { usersRoutes } from '#bridge/contract/users'
import { systemClock } from '#bridge/lib/clock'
import { silentLogger } from '#bridge/lib/logger'
import { waitFor } from '#bridge/testing/wait-for'
import { createLiveValue } from '../../lib/live-value.ts'
import { startStubDeployment } from '../../testing/stub-deployment.ts'
import { DeploymentConnection } from './connection.ts'

const token = 'Remoteuser-0123456789abcdefghijkl'
let stub: Awaited<ReturnType<typeof startStubDeployment>>
let connection: DeploymentConnection

beforeEach(async () => {
  stub = await startStubDeployment(token)
  connection = new DeploymentConnection({
    source: {
      url: () => stub.url,
      load: () => Promise.resolve({ kind: 'ready', url: stub.url, token }),
      refused: () => Promise.resolve(false),
      onChange: () => () => undefined,
    },
    clock: systemClock,
    random: () => 0.5,
    logger: silentLogger,
    userAgent: 'test',
    visible: createLiveValue(false),
  })
  connection.start()
  await connected()
})
afterEach(async () => {
  connection.close()
  await stub.close()
})

const connected = () =>
  waitFor('it is connected', () => (connection.view.get().state.kind === 'connected' ? true : undefined))

it('asks once at a time for a sign of life, however many streams have broken', async () => {
  let answer = (): void => undefined
  const held = new Promise<void>((resolve) => (answer = resolve))
  let asked = 0
  stub.override = async ({ path }) => {
    if (path !== '/api/v2/buildinfo') return undefined
    asked += 1
    await held
    return undefined
  }
  for (let stream = 0; stream < 30; stream += 1) connection.check()
  // What is asked after them comes after them.
  await connection.call((client) => client.call(usersRoutes.get, { params: { user: 'me' } }))
  expect(asked).toBe(1)
  answer()
  await waitFor('it is asked again', () => {
    connection.check()
    return asked > 1 ? true : undefined
  })
  expect(asked).toBe(2)
})
