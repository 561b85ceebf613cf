import { networkInterfaces } from 'node:os'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let token: string

beforeAll(async () => {
  server = await startTestServer({ disableRateLimits: false })
  token = await server.deployment.mintOwnerSession('Ada Lovelace')
})
afterAll(() => server.close())

const api = (path: string): string => `${server.url}/api/v2${path}`
const signedIn = (more: Record<string, string> = {}): Record<string, string> => ({
  'coder-session-token': token,
  ...more,
})

describe('every answer', () => {
  it('names the version, the request and its type', async () => {
    for (const path of ['/api/v2/buildinfo', '/api/v2/nothing', '/healthz', '/']) {
      const { headers } = await rawRequest(server.url + path)
      expect(headers['x-coder-build-version']).toMatch(/^v2\./)
      expect(headers['x-coder-request-id']).toMatch(/^[0-9a-f-]{36}$/)
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it('is one line of JSON with markup escaped', async () => {
    const { text, headers } = await rawRequest(api('/users/me/workspace/%3Cscript%3E%26/builds/x'), {
      headers: signedIn(),
    })
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(text).toMatch(/^\{.*\}\n$/)
    expect(text).not.toContain('<')
  })

  it('folds redundant slashes and accepts one at the end', async () => {
    expect((await rawRequest(`${server.url}//api//v2/buildinfo/`)).status).toBe(200)
  })

  it('says that an unknown route is not there', async () => {
    const { status, json } = await rawRequest(api('/does-not-exist'))
    expect([status, json()]).toEqual([404, { message: 'Route not found.' }])
  })
})

describe('the listener', () => {
  it('is not reachable on another interface of the machine', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((entry) => entry?.internal === false && entry.family === 'IPv4')
    for (const entry of others) {
      const refused = await new Promise<boolean>((resolve) => {
        const socket = connect(Number(new URL(server.url).port), entry!.address)
        socket.once('connect', () => {
          socket.destroy()
          resolve(false)
        })
        socket.once('error', () => resolve(true))
      })
      expect(refused).toBe(true)
    }
  })

  it('refuses a foreign host name, as DNS rebinding brings it', async () => {
    const { port } = new URL(server.url)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `127.0.0.1.evil.example:${port}`,
    ]) {
      const { status } = await rawRequest(api('/users/me'), { headers: signedIn({ host }) })
      expect([host, status]).toEqual([host, 403])
    }
    const own = await rawRequest(api('/users/me'), { headers: signedIn({ host: `localhost:${port}` }) })
    expect(own.status).toBe(200)
  })

  it('refuses pages of another origin, and gives no origin leave to read', async () => {
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1']) {
      const { status, headers } = await rawRequest(api('/users/me'), { headers: signedIn({ origin }) })
      expect([origin, status]).toEqual([origin, 403])
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
    expect((await rawRequest(api('/users/me'), { headers: signedIn({ origin: server.url }) })).status).toBe(
      200,
    )
  })

  it('checks host and origin of sockets before they open', async () => {
    const path = api('/workspaceagents/00000000-0000-4000-8000-000000000000/logs?follow')
    const forged = [{ host: 'evil.example' }, { origin: 'http://evil.example' }]
    for (const headers of forged) {
      const { status } = await rawRequest(path, { headers: signedIn({ ...upgradeHeaders, ...headers }) })
      expect(status).toBe(403)
    }
  })
})

