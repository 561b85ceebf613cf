import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentRuntimeRoutes } from '../../contract/agent-runtime.ts'
import { appConnectKey } from '../../contract/app-hosts.ts'
import { deploymentAdminRoutes } from '../../contract/deployment-admin.ts'
import { workspaceSharingRoutes } from '../../contract/workspace-sharing.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { startAppProgram, type AppProgram } from '../app-program.ts'
import { narrowedClient } from '../accounts.ts'
import { rawRequest, type RawAnswer, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { createRunningWorkspace, createTemplate, runBuild } from '../workspace-actions.ts'

let server: TestServer
let owner: CoderClient
let other: CoderClient
let workspaceId: string
let agentId: string
let username: string
/** The port of the server, which app hosts share. */
let port: string
/** What is behind every app. */
let program: AppProgram

beforeAll(async () => {
  program = await startAppProgram()
  server = await startTestServer({ wildcardAccessUrl: '*.localhost' })
  port = new URL(server.url).port
  owner = await server.ownerClient()
  other = await server.memberClient('grace')
  const app = (slug: string, more: string, url = `http://localhost:${program.port}/`): string =>
    `resource "coder_app" "${slug}" {\n  agent_id = coder_agent.main.id\n  slug = "${slug}"\n  url = "${url}"\n${more}\n}\n`
  const template = await createTemplate(
    owner,
    'apps',
    [
      smallTemplate,
      app('web', 'subdomain = true'),
      app('second', 'subdomain = true'),
      app('team', 'subdomain = true\nshare = "authenticated"'),
      app('open', 'subdomain = true\nshare = "public"'),
      app('self', 'subdomain = true\nshare = "public"', `http://localhost:${port}/`),
      app('path', 'share = "public"'),
    ].join('\n'),
  )
  const { workspace, agent } = await createRunningWorkspace(owner, template, 'main')
  username = workspace.owner_name
  workspaceId = workspace.id
  agentId = agent.id
})
afterAll(async () => {
  await server.close()
  await program.close()
})
beforeEach(() => {
  program.asked.length = 0
})

const tokenOf = (client: CoderClient): string => {
  const { headers } = client.socket(workspacesRoutes.list, {})
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'coder-session-token')?.[1] ?? ''
}
const byToken = (client: CoderClient): Record<string, string> => ({ 'coder-session-token': tokenOf(client) })
const hostOf = (label: string): string => `${label}.localhost:${port}`
const appHost = (slug: string): string => hostOf(`${slug}--main--${username}`)

/** A request as it arrives for a name that resolves to this machine. */
const get = (host: string, path = '/', headers: Record<string, string> = {}): Promise<RawAnswer> =>
  rawRequest(server.url + path, { headers: { host, ...headers } })
