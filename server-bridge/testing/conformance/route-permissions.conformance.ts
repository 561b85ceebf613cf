import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { fillPath, type RouteDefinition } from '../../contract/route.ts'
import { permissionOf } from '../../server/http/route-permission.ts'
import { requestableScopes } from '../../server/services/key-access.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let routes: readonly RouteDefinition[]
const tokens = new Map<string, string>()

/** A token of the owner, so that only its scopes can stand in the way. */
async function tokenWith(scope: string): Promise<string> {
  const known = tokens.get(scope)
  if (known !== undefined) return known
  const owner = await server.ownerClient()
  const { key } = await owner.call(apiKeysRoutes.createToken, {
    params: { user: 'me' },
    body: { scopes: [scope] },
  })
  tokens.set(scope, key)
  return key
}

/** Calls a route about things that do not exist. */
async function call(route: RouteDefinition, token: string) {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const missing = '00000000-0000-4000-8000-00000000abcd'
  const path = fillPath(route.path, Object.fromEntries(names.map((name) => [name, missing])))
  return rawRequest(server.url + path, {
    method: route.method,
    headers: { 'coder-session-token': token },
    ...(route.body ? { body: '{}' } : {}),
  })
}

const nameOf = (route: RouteDefinition): string => `${route.method} ${route.path}`

beforeAll(async () => {
  server = await startTestServer()
  routes = server.deployment.routes.filter((route) => route.auth === 'user')
})
afterAll(() => server.close())

describe('every route for users', () => {
  it('says what a key must allow', () => {
    expect(routes.length).toBeGreaterThan(50)
    expect(routes.filter((route) => permissionOf(route) === undefined).map(nameOf)).toEqual([])
  })

  it('is closed to keys that open applications only, but for application paths', async () => {
    const token = await tokenWith('coder:application_connect')
    for (const route of routes) {
      const permission = permissionOf(route)
      const isForApplications =
        typeof permission === 'object' && permission.actions.includes('application_connect')
      if (isForApplications) continue
      const { status, json } = await call(route, token)
      expect([nameOf(route), status]).toEqual([nameOf(route), 403])
      expect(json().detail).toMatch(/scope/)
    }
  })

  it('is closed to keys for something else, and open to keys for it', async () => {
    for (const route of routes) {
      const permission = permissionOf(route)
      if (typeof permission !== 'object') continue
      const { resource, actions } = permission
      const other = resource === 'file' ? 'user_skill:read' : 'file:create'
      const refused = await call(route, await tokenWith(other))
      expect([nameOf(route), refused.status, refused.json().detail]).toEqual([
        nameOf(route),
        403,
        expect.stringContaining(`"${resource}:${actions[0] ?? ''}"`),
      ])
      const scope = `${resource}:${actions[0] ?? ''}`
      if (!requestableScopes.includes(scope)) continue
      const { text } = await call(route, await tokenWith(scope))
      expect([nameOf(route), text]).toEqual([nameOf(route), expect.not.stringContaining('the scope')])
    }
  })

  it('that changes something is not open to keys that may read only', async () => {
    const token = await tokenWith('workspace:read')
    const writing = routes.filter((route) => route.method !== 'GET')
    expect(writing.length).toBeGreaterThan(20)
    for (const route of writing) {
      if (permissionOf(route) === 'signed-in') continue
      expect([nameOf(route), (await call(route, token)).status]).toEqual([nameOf(route), 403])
    }
  })
})

describe('a route that is new and says nothing', () => {
  const route = { method: 'GET', path: '/api/v2/never-heard-of' } as const

  it('is known as such', () => {
    expect(permissionOf(route)).toBeUndefined()
    expect(permissionOf({ ...route, permission: 'signed-in' })).toBe('signed-in')
  })
})