describe('credentials', () => {
  const whoAmI = async (path: string, headers: Record<string, string>): Promise<number> =>
    (await rawRequest(api(path), { headers })).status

  it('are found in each of the five places', async () => {
    expect(await whoAmI('/users/me', { cookie: `a=b; coder_session_token=${token}` })).toBe(200)
    expect(await whoAmI(`/users/me?coder_session_token=${token}`, {})).toBe(200)
    expect(await whoAmI('/users/me', { 'coder-session-token': token })).toBe(200)
    expect(await whoAmI('/users/me', { authorization: `Bearer ${token}` })).toBe(200)
    expect(await whoAmI(`/users/me?access_token=${token}`, {})).toBe(200)
  })

  it('in an earlier place win, even when they are stale', async () => {
    const stale = 'aaaaaaaaaa-bbbbbbbbbbbbbbbbbbbbbb'
    expect(await whoAmI('/users/me', signedIn({ cookie: `coder_session_token=${stale}` }))).toBe(401)
    expect(await whoAmI('/users/me', signedIn({ authorization: `Bearer ${stale}` }))).toBe(200)
  })

  it('that are missing, malformed or unknown get one message with the reason in the detail', async () => {
    const cases: [Record<string, string>, RegExp][] = [
      [{}, /must be provided/],
      [{ 'coder-session-token': 'nonsense' }, /format is invalid/],
      [{ 'coder-session-token': `${token.slice(0, 11)}AAAAAAAAAAAAAAAAAAAAAA` }, /is invalid/],
    ]
    for (const [headers, detail] of cases) {
      const answer = await rawRequest(api('/users/me'), { headers })
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="coder"/)
      expect(answer.json().message).toMatch(/signed out/)
      expect(answer.json().detail).toMatch(detail)
    }
  })

  it('have a message of their own on agent paths, and none on terminals', async () => {
    const agent = '/workspaceagents/00000000-0000-4000-8000-000000000000'
    expect((await rawRequest(api(agent))).json().message).toMatch(/^API key or external proxy/)
    const pty = await rawRequest(api(`${agent}/pty?reconnect=${crypto.randomUUID()}`), {
      headers: upgradeHeaders,
    })
    expect(pty.status).toBe(404)
  })
})

