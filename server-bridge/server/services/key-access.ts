import { rbacActions, rbacResources } from '../../contract/rbac.ts'
import { isUuid } from '../../contract/uuid.ts'
import { badRequest } from '../api-error.ts'

/** What a key may touch: `type:id`, `*` on either side for all. */
interface AllowedTarget {
  readonly type: string
  readonly id: string
}

/** What a key allows at most; the roles of its user decide within that. */
export interface KeyAccess {
  /** Everything its user may do. */
  readonly isUnrestricted: boolean
  /** `type:action` pairs, `*` on either side for all. */
  readonly permissions: ReadonlySet<string>
  readonly targets: readonly AllowedTarget[]
}

export const FULL_SCOPE = 'coder:all'
export const APPLICATION_SCOPE = 'coder:application_connect'
export const EVERY_TARGET = '*:*'
const MAX_TARGETS = 128

const family = (type: string, ...actions: readonly string[]): string[] =>
  [...actions, '*'].map((action) => `${type}:${action}`)

/** The pairs a token may ask for; all others are for the deployment itself (stable-api, "Tokens and scopes"). */
const PAIRS: readonly string[] = [
  ...family('workspace', 'read', 'create', 'update', 'delete', 'ssh', 'start', 'stop', 'application_connect'),
  ...family('template', 'read', 'create', 'update', 'delete', 'use'),
  ...family('api_key', 'read', 'create', 'update', 'delete'),
  ...family('file', 'read', 'create'),
  ...family('user', 'read', 'read_personal', 'update_personal'),
  ...family('user_secret', 'read', 'create', 'update', 'delete'),
  ...family('user_skill', 'read', 'create', 'update', 'delete'),
  ...family('task', 'read', 'create', 'update', 'delete'),
  ...family('organization', 'read', 'update', 'delete'),
]

/** Scopes that stand for several pairs. */
const COMPOSITES: Readonly<Record<string, readonly string[]>> = {
  [FULL_SCOPE]: ['*:*'],
  [APPLICATION_SCOPE]: ['workspace:application_connect'],
  'coder:workspaces.create': [
    'template:read',
    'template:use',
    'workspace:create',
    'workspace:read',
    'workspace:update',
  ],
  'coder:workspaces.operate': [
    'template:read',
    'workspace:read',
    'workspace:update',
    'workspace:start',
    'workspace:stop',
  ],
  'coder:workspaces.delete': ['template:read', 'template:use', 'workspace:read', 'workspace:delete'],
  'coder:workspaces.access': [
    'template:read',
    'workspace:read',
    'workspace:ssh',
    'workspace:application_connect',
  ],
  'coder:templates.build': ['template:read', 'file:create', 'file:read', 'provisioner_jobs:read'],
  'coder:templates.author': [
    'template:read',
    'template:create',
    'template:update',
    'template:delete',
    'template:view_insights',
    'file:create',
    'file:read',
  ],
  'coder:apikeys.manage_self': ['api_key:read', 'api_key:create', 'api_key:update', 'api_key:delete'],
}

/** Old words for the two scopes that were there first. */
const ALIASES: Readonly<Record<string, string>> = { all: FULL_SCOPE, application_connect: APPLICATION_SCOPE }

/** Every scope a token may ask for, sorted. */
export const requestableScopes: readonly string[] = [...Object.keys(COMPOSITES), ...PAIRS].sort()

const known = new Set(requestableScopes)

/**
 * The scopes of a new token in their stored spelling: `scopes`, else the legacy `scope`, else all.
 *
 * @throws {ApiError} 400 for a scope that cannot be asked for.
 */
export function scopesOfRequest(scopes: readonly string[], legacy: string | undefined): string[] {
  const asked = scopes.length > 0 ? scopes : [legacy || FULL_SCOPE]
  const canonical = [...new Set(asked.map((scope) => ALIASES[scope] ?? scope))]
  const unknown = canonical.find((scope) => !known.has(scope))
  if (unknown !== undefined) {
    throw badRequest(
      'Failed to create API key.',
      `invalid or unsupported API key scope: ${JSON.stringify(unknown)}`,
    )
  }
  return canonical
}

