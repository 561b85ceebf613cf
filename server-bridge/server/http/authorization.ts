import {
  type AssignableRoles,
  type AuthorizationObject,
  authorizationRoutes,
  type Permission,
} from '../../contract/authorization.ts'
import { type RbacAction, rbacActions, type RbacResource, rbacResources } from '../../contract/rbac.ts'
import { ApiError } from '../api-error.ts'
import { mayAct, type Resource } from '../services/authorization.ts'
import type { Organizations } from '../services/organizations.ts'
import type { ResourceLocator } from '../services/resource-locator.ts'
import { type BuiltInRole, organizationRoles, siteRoles } from '../services/role-catalogue.ts'
import { mayAssign } from '../services/role-changes.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

export interface AuthorizationHandlerDeps {
  readonly organizations: Organizations
  readonly locator: ResourceLocator
}

/** Which placeholder of a path names a resource of the type. */
const PARAMS: Partial<Readonly<Record<RbacResource, string>>> = {
  workspace: 'workspace',
  template: 'template',
  user: 'user',
}

function permissionsOf(role: BuiltInRole): Permission[] {
  return Object.entries(role.grants).flatMap(([resource, granted]): Permission[] => {
    const actions: readonly string[] = resource === '*' ? ['*'] : granted
    return actions.map((action) => ({ negate: false, resource_type: resource, action }))
  })
}

function toWire(role: BuiltInRole, actor: Actor, organizationId?: string): AssignableRoles {
  const permissions = permissionsOf(role)
  return {
    name: role.name,
    display_name: role.displayName,
    ...(organizationId === undefined ? {} : { organization_id: organizationId }),
    site_permissions: organizationId === undefined ? permissions : [],
    user_permissions: [],
    organization_permissions: organizationId === undefined ? [] : permissions,
    organization_member_permissions: [],
    assignable: mayAssign(actor, role.name),
    built_in: true,
  }
}

/** What callers may do, and what roles there are. */
export function authorizationHandlers({ organizations, locator }: AuthorizationHandlerDeps) {
  /** Whether an object is there and whose it is, where an id is given; else what the question says of it. */
  const resourceOf = (object: AuthorizationObject, actor: Actor): Resource | undefined => {
    const type = rbacResources.find((known) => known === object.resource_type)
    if (type === undefined) return undefined
    const { resource_id: id, owner_id: owner } = object
    const param = PARAMS[type]
    if (id && param !== undefined) return locator.locate(type, { [param]: id }, actor)
    const ownerId = owner === 'me' ? actor.user.id : owner
    return { type, ...(ownerId ? { ownerId } : {}), ...(id ? { id } : {}) }
  }
  return bound(authorizationRoutes, {
    check({ body, actor }) {
      const answers = Object.entries(body.checks).map(([name, { object, action }]) => {
        if (object.resource_type === '') {
          throw new ApiError(400, {
            message: `Object's "resource_type" field must be defined for key ${JSON.stringify(name)}.`,
          })
        }
        const known: RbacAction | undefined = rbacActions.find((each) => each === action)
        const resource = resourceOf(object, actor)
        return [name, known !== undefined && resource !== undefined && mayAct(actor, known, resource)]
      })
      return Object.fromEntries(answers) as Record<string, boolean>
    },
    siteRoles: ({ actor }) => siteRoles.map((role) => toWire(role, actor)),
    organizationRoles({ params, actor }) {
      const { id } = organizations.find(params.organization, actor)
      return organizationRoles.map((role) => toWire(role, actor, id))
    },
  })
}