const api = (path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  rawRequest(`${server.url}/api/v2${path}`, { headers })
const redirectPath = (uri: string): string =>
  `/applications/auth-redirect?${new URLSearchParams({ redirect_uri: uri }).toString()}`

/** The whole round of redirects, by a client that is signed in at the API; the cookie that is left. */
async function signIn(client: CoderClient, host: string, path = '/'): Promise<string> {
  const away = await get(host, path)
  expect(away.status).toBe(303)
  const location = String(away.headers['location'])
  expect(location.startsWith(`${server.url}/api/v2/applications/auth-redirect?`)).toBe(true)
  const back = await rawRequest(location, { headers: byToken(client) })
  expect([back.status, back.text]).toEqual([303, ''])
  return redeem(new URL(String(back.headers['location'])))
}

async function redeem(url: URL): Promise<string> {
  const kept = await get(url.host, url.pathname + url.search)
  expect(kept.status).toBe(303)
  expect(String(kept.headers['location'])).not.toContain(appConnectKey)
  const [cookie = '', ...more] = kept.headers['set-cookie'] as string[]
  expect(more).toEqual([])
  expect(cookie).toMatch(
    /^coder_subdomain_app_session_token_[0-9a-f]{8}=\w{32}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
  )
  return cookie.slice(0, cookie.indexOf(';'))
}

describe('what the deployment says', () => {
  it('names its wildcard host, with the port to use, and the app’s own part of it', async () => {
    expect(await other.call(deploymentAdminRoutes.appHost, {})).toEqual({ host: `*.localhost:${port}` })
    const { regions } = await other.call(deploymentAdminRoutes.regions, {})
    expect(regions[0]?.wildcard_hostname).toBe(`*.localhost:${port}`)
    const config = await owner.call(deploymentAdminRoutes.config, {})
    expect(config.config).toMatchObject({ wildcard_access_url: '*.localhost' })
    const workspace = await owner.call(workspacesRoutes.get, { params: { workspace: workspaceId } })
    const apps = workspace.latest_build.resources.flatMap(({ agents }) => agents ?? [])[0]?.apps ?? []
    const names = Object.fromEntries(apps.map((app) => [app.slug, app.subdomain_name]))
    expect(names).toMatchObject({ web: `web--main--${username}`, path: '' })
  })
})

describe('the name in Host', () => {
  it('opens an app, and never the API', async () => {
    for (const label of [
      `web--main--${username}`,
      `WEB--Main--${username.toUpperCase()}`,
      `web--main--main--${username}`,
      `x---web--main--${username}`,
    ]) {
      const answer = await get(hostOf(label), '/api/v2/users/me', byToken(owner))
      expect([label, answer.status, answer.text]).toEqual([label, 200, 'hello from the app'])
    }
    expect(program.asked.map(({ url }) => url)).toEqual(Array.from({ length: 4 }, () => '/api/v2/users/me'))
    for (const path of ['/', '/login', '/healthz', '/api/v2/buildinfo', `/@${username}/main/apps/path/`])
      expect([path, (await get(appHost('open'), path)).text]).toEqual([path, 'hello from the app'])
  })

  it('is refused when it is nothing that could be opened', async () => {
    const hosts = [
      hostOf('evil'),
      hostOf('a--b'),
      hostOf('a--b--c--d--e'),
      hostOf(`evil.web--main--${username}`),
      hostOf(`web--main--${username}.`),
      `web--main--${username}.localhost`,
      `web--main--${username}.localhost:1`,
      `web--main--${username}.localhost.evil.example:${port}`,
      `web--main--${username}.evil.example:${port}`,
      `web--main--${username}localhost:${port}`,
      `web--main--${username}.127.0.0.1:${port}`,
      `*.localhost:${port}`,
      `.localhost:${port}`,
    ]
    for (const host of hosts) {
      const answer = await get(host, '/api/v2/users/me', byToken(owner))
      expect([host, answer.status]).toEqual([host, 403])
      expect((await get(host, '/', { ...byToken(owner), ...upgradeHeaders })).status).toBe(403)
    }
    expect(program.asked).toEqual([])
  })

  it('is the only thing that says so', async () => {
    const own = { ...byToken(owner), 'x-forwarded-host': appHost('web'), forwarded: `host=${appHost('web')}` }
    expect((await api('/users/me', own)).json().username).toBe(username)
    const forged = { 'x-forwarded-host': new URL(server.url).host, ...byToken(owner) }
    expect((await get(appHost('web'), '/api/v2/users/me', forged)).text).toBe('hello from the app')
  })

  it('ends in a page for an app that is not there, or not under a name of its own', async () => {
    for (const label of [
      `nothing--main--${username}`,
      `web--other--${username}`,
      `path--main--${username}`,
    ]) {
      const answer = await get(hostOf(label), '/', byToken(owner))
      expect([label, answer.status, answer.headers['content-type']]).toEqual([
        label,
        404,
        'text/html; charset=utf-8',
      ])
    }
    // The deployment behind an app of its own would ask itself for ever.
    expect((await get(appHost('self'))).status).toBe(404)
    expect(program.asked).toEqual([])
  })
})

describe('signing in', () => {
  it('leads over the deployment, and leaves a cookie for that host alone', async () => {
    const cookie = await signIn(owner, appHost('web'), '/a?b=%2F')
    expect((await get(appHost('web'), '/', { cookie })).text).toBe('hello from the app')
    // Another app, in a browser that could be made to send it.
    const [name = '', value = ''] = cookie.split('=')
    const foreign = await get(appHost('second'), '/', { cookie })
    expect(foreign.status).toBe(303)
    const elsewhere = await signIn(owner, appHost('second'))
    const forged = `${elsewhere.split('=')[0] ?? ''}=${value}`
    expect((await get(appHost('second'), '/', { cookie: forged })).status).toBe(303)
    expect((await get(appHost('second'), '/', { cookie: elsewhere })).status).toBe(200)
    for (const headers of [
      { cookie },
      { cookie: `coder_session_token=${value}` },
      { 'coder-session-token': value },
      { authorization: `Bearer ${value}` },
    ])
      expect([name, (await api('/users/me', headers)).status]).toEqual([name, 401])
  })

  it('comes back to the address that was asked for', async () => {
    const away = await get(appHost('web'), '/a%20b?c=%2F&d')
    const uri = new URL(String(away.headers['location'])).searchParams.get('redirect_uri')
    expect(uri).toBe(`http://${appHost('web')}/a%20b?c=%2F&d`)
    const back = await api(redirectPath(uri ?? ''), byToken(owner))
    expect(back.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    const url = new URL(String(back.headers['location']))
    const kept = await get(url.host, url.pathname + url.search)
    expect(kept.headers['location']).toBe(`http://${appHost('web')}/a%20b?c=%2F&d`)
    expect(kept.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    expect(program.asked).toEqual([])
  })

  it('works once, for that app alone', async () => {
    const back = await api(redirectPath(`http://${appHost('web')}/`), byToken(owner))
    const { search } = new URL(String(back.headers['location']))
    expect((await get(appHost('second'), `/${search}`)).status).toBe(404)
    expect((await get(appHost('web'), `/${search}`)).status).toBe(303)
    expect((await get(appHost('web'), `/${search}`)).status).toBe(404)
    for (const value of ['', 'x', 'a'.repeat(5000), tokenOf(owner)])
      expect((await get(appHost('web'), `/?${appConnectKey}=${value}`)).status).toBe(404)
  })

  it('is over when its time is', async () => {
    const { database } = server.deployment
    const age = () => database.run(database.sql.updateTable('workspace_app_sessions').set({ expires_at: 0 }))
    const back = await api(redirectPath(`http://${appHost('web')}/`), byToken(owner))
    const { search } = new URL(String(back.headers['location']))
    age()
    expect((await get(appHost('web'), `/${search}`)).status).toBe(404)
    const cookie = await signIn(owner, appHost('web'))
    age()
    expect((await get(appHost('web'), '/', { cookie })).status).toBe(303)
  })

  it('redirects to app hosts only', async () => {
    const host = appHost('web')
    const bad = [
      '',
      'x',
      '//evil.example/',
      'http://evil.example/',
      `https://${host}/`,
      `javascript://${host}/%0aalert(1)`,
      `http://${host}.evil.example/`,
      `http://evil.example/.${host}`,
      `http://evil.example#${host}`,
      `http://evil.example\\@${host}/`,
      `http://user@${host}/`,
      `http://${host}@evil.example/`,
      `http://web--main--${username}.localhost/`,
      `http://web--main--${username}.localhost:1/`,
      `http://evil.localhost:${port}/`,
      `http://a.${host}/`,
      `${server.url}/api/v2/users/me`,
      `http://localhost:${port}/`,
    ]
    for (const uri of bad) {
      const answer = await api(redirectPath(uri), byToken(owner))
      expect([uri, answer.status, answer.headers['location']]).toEqual([uri, 400, undefined])
    }
    const fragment = await api(redirectPath(`http://${host}\\..\\x?y#z`), byToken(owner))
    expect(new URL(String(fragment.headers['location'])).host).toBe(host)
  })

  it('tells who is not signed in where that is done, and refuses who may not open it', async () => {
    const path = redirectPath(`http://${appHost('web')}/`)
    for (const headers of [{}, { 'coder-session-token': `${'a'.repeat(10)}-${'b'.repeat(22)}` }]) {
      const answer = await api(path, headers)
      expect(answer.status).toBe(303)
      expect(answer.headers['location']).toBe(
        `/login?${new URLSearchParams({ redirect: `/api/v2${path}` }).toString()}`,
      )
    }
    const page = await rawRequest(`${server.url}/login`)
    expect(page.text).toContain('an app of a workspace')
    const refused = await api(path, byToken(other))
    expect([refused.status, refused.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect((await api(redirectPath(`http://${appHost('nothing')}/`), byToken(owner))).status).toBe(404)
    const keys = await narrowedClient(server, owner, { scopes: ['template:read'] })
    expect((await api(path, byToken(keys))).status).toBe(404)
    expect((await get(appHost('web'), '/', byToken(keys))).status).toBe(404)
  })

  it('is possible for a browser with the session cookie, and for no page’s own requests', async () => {
    const path = redirectPath(`http://${appHost('web')}/`)
    const cookie = `coder_session_token=${tokenOf(owner)}`
    const came = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect((await api(path, { ...came, 'sec-fetch-dest': 'document' })).status).toBe(303)
    for (const headers of [
      { ...came, 'sec-fetch-dest': 'iframe' },
      { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      { cookie, 'sec-fetch-site': 'same-origin' },
      { cookie, origin: `http://${appHost('web')}` },
    ])
      expect((await api(path, headers)).status).toBe(403)
    // Every other path stays closed to such a visit.
    expect((await api('/users/me', { ...came, 'sec-fetch-dest': 'document' })).status).toBe(403)
  })

  it('is done by a link of the app too, for a browser that is not signed in at all', async () => {
    for (const [slug, host] of [
      ['web', appHost('web')],
      [String(program.port), hostOf(`${program.port}--main--main--${username}`)],
    ] as const) {
      const { url } = await owner.call(agentRuntimeRoutes.openApp, {
        params: { workspaceagent: agentId, app: slug },
      })
      expect(new URL(url).origin).toBe(`http://${host}`)
      const cookie = await redeem(new URL(url))
      expect((await get(host, '/', { cookie })).status).toBe(200)
    }
    const params = { workspaceagent: agentId, app: 'path' }
    expect((await owner.call(agentRuntimeRoutes.openApp, { params })).url).toMatch(/^\/@/)
    for (const app of ['8', '70000', '08080'])
      await expect(
        owner.call(agentRuntimeRoutes.openApp, { params: { workspaceagent: agentId, app } }),
      ).rejects.toMatchObject({ status: 404 })
  })

  it('ends with the session that it rests on, what is open included', async () => {
    const doomed = await server.ownerClient()
    const cookie = await signIn(doomed, appHost('web'))
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket`, {
      headers: { host: appHost('web'), cookie },
    })
    await new Promise((resolve) => socket.once('open', resolve))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    server.deployment.services.sessions.end(tokenOf(doomed).split('-')[0] ?? '')
    await closed
    expect((await get(appHost('web'), '/', { cookie })).status).toBe(303)
  })
})

describe('what an app gets and gives', () => {
  it('has no credential of the deployment in it', async () => {
    const token = tokenOf(owner)
    const cookie = await signIn(owner, appHost('web'))
    await get(appHost('web'), `/?coder_session_token=${token}&access_token=${token}&keep=1`, {
      cookie: `theme=dark; coder_session_token=${token}; ${cookie}; __Host-${cookie}; csrf_token=x`,
      'coder-session-token': token,
      authorization: `Bearer ${token}`,
      referer: `http://${appHost('web')}/?${appConnectKey}=${token}`,
    })
    const [request] = program.asked
    expect([request?.url, request?.headers.cookie]).toEqual(['/?keep=1', 'theme=dark'])
    const sent = JSON.stringify(request?.rawHeaders)
    expect(sent).not.toContain(token)
    expect(sent).not.toContain(cookie.split('=')[1])
    expect(request?.headers).toMatchObject({ host: appHost('web'), 'x-forwarded-host': appHost('web') })
  })

  it('stays within its host: no cookie for its neighbours, no leave for other origins', async () => {
    const { headers } = await get(appHost('open'))
    expect(headers['set-cookie']).toEqual(['mine=1; Path=/; HttpOnly'])
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('goes over web sockets in both directions', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket?x=1`, {
      headers: { host: appHost('web'), ...byToken(owner), origin: `http://${appHost('web')}` },
    })
    const echoed = new Promise<string>((resolve) => {
      socket.on('message', (data: Buffer) => resolve(data.toString()))
    })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send('there and back')
    expect([await echoed, program.asked[0]?.url]).toEqual(['there and back', '/socket?x=1'])
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.close()
    await closed
    expect((await get(appHost('web'), '/', upgradeHeaders)).status).toBe(303)
  })
})

describe('a hostile page', () => {
  it('cannot use the cookie of an app that it is not', async () => {
    const cookie = await signIn(owner, appHost('web'))
    const post = (headers: Record<string, string>) =>
      rawRequest(server.url, {
        method: 'POST',
        headers: { host: appHost('web'), cookie, ...headers },
        body: 'x',
      })
    for (const origin of ['http://evil.example', 'null', server.url, `http://${appHost('second')}`]) {
      expect([origin, (await post({ origin })).status]).toEqual([origin, 403])
      const socket = await get(appHost('web'), '/', { cookie, origin, ...upgradeHeaders })
      expect([origin, socket.status]).toEqual([origin, 403])
    }
    for (const site of ['same-site', 'cross-site']) {
      const loads = { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' }
      expect([site, (await get(appHost('web'), '/', loads)).status]).toEqual([site, 403])
      const follows = { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' }
      expect([site, (await get(appHost('web'), '/', follows)).status]).toEqual([site, 200])
    }
    const own = await post({ origin: `http://${appHost('web')}`, 'sec-fetch-site': 'same-origin' })
    expect([own.status, own.text]).toEqual([200, 'hello from the app'])
  })

  it('of an app host is a foreign one to the API', async () => {
    for (const origin of [`http://${appHost('web')}`, `http://${appHost('open')}`]) {
      expect((await api('/users/me', { ...byToken(owner), origin })).status).toBe(403)
      expect((await api('/users/me', { ...byToken(owner), origin, ...upgradeHeaders })).status).toBe(403)
    }
  })
})

describe('sharing', () => {
  it('with nobody is the owner’s own, even for the owner of the deployment', async () => {
    expect((await get(appHost('web'), '/', byToken(other))).status).toBe(404)
    const template = await createTemplate(
      owner,
      'of-grace',
      `${smallTemplate}\nresource "coder_app" "web" {\n  agent_id = coder_agent.main.id\n  slug = "web"\n  url = "http://localhost:${program.port}"\n  subdomain = true\n}\n`,
    )
    await createRunningWorkspace(other, template, 'hers')
    expect((await get(hostOf('web--hers--grace'), '/', byToken(owner))).status).toBe(404)
    expect((await get(hostOf('web--hers--grace'), '/', byToken(other))).status).toBe(200)
  })

  it('with whoever signed in asks to sign in', async () => {
    expect((await get(appHost('team'))).status).toBe(303)
    expect((await get(appHost('team'), '/', byToken(other))).status).toBe(200)
    const cookie = await signIn(other, appHost('team'))
    expect((await get(appHost('team'), '/', { cookie })).status).toBe(200)
  })

  it('with everybody asks nobody', async () => {
    expect((await get(appHost('open'))).text).toBe('hello from the app')
    expect((await get(appHost('open'), '/', { cookie: 'coder_session_token=x' })).status).toBe(200)
  })

  it('of a port is as its owner says', async () => {
    const host = hostOf(`${program.port}--main--main--${username}`)
    const share = (share_level: 'authenticated' | 'public', protocol: 'http' | 'https' = 'http') =>
      owner.call(workspaceSharingRoutes.sharePort, {
        params: { workspace: workspaceId },
        body: { agent_name: 'main', port: program.port, share_level, protocol },
      })
    const statuses = async () => [
      (await get(host)).status,
      (await get(host, '/', byToken(other))).status,
      (await get(host, '/', byToken(owner))).status,
    ]
    expect(await statuses()).toEqual([303, 404, 200])
    await share('authenticated')
    expect(await statuses()).toEqual([303, 200, 200])
    await share('public', 'https')
    expect(await statuses()).toEqual([303, 404, 200])
    await share('public')
    expect(await statuses()).toEqual([200, 200, 200])
    await owner.call(workspaceSharingRoutes.unsharePort, {
      params: { workspace: workspaceId },
      body: { agent_name: 'main', port: program.port },
    })
    expect(await statuses()).toEqual([303, 404, 200])
  })

  it('of ports knows which there are', async () => {
    const at = (first: string) => get(hostOf(`${first}--main--main--${username}`), '/', byToken(owner))
    expect((await at('8')).status).toBe(404)
    expect((await at('65536')).status).toBe(404)
    expect((await at(port)).status).toBe(404)
    // Nobody speaks TLS there.
    expect((await at(`${program.port}s`)).status).toBe(502)
  })
})

it('without a wildcard host there are no app hosts', async () => {
  const plain = await startTestServer()
  try {
    const client = await plain.ownerClient()
    expect(await client.call(deploymentAdminRoutes.appHost, {})).toEqual({ host: '' })
    const host = `web--main--x.localhost:${new URL(plain.url).port}`
    expect((await rawRequest(plain.url, { headers: { host } })).status).toBe(403)
    const path = `/api/v2${redirectPath(`http://${host}/`)}`
    expect((await rawRequest(plain.url + path, { headers: byToken(client) })).status).toBe(400)
  } finally {
    await plain.close()
  }
})

// Last: it stops the workspace.
it('an app of a workspace that is stopped says so to its owner', async () => {
  const cookie = await signIn(owner, appHost('web'))
  await runBuild(owner, workspaceId, 'stop')
  const answer = await get(appHost('web'), '/', { cookie })
  expect([answer.status, answer.text.includes('main is stopped')]).toEqual([400, true])
  expect((await get(appHost('team'), '/', byToken(other))).status).toBe(404)
  expect((await get(appHost('open'))).status).toBe(303)
})
