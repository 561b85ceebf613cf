import { once } from 'node:events'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { AddressInfo } from 'node:net'
import { dynamicParametersLifetimeMs } from '../../contract/dynamic-parameters.ts'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock.ts'
import type { DynamicParameterSession } from '../services/dynamic-parameters.ts'
import { serveDynamicParameters } from './dynamic-parameters-socket.ts'

let sockets: WebSocketServer
let clock: FakeClock
let failures: unknown[]

beforeEach(async () => {
  clock = createFakeClock()
  failures = []
  sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(sockets, 'listening')
})
afterEach(
  () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close(() => resolve())
    }),
)

async function connect(evaluate: DynamicParameterSession['evaluate']): Promise<WebSocket> {
  sockets.on('connection', (socket) =>
    serveDynamicParameters(socket, {
      session: { evaluate },
      ownerId: 'ada',
      clock,
      logFailure: (error) => failures.push(error),
    }),
  )
  return new WebSocket(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`)
}

const nothing = { diagnostics: [], parameters: [] }

it('ends after half an hour, and leaves no timer when the client goes first', async () => {
  const client = await connect(({ id }) => ({ id, ...nothing }))
  await once(client, 'message')
  expect(clock.pending).toBe(1)
  clock.advance(dynamicParametersLifetimeMs - 1)
  client.send('{"id":1,"inputs":{}}')
  await once(client, 'message')
  clock.advance(1)
  expect((await once(client, 'close'))[0]).toBe(1001)

  const other = new WebSocket(client.url)
  await once(other, 'message')
  const [served] = sockets.clients
  const gone = once(served!, 'close')
  other.close()
  await gone
  expect(clock.pending).toBe(0)
})

it('ends when the parameters cannot be evaluated, and says why in the log only', async () => {
  const client = await connect(() => {
    throw new Error('a secret reason')
  })
  const [code, reason] = (await once(client, 'close')) as [number, Buffer]
  expect(code).toBe(1011)
  expect(reason.toString()).not.toContain('secret')
  expect(failures).toHaveLength(1)
})

it('lets others in between the requests of a burst', async () => {
  let turns = 0
  let isCounting = true
  const count = (): void => {
    turns += 1
    if (isCounting) setImmediate(count)
  }
  const seen: number[] = []
  const client = await connect(({ id }) => {
    seen.push(turns)
    return { id, ...nothing }
  })
  setImmediate(count)
  await once(client, 'open')
  for (let id = 0; id < 50; id += 1) client.send(JSON.stringify({ id, inputs: {} }))
  await new Promise<void>((resolve) => {
    client.on('message', (data: Buffer) => {
      if ((JSON.parse(data.toString()) as { id: number }).id === 49) resolve()
    })
  })
  isCounting = false
  expect(new Set(seen).size).toBe(51)
  client.close()
  await once(client, 'close')
})
