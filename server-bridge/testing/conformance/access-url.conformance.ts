/** What depends on the address by which a deployment says it is reached. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createCoderClient } from '../../client/coder-client.ts'
import { debugRoutes } from '../../contract/debug.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { freePort } from '../echo-server.ts'
import { createFakeClock } from '../fake-clock.ts'
import { serverBehind, startOAuth2Provider } from '../oauth2-provider.ts'
import { startTestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

/** A deployment with this access URL, and its owner by the port it really listens on. */
async function startAt(accessUrl: string) {
  const port = await freePort()
  const clock = createFakeClock(Date.now())
  const server = await startTestServer({ port, accessUrl, clock })
  onTestFinished(() => server.close())
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  const owner = createCoderClient({ baseUrl: `http://127.0.0.1:${port}`, token, retries: 0 })
  return { clock, owner }
}

it('a sign-in link is for a browser of the same machine', async () => {
  const { owner } = await startAt('https://outpost.example.test')
  const provider = await startOAuth2Provider()
  onTestFinished(() => provider.close())
  const { id } = await owner.call(mcpServersRoutes.create, { body: serverBehind(provider) })
  await expect(owner.call(mcpServersRoutes.oauth2Link, { params: { mcpserver: id } })).rejects.toMatchObject({
    status: 409,
  })
})

it('checks of an address that never answers end after half a minute', async () => {
  const callers = new Set<Socket>()
  const silent = createServer((socket) => void callers.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of callers) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
  })
  const { clock, owner } = await startAt(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`)
  const report = owner.call(debugRoutes.health, { query: { force: true } })
  const refused = expect(report).rejects.toMatchObject({ status: 503 })
  await waitFor('both checks are begun', () => (callers.size === 2 ? true : undefined))
  clock.advance(30_000)
  await refused
})
