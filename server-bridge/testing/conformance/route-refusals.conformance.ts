/** What every route answers to somebody it does not know, to what is not there, and to what cannot be read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { responseSchema } from '../../contract/response.ts'
import { fillPath, type RouteDefinition } from '../../contract/route.ts'
import { UUID_PARAMS } from '../../server/http/bind-routes.ts'
import { rawRequest, type RawAnswer } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let routes: readonly RouteDefinition[]
let owner: string

beforeAll(async () => {
  server = await startTestServer()
  routes = server.deployment.routes
  owner = await server.deployment.mintOwnerSession('Ada Lovelace')
})
afterAll(() => server.close())

const missing = '00000000-0000-4000-8000-00000000abcd'
const nameOf = (route: RouteDefinition): string => `${route.method} ${route.path}`
const namesIn = (route: RouteDefinition): readonly string[] =>
  [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
/** Bodies that would do, where an empty one does not. */
const BODIES: Readonly<Record<string, string>> = {
  'POST /api/v2/users/{user}/convert-login': '{"to_type":"oidc","password":"x"}',
  'POST /api/v2/users/{user}/secrets/batch': '{"format":"env","content":"A=b"}',
  'PUT /api/v2/users/{user}/appearance': '{"theme_preference":"dark","terminal_font":"fira-code"}',
  'POST /api/v2/organizations/{organization}/members/{user}/workspaces': `{"template_id":"${missing}","name":"x"}`,
}
const QUERIES: Readonly<Record<string, string>> = {
  'GET /api/v2/users/{user}/autofill-parameters': `?template_id=${missing}`,
}
/** Every answer of these is one refusal: what only a licence has, and what has moved. */
const isClosed = ({ status }: RouteDefinition): boolean => status >= 400

interface Given {
  readonly id?: string
  readonly token?: string
  readonly body?: string
  readonly query?: string
  /** About the caller, instead of something that is not there. */
  readonly known?: boolean
}

function call(route: RouteDefinition, given: Given): Promise<RawAnswer> {
  const { id = missing, token, body, query = '', known = false } = given
  const names = Object.fromEntries(namesIn(route).map((name) => [name, id]))
  const own = known ? { user: 'me', organization: 'default' } : {}
  const path = fillPath(route.path, { ...names, buildnumber: '7', ...own })
  return rawRequest(server.url + path + query, {
    method: route.method,
    headers: token === undefined ? {} : { 'coder-session-token': token },
    ...(body === undefined ? {} : { body }),
  })
}

/** Calls every route in the same way. @returns what is wrong with the answers: another status, one unnamed, no words. */
async function complaints(
  of: readonly RouteDefinition[],
  given: (route: RouteDefinition) => Given,
  wanted: (route: RouteDefinition) => readonly number[],
): Promise<string[]> {
  const found: string[] = []
  for (const route of of) {
    const { status, json } = await call(route, given(route))
    const complain = (what: string): void => void found.push(`${nameOf(route)}: ${status} ${what}`)
    if (!wanted(route).includes(status)) complain(`instead of ${wanted(route).join(' or ')}`)
    else if (status !== route.status && !route.errors.includes(status))
      complain('is not named by its contract')
    else if (!responseSchema.safeParse(json()).success) complain('is not in the form of refusals')
  }
  return found
}

describe('every route', () => {
  it.each([
    ['nothing', {}],
    ['an unknown token', { token: 'abcdefghij-0123456789012345678901' }],
    ['what is no token', { token: 'no token at all' }],
  ])('asks who is there of somebody with %s', async (_, given) => {
    const closed = routes.filter(({ auth }) => auth !== 'none')
    expect(closed.length).toBeGreaterThan(150)
    // A terminal is opened by page address, where "not signed in" must not tell what exists.
    const wanted = (route: RouteDefinition) => [route.stream === 'bytes' ? 404 : 401]
    expect(await complaints(closed, () => given, wanted)).toEqual([])
  })

  it('about something knows nothing of what is not there', async () => {
    const about = routes.filter(
      (route) => route.auth === 'user' && namesIn(route).length > 0 && route.errors.includes(404),
    )
    expect(about.length).toBeGreaterThan(100)
    const given = (route: RouteDefinition) => ({
      token: owner,
      query: QUERIES[nameOf(route)] ?? '',
      ...(route.body ? { body: BODIES[nameOf(route)] ?? '{}' } : {}),
    })
    // Whether query and body can be read may be seen first.
    const wanted = (route: RouteDefinition) =>
      route.query || (route.body && BODIES[nameOf(route)] === undefined) ? [400, 404] : [404]
    expect(await complaints(about, given, wanted)).toEqual([])
  })

  it('that is closed to everybody says so', async () => {
    const closed = routes.filter((route) => route.auth === 'user' && isClosed(route))
    expect(closed.length).toBeGreaterThan(50)
    expect(
      await complaints(
        closed,
        () => ({ token: owner }),
        ({ status }) => [status],
      ),
    ).toEqual([])
  })

  it('about something that has a uuid refuses what is none', async () => {
    const about = routes.filter(
      (route) =>
        route.auth === 'user' && !isClosed(route) && namesIn(route).some((name) => UUID_PARAMS.has(name)),
    )
    expect(about.length).toBeGreaterThan(80)
    expect(
      await complaints(
        about,
        () => ({ token: owner, id: 'none' }),
        () => [400],
      ),
    ).toEqual([])
  })

  it('with a query refuses values that are none', async () => {
    const asking = routes.filter(
      ({ auth, query, path, errors }) =>
        auth === 'user' &&
        query &&
        errors.includes(400) &&
        !/\{(?!user|organization|workspacename)/.test(path),
    )
    expect(asking.length).toBeGreaterThan(20)
    // No number, no choice, no time, no uuid, and no term of any search.
    const query = (route: RouteDefinition) =>
      `?${Object.keys((route.query as z.ZodObject).shape)
        .map((key) => `${key}=no:such!value`)
        .join('&')}`
    const given = (route: RouteDefinition) => ({ token: owner, known: true, query: query(route) })
    expect(await complaints(asking, given, () => [400])).toEqual([])
  })

  it('with a body refuses one that is none', async () => {
    const reading = routes.filter((route) => route.auth !== 'agent' && route.body)
    expect(reading.length).toBeGreaterThan(50)
    for (const body of ['{', '[]', '"text"', '\u0000']) {
      const wanted = ({ errors }: RouteDefinition) => errors.filter((status) => status < 500)
      expect(await complaints(reading, () => ({ token: owner, body }), wanted)).toEqual([])
    }
  })
})