describe('a request signed by the cookie alone', () => {
  const logout = (headers: Record<string, string>) =>
    rawRequest(api('/users/me/keys'), {
      method: 'POST',
      headers: { cookie: `coder_session_token=${token}`, ...headers },
    })

  it('is refused as forged unless it repeats the token', async () => {
    const forged = await logout({})
    expect([forged.status, forged.headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8'])
    expect((await logout({ 'coder-session-token': token })).status).toBe(201)
    expect((await logout({ authorization: `Bearer ${token}` })).status).toBe(201)
  })

  it('may read', async () => {
    const { status } = await rawRequest(api('/users/me'), {
      headers: { cookie: `coder_session_token=${token}` },
    })
    expect(status).toBe(200)
  })
})

describe('another spelling of a path', () => {
  const call = (target: string, headers: Record<string, string>, method = 'GET') =>
    rawRequest(server.url, {
      target,
      method,
      headers: { cookie: `coder_session_token=${token}`, ...headers },
    })
  const page = { 'sec-fetch-site': 'same-origin' }
  const watch = '/notifications/inbox/watch'

  /** Ways to write a path of the API that lead there. */
  const same: ((path: string) => string)[] = [
    (path) => `/api/v2${path}`,
    (path) => `//api/v2${path}`,
    (path) => `/api//v2${path}`,
    (path) => `/api/v2/${path}`,
    (path) => `/api/v2${path}/`,
    (path) => `/./api/v2${path}`,
    (path) => `/x/../api/v2${path}`,
    (path) => `/%2e/api/v2${path}`,
  ]
  it.each(same.map((spell) => [spell('/…'), spell] as const))(
    '%s is checked as the path it is',
    async (_, spell) => {
      expect((await call(spell('/users/me'), {})).status).toBe(200)
      expect((await call(spell('/users/me'), page)).status).toBe(403)
      expect((await call(spell('/users/me/keys'), {}, 'POST')).status).toBe(400)
      expect((await call(spell(watch), upgradeHeaders)).status).toBe(101)
      expect((await call(spell(watch), { ...upgradeHeaders, ...page })).status).toBe(403)
    },
  )

  const other: ((path: string) => string)[] = [
    (path) => `//127.0.0.1//api/v2${path}`,
    (path) => `//127.0.0.1/api/v2${path}`,
    (path) => `/%61pi/v2${path}`,
  ]
  it.each(other.map((spell) => [spell('/…'), spell] as const))('%s is another path', async (_, spell) => {
    expect((await call(spell('/users/me'), page)).status).toBe(404)
    expect((await call(spell('/users/me'), {})).status).toBe(404)
    expect((await call(spell('/users/me/keys'), {}, 'POST')).status).toBe(404)
    expect((await call(spell(watch), { ...upgradeHeaders, ...page })).status).toBe(404)
    expect((await call(spell(watch), upgradeHeaders)).status).toBe(404)
  })

  it('with a backslash is refused, or checked as the slash it stands for', async () => {
    for (const target of ['/\\api/v2', '/api\\v2', '/\\127.0.0.1/../api/v2']) {
      expect((await call(`${target}/users/me`, page)).status).toBe(400)
      expect((await call(`${target}/users/me/keys`, {}, 'POST')).status).toBe(400)
      expect((await call(`${target}${watch}`, { ...upgradeHeaders, ...page })).status).toBe(403)
    }
  })
})

describe('bodies', () => {
  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    rawRequest(api(path), { method: 'POST', headers: signedIn(headers), body })

  it('that are no JSON or have wrong types are named as such', async () => {
    for (const body of ['{', '{"lifetime": "long"}']) {
      const { status, json } = await post('/users/me/keys/tokens', body)
      expect([status, json().message]).toEqual([400, 'Request body must be valid JSON.'])
      expect(json().detail).toBeTruthy()
    }
  })

  it('that break a rule name the field and the rule', async () => {
    const { status, json } = await post('/users/me/workspaces', JSON.stringify({ name: 'not ok' }))
    expect([status, json().message]).toEqual([400, 'Validation failed.'])
    expect(json().validations).toContainEqual({
      field: 'name',
      detail: 'Validation failed for tag "workspace_name" with value: "not ok"',
    })
    expect(json().validations.map((entry: { field: string }) => entry.field)).toEqual(
      expect.arrayContaining(['template_id', 'template_version_id']),
    )
  })

  it('may be up to 4 MiB, and files up to 100 MiB', async () => {
    const big = await post('/users/me/keys/tokens', `{"token_name":"${'x'.repeat(4 * 1024 * 1024)}"}`)
    expect([big.status, big.json()]).toEqual([413, { message: 'Request body too large.' }])
    const announced = await post('/files', '', {
      'content-type': 'application/x-tar',
      'content-length': String(101 * 1024 * 1024),
    })
    expect([announced.status, announced.json()]).toEqual([413, { message: 'Request body too large.' }])
  })

  it('are read whatever their content type', async () => {
    const { status } = await post('/users/me/keys/tokens', '{"token_name":"typed"}', {
      'content-type': 'text/plain',
    })
    expect(status).toBe(201)
  })
})

describe('queries', () => {
  it('with bad values name the key', async () => {
    const { status, json } = await rawRequest(api('/workspaces?limit=-1'), { headers: signedIn() })
    expect([status, json().message]).toEqual([400, 'Query parameters have invalid values.'])
    expect(json().validations[0].field).toBe('limit')
  })

  it('and paths with a bad uuid say so', async () => {
    const { status, json } = await rawRequest(api('/workspaces/nonsense'), { headers: signedIn() })
    expect([status, json().message]).toEqual([400, 'Invalid UUID "nonsense".'])
  })
})

describe('socket paths', () => {
  it('ask for an upgrade when called plainly', async () => {
    const version = (await rawRequest(api('/templateversions/nope'), { headers: signedIn() })).status
    expect(version).toBe(400)
    const { json } = await rawRequest(api('/workspaces'), { headers: signedIn() })
    expect(json().count).toBe(0)
    const missing = await rawRequest(api('/workspaces/00000000-0000-4000-8000-000000000000/watch-ws'), {
      headers: signedIn(upgradeHeaders),
    })
    expect(missing.status).toBe(404)
    expect(missing.headers['x-coder-build-version']).toBeTruthy()
  })
})

describe('the rate limits', () => {
  it('stop a flood of sign-ins and tell when to try again', async () => {
    const login = (): ReturnType<typeof rawRequest> =>
      rawRequest(api('/users/login'), { method: 'POST', body: '{"email":"x","password":"y"}' })
    let answer = await login()
    expect(answer.headers['x-ratelimit-limit']).toBe('60')
    for (let tries = 0; tries < 130 && answer.status !== 429; tries += 1) answer = await login()
    expect(answer.status).toBe(429)
    expect(answer.json().message).toMatch(/60 requests in 1m0s/)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(answer.headers['x-ratelimit-remaining']).toBe('0')
  })

  it('count every spelling of a path together', async () => {
    const remaining = async (target: string): Promise<number> => {
      const body = '{"email":"x","password":"y","to_type":""}'
      const headers = signedIn()
      const answer = await rawRequest(server.url, { target, method: 'POST', body, headers })
      return Number(answer.headers['x-ratelimit-remaining'])
    }
    const first = await remaining('/api/v2/users/me/convert-login')
    const others = [
      '//api/v2/users/me/convert-login',
      '/api//v2/users/me/convert-login/',
      '/api/v2/users/%6de/convert-login',
    ]
    for (const [index, target] of others.entries())
      expect([target, await remaining(target)]).toEqual([target, first - index - 1])
  })

  it('are counted for each path and each person', async () => {
    const ask = (path: string, from: string): ReturnType<typeof rawRequest> =>
      rawRequest(api(path), { headers: { 'coder-session-token': from } })
    const other = await server.deployment.mintOwnerSession('Ada Lovelace')
    const first = Number((await ask('/experiments', token)).headers['x-ratelimit-remaining'])
    expect((await ask('/experiments', token)).headers).toMatchObject({
      'x-ratelimit-limit': '512',
      'x-ratelimit-remaining': String(first - 1),
    })
    // The same person by another key.
    expect((await ask('/experiments', other)).headers['x-ratelimit-remaining']).toBe(String(first - 2))
    expect((await ask('/organizations', token)).headers['x-ratelimit-remaining']).toBe('511')
  })

  it('stop a flood of calls and of uploads', async () => {
    const flood = async (limit: number, call: () => ReturnType<typeof rawRequest>): Promise<void> => {
      const answers = []
      // The window slides, so a slow machine needs a few more calls than the limit.
      for (let tries = 0; tries < 3 * limit && answers.at(-1)?.status !== 429; tries += 1) {
        answers.push(await call())
      }
      const refused = answers.at(-1)!
      expect(refused.status).toBe(429)
      expect(refused.headers).toMatchObject({
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': '0',
        'retry-after': '60',
      })
      expect(refused.json().message).toContain(`more than ${String(limit)} requests`)
      // An earlier test may have called the same path.
      expect(answers.length).toBeGreaterThanOrEqual(limit)
    }
    await flood(12, () =>
      rawRequest(api('/files'), {
        method: 'POST',
        headers: signedIn({ 'content-type': 'text/plain' }),
        body: '',
      }),
    )
    await flood(512, () => rawRequest(api('/deployment/ssh'), { headers: signedIn() }))
  })

  it('can be passed over by owners only', async () => {
    const bypass = { 'x-coder-bypass-ratelimit': 'true' }
    expect((await rawRequest(api('/users/me'), { headers: signedIn(bypass) })).status).toBe(200)
    expect((await rawRequest(api('/buildinfo'), { headers: bypass })).status).toBe(428)
  })
})
