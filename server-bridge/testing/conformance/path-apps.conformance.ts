import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentRuntimeRoutes } from '../../contract/agent-runtime.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { createRunningWorkspace, createTemplate, runBuild } from '../workspace-actions.ts'

let server: TestServer
let owner: CoderClient
let other: CoderClient
let workspaceId: string
let agentId: string
let username: string
let base: string
/** The program behind the app, and what it was asked. */
let program: Server
let asked: IncomingMessage[] = []
const bodies: string[] = []
/** Sent when a test lets the rest of `/slow` go. */
let finishSlow: () => void = () => undefined

function startProgram(): Promise<number> {
  program = createServer((request, response) => {
    asked.push(request)
    if (request.url?.startsWith('/base/slow')) {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.write('first,')
      finishSlow = () => response.end('last')
      return
    }
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(request.url?.startsWith('/base/teapot') ? 418 : 200, {
        'content-type': 'text/html',
        'access-control-allow-origin': '*',
        'service-worker-allowed': '/',
        'set-cookie': ['mine=1; Path=/', 'coder_session_token=stolen; Path=/'],
        'x-of-the-app': 'yes',
      })
      response.end('hello from the app')
    })
  })
  const sockets = new WebSocketServer({ server: program })
  sockets.on('connection', (socket, request) => {
    asked.push(request)
    socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }))
  })
  return new Promise((resolve) => {
    program.listen(0, '127.0.0.1', () => resolve((program.address() as AddressInfo).port))
  })
}

beforeAll(async () => {
  const port = await startProgram()
  server = await startTestServer()
  owner = await server.ownerClient()
  other = await server.memberClient('grace')
  const app = (slug: string, more: string): string =>
    `resource "coder_app" "${slug}" {\n  agent_id = coder_agent.main.id\n  slug = "${slug}"\n${more}\n}\n`
  const template = await createTemplate(
    owner,
    'app',
    [
      smallTemplate,
      app('web', `url = "http://localhost:${port}/base/?fixed=1"`),
      app('second', `url = "http://localhost:${port}/base/"`),
      app('nobody', 'url = "http://localhost:9"'),
      app('shell', 'command = "top"'),
      app('elsewhere', 'url = "https://example.com"\nexternal = true'),
    ].join('\n'),
  )
  const { workspace, agent } = await createRunningWorkspace(owner, template, 'main')
  username = workspace.owner_name
  base = `/@${username}/main.main/apps`
  workspaceId = workspace.id
  agentId = agent.id
})
afterAll(async () => {
  await server.close()
  program.closeAllConnections()
  await new Promise((resolve) => program.close(resolve))
})
beforeEach(() => {
  asked = []
  bodies.length = 0
})

const tokenOf = (client: CoderClient): string => {
  const { headers } = client.socket(workspacesRoutes.list, {})
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'coder-session-token')?.[1] ?? ''
}
const get = (path: string, headers: Record<string, string> = { 'coder-session-token': tokenOf(owner) }) =>
  rawRequest(server.url + path, { headers })

/** Opens an app as a browser does: follows the link once, and keeps the cookie. */
async function openInBrowser(slug = 'web'): Promise<{ readonly url: string; readonly cookie: string }> {
  const { url } = await owner.call(agentRuntimeRoutes.openApp, {
    params: { workspaceagent: agentId, app: slug },
  })
  const first = await get(url, {})
  expect([first.status, first.headers['location']]).toEqual([303, `${base}/${slug}/`])
  const [cookie = ''] = first.headers['set-cookie'] as string[]
  expect(cookie).toContain(`Path=${base}/${slug}/; `)
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax$/)
  return { url, cookie: cookie.slice(0, cookie.indexOf(';')) }
}

