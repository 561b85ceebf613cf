import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentRuntimeRoutes } from '../../contract/agent-runtime.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { debugRoutes } from '../../contract/debug.ts'
import { dynamicParametersRoutes } from '../../contract/dynamic-parameters.ts'
import { notificationsRoutes } from '../../contract/notifications.ts'
import { userAccountsRoutes } from '../../contract/user-accounts.ts'
import { usersRoutes } from '../../contract/users.ts'
import { workspaceAgentsRoutes } from '../../contract/workspace-agents.ts'
import { workspaceSshRoutes } from '../../contract/workspace-ssh.ts'
import { workspaceWatchesRoutes } from '../../contract/workspace-watches.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createUser } from '../accounts.ts'
import { createFakeClock } from '../fake-clock.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

/** Something that stays open until one side ends it. */
interface Open {
  readonly kind: string
  /** How it ended: the close code and reason of a socket, the last event of a stream. */
  readonly ended: Promise<string>
  /** Fails unless it is open. */
  requireOpen(): Promise<void>
  close(): void
}

/** Less than it takes until the server gives up a socket that did not answer it. */
const LIFETIME_SECONDS = 10

const clock = createFakeClock(Date.now())
let server: TestServer
let owner: CoderClient
let mia: { readonly id: string; readonly client: CoderClient }
let workspaceId: string
let agentId: string
let versionId: string
let appPath: string
let program: Server

beforeAll(async () => {
  program = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: first\n\n')
  })
  new WebSocketServer({ server: program })
  await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve))
  const { port } = program.address() as AddressInfo
  server = await startTestServer({ clock })
  owner = await server.ownerClient()
  const app = `resource "coder_app" "web" {\n  agent_id = coder_agent.main.id\n  slug = "web"\n  url = "http://localhost:${port}"\n}\n`
  const template = await createTemplate(owner, 'open', `${smallTemplate}\n${app}`)
  versionId = template.active_version_id
  const { user, client } = await createUser(server, owner, 'mia')
  mia = { id: user.id, client }
  const { workspace, agent } = await createRunningWorkspace(client, template, 'main')
  workspaceId = workspace.id
  agentId = agent.id
  appPath = '/@mia/main.main/apps/web'
})
afterAll(async () => {
  await server.close()
  program.closeAllConnections()
  await new Promise((resolve) => program.close(resolve))
})

const tokenOf = (client: CoderClient): string =>
  client.socket(usersRoutes.get, { params: { user: 'me' } }).headers['Coder-Session-Token'] ?? ''

async function openSocket(kind: string, url: string, headers: Record<string, string>): Promise<Open> {
  const socket = new WebSocket(url, { headers })
  const ended = new Promise<string>((resolve) =>
    socket.on('close', (code, reason) => resolve(`${code} ${reason.toString()}`)),
  )
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    kind,
    ended,
    requireOpen: () =>
      new Promise((resolve, reject) => {
        socket.once('pong', () => resolve())
        socket.once('close', (code) => reject(new Error(`${kind} was closed with ${code}`)))
        if (socket.readyState === WebSocket.OPEN) socket.ping()
        else reject(new Error(`${kind} is closed`))
      }),
    close: () => socket.terminate(),
  }
}

function openStream(kind: string, path: string, token: string): Promise<Open> {
  return new Promise((resolve, reject) => {
    const headers = { 'coder-session-token': token }
    const request = httpRequest(server.url + path, { headers, agent: false }, (response) => {
      const ended = new Promise<string>((end) => {
        response.once('error', () => end('cut'))
        response.once('end', () => end('ended'))
      })
      response.once('data', () => {
        response.resume()
        resolve({
          kind,
          ended,
          requireOpen: async () => {
            if (response.readableEnded || response.destroyed) throw new Error(`${kind} has ended`)
          },
          close: () => request.destroy(),
        })
      })
    })
    request.once('error', reject)
    request.end()
  })
}

/** Everything that stays open, for who may have all of it. */
function openAll(client: CoderClient): Promise<Open[]> {
  const token = tokenOf(client)
  const socket = (kind: string, target: { readonly url: string; readonly headers: object }) =>
    openSocket(kind, target.url, target.headers as Record<string, string>)
  const ofWorkspace = { params: { workspace: workspaceId } }
  const ofAgent = { params: { workspaceagent: agentId } }
  const query = { reconnect: crypto.randomUUID(), width: 80, height: 24 }
  return Promise.all([
    ...openOwn(client),
    socket('workspace', client.socket(workspacesRoutes.watchWs, ofWorkspace)),
    openStream('workspace events', `/api/v2/workspaces/${workspaceId}/watch`, token),
    socket('connection', client.socket(workspaceWatchesRoutes.connection, ofWorkspace)),
    socket('metadata', client.socket(agentRuntimeRoutes.watchMetadataWs, ofAgent)),
    openStream('metadata events', `/api/v2/workspaceagents/${agentId}/watch-metadata`, token),
    socket('logs', client.socket(workspaceAgentsRoutes.followLogs, { ...ofAgent, query: { follow: '' } })),
    socket('terminal', client.socket(workspaceAgentsRoutes.pty, { ...ofAgent, query })),
    socket('ssh', client.socket(workspaceSshRoutes.connect, ofAgent)),
    openStream('app events', `${appPath}/`, token),
    openSocket('app', `${server.url.replace('http', 'ws')}${appPath}/`, { 'coder-session-token': token }),
  ])
}

