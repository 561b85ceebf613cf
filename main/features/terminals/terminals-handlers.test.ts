import { afterEach, expect, it } from 'vitest'
import { startHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import type { CallFailure } from '../../testing/in-memory-page.ts'
import { startStubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const OWNER = 'Localowner-0123456789abcdefghijkl'
const agent = { deploymentId: 'local', agentId: testUuid(6) }
const terminalId = testUuid(50)
const session = {
  id: terminalId,
  command: '',
  title: 'vim',
  started_at: '2026-11-26T10:00:00Z',
  last_active_at: '2026-11-26T11:00:00Z',
  clients: 0,
}
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(features: readonly string[]) {
  const local = await startStubDeployment(OWNER)
  local.override = ({ path, method }) => {
    if (path === '/api/v2/buildinfo')
      return { status: 200, body: { version: 'v2.31.0', outpost_features: features } }
    const terminals = `/api/experimental/workspaceagents/${agent.agentId}/terminals`
    if (path === terminals) return { status: 200, body: { terminals: [session] } }
    if (path === `${terminals}/${terminalId}` && method === 'DELETE') return { status: 204 }
    return undefined
  }
  const { page, close } = await startHarness({ local: { url: local.url, token: OWNER } })
  closers.push(() => local.close(), close)
  await untilConnected(page)
  return { page, local }
}

it('lists the shells of a server that can tell', async () => {
  const { page } = await start(['terminal-sessions'])
  expect(await page.call('terminals.list', agent)).toEqual({ sessions: [session] })
})

it('does not ask a Coder server for what it has no route for', async () => {
  const { page, local } = await start([])
  expect(await page.call('terminals.list', agent)).toEqual({ sessions: null })
  expect(local.requests.some(({ path }) => path.includes('/experimental/workspaceagents/'))).toBe(false)
})

it('ends a shell, and says when there is none', async () => {
  const { page, local } = await start(['terminal-sessions'])
  expect(await page.call('terminals.end', { ...agent, terminalId })).toBeNull()
  expect(local.requests.some(({ method, path }) => method === 'DELETE' && path.endsWith(terminalId))).toBe(
    true,
  )
  local.override = () => ({ status: 404, body: { message: 'There is no such terminal.' } })
  const thrown: unknown = await page
    .call('terminals.end', { ...agent, terminalId })
    .catch((error: unknown) => error)
  expect((thrown as CallFailure).error).toMatchObject({
    code: 'not_found',
    message: 'There is no such terminal.',
  })
})
