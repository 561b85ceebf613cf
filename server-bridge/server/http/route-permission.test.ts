import { describe, expect, it } from 'vitest'
import type { HttpMethod } from '../../contract/route.ts'
import { permissionOf } from './route-permission.ts'

const words = (method: HttpMethod, path: string): string => {
  const permission = permissionOf({ method, path })
  if (permission === undefined || permission === 'signed-in') return String(permission)
  return `${permission.resource}:${permission.actions.join('|')}`
}

const table: readonly (readonly [HttpMethod, string, string])[] = [
  ['GET', '/api/v2/experiments', 'signed-in'],
  ['POST', '/api/v2/users/logout', 'signed-in'],
  ['GET', '/api/v2/users', 'user:read'],
  ['POST', '/api/v2/users', 'user:create'],
  ['GET', '/api/v2/users/{user}', 'user:read|read_personal'],
  ['DELETE', '/api/v2/users/{user}', 'user:delete'],
  ['PUT', '/api/v2/users/{user}/password', 'user:update_personal'],
  ['PUT', '/api/v2/users/{user}/status/suspend', 'user:update'],
  ['GET', '/api/v2/users/{user}/gitsshkey', 'user:read_personal'],
  ['POST', '/api/v2/users/{user}/keys/tokens', 'api_key:create'],
  ['PUT', '/api/v2/users/{user}/keys/{keyid}/expire', 'api_key:update'],
  ['DELETE', '/api/v2/users/{user}/secrets/{name}', 'user_secret:delete'],
  ['GET', '/api/v2/users/{user}/workspace/{workspacename}', 'workspace:read'],
  ['POST', '/api/v2/users/{user}/workspaces', 'workspace:create'],
  ['POST', '/api/v2/organizations/{organization}/members/{user}/workspaces', 'workspace:create'],
  ['PUT', '/api/v2/organizations/{organization}/members/{user}/roles', 'organization_member:update'],
  ['GET', '/api/v2/organizations/{organization}/members/roles', 'assign_org_role:read'],
  ['POST', '/api/v2/organizations/{organization}/templateversions', 'template:create'],
  ['PATCH', '/api/v2/templates/{template}/versions', 'template:update'],
  ['POST', '/api/v2/templateversions/{templateversion}/archive', 'template:update'],
  ['POST', '/api/v2/templateversions/{templateversion}/dry-run', 'workspace:create'],
  ['POST', '/api/v2/templateversions/{templateversion}/dynamic-parameters/evaluate', 'template:read'],
  ['POST', '/api/v2/files', 'file:create'],
  ['POST', '/api/v2/workspaces/{workspace}/builds', 'workspace:start|stop|delete'],
  ['GET', '/api/v2/workspaces/{workspace}/builds', 'workspace:read'],
  ['DELETE', '/api/v2/workspaces/{workspace}/favorite', 'workspace:update'],
  ['PATCH', '/api/v2/workspacebuilds/{workspacebuild}/cancel', 'workspace:update'],
  ['GET', '/api/v2/workspaceagents/{workspaceagent}/logs', 'workspace:read'],
  ['GET', '/api/v2/workspaceagents/{workspaceagent}/pty', 'workspace:ssh'],
  ['GET', '/api/experimental/workspaceagents/{workspaceagent}/ssh', 'workspace:ssh'],
  [
    'POST',
    '/api/experimental/workspaceagents/{workspaceagent}/apps/{app}/session',
    'workspace:application_connect',
  ],
  ['GET', '/api/v2/audit', 'audit_log:read'],
  ['PUT', '/api/v2/debug/health/settings', 'deployment_config:update'],
  ['GET', '/api/v2/never-heard-of', 'undefined'],
  ['GET', '/api/v2/usersomething', 'undefined'],
]

describe('what a path asks of a key', () => {
  it.each(table)('%s %s: %s', (method, path, wanted) => {
    expect(words(method, path)).toBe(wanted)
  })

  it('is what the route says, where it says something', () => {
    const permission = { resource: 'chat', actions: ['read'] } as const
    expect(permissionOf({ method: 'GET', path: '/api/v2/users', permission })).toBe(permission)
  })
})