/** What everybody can hold open, without any workspace. */
function openOwn(client: CoderClient): Promise<Open>[] {
  const socket = (kind: string, { url, headers }: ReturnType<CoderClient['socket']>) =>
    openSocket(kind, url, { ...headers })
  const form = { params: { templateversion: versionId } }
  return [
    socket('inbox', client.socket(notificationsRoutes.watchInbox, {})),
    socket('form', client.socket(dynamicParametersRoutes.connect, form)),
  ]
}

/** What an owner can hold open. */
const openOfOwner = (client: CoderClient): Promise<Open[]> =>
  Promise.all([
    ...openOwn(client),
    ...[debugRoutes.echo, workspaceWatchesRoutes.allBuilds].map((route) => {
      const { url, headers } = client.socket(route, {})
      return openSocket(route.path, url, { ...headers })
    }),
  ])

/** Another key of the person. */
function newKey(userId = mia.id, lifetimeSeconds = 3600) {
  const tokenName = crypto.randomUUID()
  const { id, token } = server.deployment.services.sessions.create(userId, {
    loginType: 'token',
    tokenName,
    lifetimeSeconds,
  })
  return { id, client: server.client(token) }
}

async function expectEnded(opened: readonly Open[], reason: string): Promise<void> {
  for (const { kind, ended } of opened) {
    const expected =
      kind === 'app' ? '1006 ' : kind === 'app events' ? 'cut' : kind.endsWith('events') ? 'ended' : reason
    expect([kind, await ended]).toEqual([kind, expected])
  }
}

async function expectOpen(opened: readonly Open[]): Promise<void> {
  for (const each of opened) await each.requireOpen()
  for (const each of opened) each.close()
}

describe('what a key opened ends', () => {
  const keyid = (id: string) => ({ params: { user: 'me', keyid: id } })

  it.each<[string, string, (key: ReturnType<typeof newKey>) => unknown]>([
    [
      'when it is deleted',
      '1008 You are signed out here.',
      ({ id }) => mia.client.call(apiKeysRoutes.delete, keyid(id)),
    ],
    [
      'when it signs out',
      '1008 You are signed out here.',
      ({ client }) => client.call(usersRoutes.logout, {}),
    ],
    [
      'when it is ended by hand',
      '1008 Your session has expired.',
      ({ id }) => mia.client.call(apiKeysRoutes.expire, keyid(id)),
    ],
    ['when its time is over', '1008 Your session has expired.', () => clock.advance(LIFETIME_SECONDS * 1000)],
  ])('%s, and what other keys opened does not', async (_, reason, end) => {
    const key = newKey(mia.id, LIFETIME_SECONDS)
    const doomed = await openAll(key.client)
    const kept = [...(await openAll(newKey().client)), ...(await openOfOwner(owner))]
    await end(key)
    await expectEnded(doomed, reason)
    await expectOpen(kept)
  })

  it('also when it is the key of an owner', async () => {
    const { user } = await createUser(server, owner, 'olga', ['owner'])
    const key = newKey(user.id)
    const doomed = await openOfOwner(key.client)
    const kept = await openOfOwner(newKey(user.id).client)
    await key.client.call(usersRoutes.logout, {})
    await expectEnded(doomed, '1008 You are signed out here.')
    await expectOpen(kept)
  })

  it('and so does an app that a browser opened by the key’s link', async () => {
    const key = newKey()
    const { url } = await key.client.call(agentRuntimeRoutes.openApp, {
      params: { workspaceagent: agentId, app: 'web' },
    })
    const first = await fetch(server.url + url, { redirect: 'manual' })
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const app = await openSocket('app', `${server.url.replace('http', 'ws')}${appPath}/`, { cookie })
    await mia.client.call(apiKeysRoutes.delete, keyid(key.id))
    await expectEnded([app], '')
  })
})

describe('everything that a person opened ends', () => {
  const params = () => ({ params: { user: mia.id } })

  it('with the suspension, and what others opened does not', async () => {
    const doomed = [...(await openAll(mia.client)), ...(await openAll(newKey().client))]
    const kept = await openOfOwner(owner)
    await owner.call(userAccountsRoutes.suspend, params())
    await expectEnded(doomed, '1008 Your account is suspended.')
    await expectOpen(kept)
    await owner.call(userAccountsRoutes.activate, params())
  })

  it('with a password that somebody else sets, which ends every key', async () => {
    const doomed = [...(await openAll(newKey().client)), ...(await openAll(newKey().client))]
    const kept = await openOfOwner(owner)
    await owner.call(userAccountsRoutes.updatePassword, {
      ...params(),
      body: { password: 'another Horse 7 battery!' },
    })
    await expectEnded(doomed, '1008 You are signed out here.')
    await expectOpen(kept)
  })

  it('with the account', async () => {
    const { user } = await createUser(server, owner, 'dan')
    const doomed = await Promise.all(openOwn(newKey(user.id).client))
    await owner.call(userAccountsRoutes.delete, { params: { user: user.id } })
    await expectEnded(doomed, '1008 You are signed out here.')
  })
})
