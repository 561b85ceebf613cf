import type { RoutePermission } from '../../contract/rbac.ts'
import type { RouteDefinition } from '../../contract/route.ts'
import { ApiError } from '../api-error.ts'
import { mayAct, requireMay, type Resource } from '../services/authorization.ts'
import { coversEveryTarget, type KeyAccess, scopeCovers, targetCovers } from '../services/key-access.ts'
import type { PathParams, ResourceLocator } from '../services/resource-locator.ts'
import type { Actor } from '../services/sessions.ts'
import { permissionOf } from './route-permission.ts'

/** Lists whose handlers leave out what the key does not cover, so that a narrowed key may call them. */
const FILTERED_LISTS: ReadonlySet<string> = new Set([
  '/api/v2/workspaces',
  '/api/v2/templates',
  '/api/v2/organizations/{organization}/templates',
])

function lacks(scope: string): ApiError {
  return new ApiError(403, {
    message: 'Forbidden.',
    detail: `The token used does not have the scope ${JSON.stringify(scope)}.`,
  })
}

/** A key that opens applications only is no key for the API. */
const opensApplicationsOnly = (access: KeyAccess): boolean =>
  [...access.permissions].every((pair) => pair === 'workspace:application_connect')

function requireKey(access: KeyAccess, route: RouteDefinition): RoutePermission | undefined {
  const permission = permissionOf(route)
  if (permission === 'signed-in') {
    if (opensApplicationsOnly(access)) throw lacks('coder:all')
    return undefined
  }
  if (permission === undefined) {
    if (!access.isUnrestricted) throw lacks('coder:all')
    return undefined
  }
  const { resource, actions } = permission
  if (!actions.some((action) => scopeCovers(access, resource, action))) {
    throw lacks(`${resource}:${actions[0] ?? '*'}`)
  }
  return permission
}

function requireTarget(access: KeyAccess, route: RouteDefinition, type: Resource['type'], id?: string): void {
  const isFiltered = id === undefined && route.method === 'GET' && FILTERED_LISTS.has(route.path)
  const isCovered =
    id === undefined && !isFiltered ? coversEveryTarget(access, type) : targetCovers(access, type, id)
  if (!isCovered) {
    throw new ApiError(403, {
      message: 'Forbidden.',
      detail: `The allow list of the token used does not cover this ${type}.`,
    })
  }
}

export interface RouteCall {
  readonly route: RouteDefinition
  readonly params: PathParams
  readonly actor: Actor
}

/**
 * The one place every call by a user passes: the scopes of its key, the allow list of its key, and the roles of its
 * user for what the path names. Handlers decide about what only the query or the body names.
 *
 * @throws {ApiError} 403; 404 for what the caller may not even read.
 */
export function authorizeRoute(locator: ResourceLocator, { route, params, actor }: RouteCall): void {
  const { access } = actor
  const permission = requireKey(access, route)
  if (permission === undefined) return
  const { resource: type, actions } = permission
  const located = locator.locate(type, params, actor)
  requireTarget(access, route, type, located?.id)
  // Terminals hide with a page of their own that they exist.
  if (located === undefined || route.stream === 'bytes') return
  const [first] = actions
  if (first === undefined || actions.some((action) => mayAct(actor, action, located))) return
  requireMay(actor, first, located)
}