/**
 * The targets of a new token, without those that a wider one covers. None given: all.
 *
 * @throws {ApiError} 400 for an entry that is not `type:uuid`, and for too many.
 */
export function allowListOfRequest(entries: readonly string[]): string[] {
  if (entries.length === 0) return [EVERY_TARGET]
  if (entries.length > MAX_TARGETS) {
    throw refusedTarget(`allow_list has ${entries.length} entries; max allowed is ${MAX_TARGETS}`)
  }
  const targets = new Set(entries.map((entry) => checkTarget(entry.trim().toLowerCase())))
  if (targets.has(EVERY_TARGET)) return [EVERY_TARGET]
  return [...targets]
    .filter((target) => {
      const wide = `${target.split(':')[0] ?? ''}:*`
      return target === wide || !targets.has(wide)
    })
    .sort()
}

function checkTarget(entry: string): string {
  const [type = '', id = '', more] = entry.split(':')
  if (type === '' || id === '' || more !== undefined) {
    throw refusedTarget(`invalid allow_list entry ${JSON.stringify(entry)}: want <type>:<id>`)
  }
  if (!rbacResources.some((resource) => resource === type)) {
    throw refusedTarget(`unknown resource type ${JSON.stringify(type)}`)
  }
  if (id !== '*' && !isUuid(id)) {
    throw refusedTarget(`invalid ${type} ID (must be UUID): ${JSON.stringify(id)}`)
  }
  return entry
}

const refusedTarget = (detail: string) => badRequest('Failed to create API key.', detail)

/** What a key's stored scopes and targets come to. */
export function keyAccess(scopes: readonly string[], allowList: readonly string[]): KeyAccess {
  const permissions = new Set(scopes.flatMap((scope) => COMPOSITES[scope] ?? [scope]))
  const targets = allowList.map((entry) => {
    const [type = '', id = ''] = entry.split(':')
    return { type, id }
  })
  return {
    permissions,
    targets,
    isUnrestricted: permissions.has('*:*') && targets.some(({ type, id }) => type === '*' && id === '*'),
  }
}

/** Whether the scopes of the key cover an action on things of a type. */
export function scopeCovers(access: KeyAccess, type: string, action: string): boolean {
  return ['*:*', `${type}:*`, `${type}:${action}`].some((pair) => access.permissions.has(pair))
}

/**
 * Whether the allow list of the key covers a thing. Without an id it only says that things of the type are not out of
 * the question: whoever lists them must ask for each.
 */
export function targetCovers(access: KeyAccess, type: string, id?: string): boolean {
  return access.targets.some(
    (target) =>
      (target.type === '*' || target.type === type) &&
      (target.id === '*' || id === undefined || target.id === id),
  )
}

/** Whether the allow list covers every thing of a type, those to come included. */
export function coversEveryTarget(access: KeyAccess, type: string): boolean {
  return access.targets.some((target) => (target.type === '*' || target.type === type) && target.id === '*')
}

/** Whether one key allows nothing that the other does not: a weak token must not make a strong one. */
export function isWithin(inner: KeyAccess, outer: KeyAccess): boolean {
  if (outer.isUnrestricted) return true
  const permissionsFit = [...inner.permissions].every((pair) => {
    const [type = '', action = ''] = pair.split(':')
    if (type === '*') return outer.permissions.has('*:*')
    if (action !== '*') return scopeCovers(outer, type, action)
    return scopeCovers(outer, type, '*') || rbacActions.every((each) => scopeCovers(outer, type, each))
  })
  const targetsFit = inner.targets.every(({ type, id }) =>
    outer.targets.some(
      (target) => (target.type === '*' || target.type === type) && (target.id === '*' || target.id === id),
    ),
  )
  return permissionsFit && targetsFit
}

/** The ids of a type that the allow list of the key names; undefined when it covers every one. */
export function listedTargets(access: KeyAccess, type: string): string[] | undefined {
  if (coversEveryTarget(access, type)) return undefined
  return access.targets.filter((target) => target.type === type).map(({ id }) => id)
}