describe('a path app', () => {
  it('gets the request at its own address, and its answer goes back', async () => {
    const answer = await get(`${base}/web/a%20b/c?x=1&y=%2F`)
    expect([answer.status, answer.text]).toEqual([200, 'hello from the app'])
    expect(answer.headers).toMatchObject({ 'x-of-the-app': 'yes', 'content-type': 'text/html' })
    expect(answer.headers['x-coder-request-id']).toBeTruthy()
    expect(asked[0]?.url).toBe('/base/a%20b/c?fixed=1&x=1&y=%2F')
    expect(asked[0]?.headers).toMatchObject({
      host: new URL(server.url).host,
      'x-forwarded-host': new URL(server.url).host,
      'x-forwarded-proto': 'http',
    })
    expect((await get(`${base}/web/teapot`)).status).toBe(418)
  })

  it('is found with doubled slashes before its own path, which stays as it was written', async () => {
    expect((await get(`/${base.replace('/apps/', '//apps//')}/web/a//b/`)).status).toBe(200)
    expect(asked[0]?.url).toBe('/base/a//b/?fixed=1')
    const signIn = await get(`/${base}/web/`, {})
    expect([signIn.status, signIn.headers['location']]).toEqual([
      303,
      `/login?redirect=${encodeURIComponent(`${base}/web/`)}`,
    ])
  })

  it('gets bodies of any method, and may answer piece by piece', async () => {
    const body = 'x'.repeat(3_000_000)
    const headers = { 'coder-session-token': tokenOf(owner) }
    const put = await rawRequest(`${server.url}${base}/web/up`, { method: 'PUT', headers, body })
    expect(put.status).toBe(200)
    expect(asked[0]?.method).toBe('PUT')
    expect(bodies[0] === body).toBe(true)
    // A small body leaves together with its headers, a chunked one with the sizes of its chunks.
    for (const more of [{}, { 'transfer-encoding': 'chunked' }]) {
      const post = { method: 'POST', headers: { ...headers, ...more }, body: 'a small one' }
      const { status, text } = await rawRequest(`${server.url}${base}/web/up`, post)
      expect([status, text, bodies.at(-1)]).toEqual([200, 'hello from the app', 'a small one'])
    }
    const response = await fetch(`${server.url}${base}/web/slow`, { headers })
    const reader = response.body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('first,')
    finishSlow()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('last')
    expect((await reader.read()).done).toBe(true)
  })

  it('speaks over web sockets', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${base}/web/socket`, {
      headers: { 'coder-session-token': tokenOf(owner) },
    })
    const echoed = new Promise<string>((resolve) => {
      socket.on('message', (data: Buffer) => resolve(data.toString()))
    })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send('there and back')
    expect(await echoed).toBe('there and back')
    expect(asked[0]?.url).toBe('/base/socket?fixed=1')
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.close()
    await closed
  })

  it('never sees a credential of the server, wherever it stood', async () => {
    const token = tokenOf(owner)
    const { cookie } = await openInBrowser()
    await get(`${base}/web/?coder_session_token=${token}&access_token=${token}&keep=1`, {
      cookie: `theme=dark; coder_session_token=${token}; ${cookie}; csrf_token=x`,
      'coder-session-token': token,
      authorization: `Bearer ${token}`,
      referer: `${server.url}${base}/web/?coder_session_token=${token}`,
    })
    const [request] = asked
    expect(request?.url).toBe('/base/?fixed=1&keep=1')
    expect(request?.headers.cookie).toBe('theme=dark')
    expect(JSON.stringify(request?.rawHeaders)).not.toContain(token)
    expect(JSON.stringify(request?.rawHeaders)).not.toContain(cookie.split('=')[1])
  })

  it('keeps what is its own: an authorization and an access token of another kind', async () => {
    const { cookie } = await openInBrowser()
    await get(`${base}/web/?access_token=theirs`, { cookie, authorization: 'Bearer theirs' })
    expect(asked[0]?.headers.authorization).toBe('Bearer theirs')
    expect(asked[0]?.url).toContain('access_token=theirs')
  })

  it('tells a browser nothing about the origin it shares', async () => {
    const { headers } = await get(`${base}/web/`)
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['service-worker-allowed']).toBeUndefined()
    expect(headers['set-cookie']).toEqual(['mine=1; Path=/'])
  })
})

describe('the way to a path app', () => {
  it('leads over its slash, and to the login for nobody', async () => {
    const bare = await get(`${base}/web?x=1`)
    expect([bare.status, bare.headers['location']]).toEqual([307, `${base}/web/?x=1`])
    const nobody = await get(`${base}/web/page`, {})
    expect(nobody.status).toBe(303)
    expect(nobody.headers['location']).toBe(`/login?redirect=${encodeURIComponent(`${base}/web/page`)}`)
    expect((await get('/login', {})).headers['content-type']).toContain('text/html')
  })

  it('may be written with other letters, and without the only agent', async () => {
    for (const path of [
      `/%40${username}/main.main`,
      `/@${username.toUpperCase()}/MAIN.Main`,
      `/@${username}/main`,
    ])
      expect((await get(`${path}/apps/web/`)).status).toBe(200)
  })

  it('ends in a page when there is no such app, none of one’s own, or none behind it', async () => {
    const pages = [
      ['/@me/main.main/apps/web/', 404],
      [`${base}/unknown/`, 404],
      [`${base}/shell/`, 404],
      [`${base}/elsewhere/`, 404],
      [`/@${username}/main.other/apps/web/`, 404],
      [`/@${username}/nothing.main/apps/web/`, 404],
      [`${base}/nobody/`, 502],
    ] as const
    for (const [path, status] of pages) {
      const answer = await get(path)
      expect([path, answer.status, answer.headers['content-type']]).toEqual([
        path,
        status,
        'text/html; charset=utf-8',
      ])
    }
    expect((await get(`${base}/web/`, { 'coder-session-token': tokenOf(other) })).status).toBe(404)
    const socket = { 'coder-session-token': tokenOf(other), ...upgradeHeaders }
    expect((await get(`${base}/web/`, socket)).status).toBe(404)
    expect((await get(`${base}/nobody/`, { ...socket, 'coder-session-token': tokenOf(owner) })).status).toBe(
      502,
    )
    expect(asked).toEqual([])
  })

  it('to the app of a member is closed even for the owner of the deployment', async () => {
    const template = await createTemplate(owner, 'of-grace')
    const { agent } = await createRunningWorkspace(other, template, 'hers')
    const params = { workspaceagent: agent.id, app: 'web' }
    await expect(owner.call(agentRuntimeRoutes.openApp, { params })).rejects.toMatchObject({ status: 404 })
    expect((await get('/@grace/hers.main/apps/web/')).status).toBe(404)
  })
})

describe('a browser that opens an app', () => {
  it('holds a cookie for this app alone, by a link that works once', async () => {
    const { url, cookie } = await openInBrowser()
    expect((await get(`${base}/web/`, { cookie })).status).toBe(200)
    expect((await get(url, {})).status).toBe(404)
    expect((await get(`${base}/second/`, { cookie })).status).toBe(303)
    const value = cookie.slice(cookie.indexOf('=') + 1)
    for (const headers of [
      { cookie },
      { 'coder-session-token': value },
      { authorization: `Bearer ${value}` },
    ])
      expect((await get('/api/v2/users/me', headers)).status).toBe(401)
    const stale = await get(`${base}/second/?outpost_app_ticket=${value}`, {})
    expect(stale.status).toBe(404)
  })

  it('loses it with the key it was opened by', async () => {
    const { cookie } = await openInBrowser()
    const [id] = tokenOf(owner).split('-')
    server.deployment.services.sessions.end(id ?? '')
    expect((await get(`${base}/web/`, { cookie })).status).toBe(303)
    owner = await server.ownerClient()
  })

  it('cannot be made to by a page', async () => {
    const { url } = await owner.call(agentRuntimeRoutes.openApp, {
      params: { workspaceagent: agentId, app: 'web' },
    })
    for (const site of ['cross-site', 'same-site', 'same-origin'])
      expect((await get(url, { 'sec-fetch-site': site })).status).toBe(404)
    expect((await get(url, { 'sec-fetch-site': 'none' })).status).toBe(303)
  })

  it('is refused an app that has no address, or does not exist', async () => {
    const open = (app: string) =>
      owner.call(agentRuntimeRoutes.openApp, { params: { workspaceagent: agentId, app } })
    await expect(open('shell')).rejects.toMatchObject({ status: 400 })
    await expect(open('elsewhere')).rejects.toMatchObject({ status: 400 })
    await expect(open('unknown')).rejects.toMatchObject({ status: 404 })
  })
})

describe('a hostile app', () => {
  it('cannot use the session cookie of who looks at it for the API', async () => {
    const cookie = `coder_session_token=${tokenOf(owner)}`
    const asPage = { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
    for (const path of ['/api/v2/users/me', '//api/v2/users/me', '///api//v2/users/me/'])
      expect([path, (await get(path, asPage)).status]).toEqual([path, 403])
    const pty = `/api/v2/workspaceagents/${agentId}/pty?reconnect=00000000-0000-4000-8000-000000000000`
    expect((await get(pty, { ...asPage, ...upgradeHeaders, 'sec-fetch-mode': 'websocket' })).status).toBe(403)
    const frame = { ...asPage, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }
    expect((await get('/api/v2/users/me', frame)).status).toBe(403)
    expect((await get('/api/v2/users/me', { cookie, 'sec-fetch-site': 'none' })).status).toBe(200)
    expect((await get('/api/v2/users/me', { cookie })).status).toBe(200)
    expect((await get(`${base}/web/`, asPage)).status).toBe(200)
  })
})

// Last: it stops the workspace.
it('an app of a workspace that is stopped says so', async () => {
  const { cookie } = await openInBrowser()
  await runBuild(owner, workspaceId, 'stop')
  const answer = await get(`${base}/web/`)
  expect([answer.status, answer.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8'])
  expect(answer.text).toContain('main is stopped')
  expect((await get(`${base}/web/`, { cookie })).status).toBe(400)
})
