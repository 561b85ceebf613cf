import { describe, expect, it } from 'vitest'
import { ApiError } from '../api-error.ts'
import { type Action, mayAct, requireMay, type Resource, type ResourceType } from './authorization.ts'
import { keyAccess } from './key-access.ts'
import type { Actor } from './sessions.ts'

const ME = '11111111-1111-4111-8111-111111111111'
const OTHER = '22222222-2222-4222-8222-222222222222'
const THING = '33333333-3333-4333-8333-333333333333'

function actor(more: {
  readonly roles?: readonly string[]
  readonly organizationRoles?: readonly string[] | undefined
  readonly scopes?: readonly string[]
  readonly allowList?: readonly string[]
}): Actor {
  const roles = more.roles ?? []
  return {
    user: {
      id: ME,
      username: 'me',
      email: 'me@example.com',
      name: '',
      avatar_url: '',
      password_hash: null,
      status: 'active',
      login_type: 'password',
      roles: JSON.stringify(roles),
      created_at: 0,
      updated_at: 0,
      last_seen_at: null,
      service_account: 0,
      deleted: 0,
    },
    isOwner: roles.includes('owner'),
    roles,
    organizationRoles: 'organizationRoles' in more ? more.organizationRoles : [],
    keyId: 'key',
    access: keyAccess(more.scopes ?? ['coder:all'], more.allowList ?? ['*:*']),
  }
}

type Question = readonly [Action, Resource]
const of =
  (ownerId: string) =>
  (type: ResourceType, action: Action): Question => [action, { type, ownerId, id: THING }]
const mine = of(ME)
const theirs = of(OTHER)
const any = (type: ResourceType, action: Action): Question => [action, { type }]

/** Each question, and the people the answer is yes for. */
const table: readonly (readonly [Question, string])[] = [
  [mine('workspace', 'create'), 'owner user-admin template-admin auditor member stranger'],
  [mine('workspace', 'ssh'), 'owner user-admin template-admin auditor member stranger'],
  [mine('user', 'update_personal'), 'owner user-admin template-admin auditor member stranger'],
  [mine('user', 'delete'), 'owner user-admin'],
  [mine('user_secret', 'read'), 'owner user-admin template-admin auditor member stranger'],
  [mine('api_key', 'create'), 'owner user-admin template-admin auditor member stranger'],
  [mine('organization_member', 'read'), 'owner user-admin template-admin auditor member stranger'],
  [mine('organization_member', 'update'), 'owner user-admin'],
  [theirs('workspace', 'read'), 'owner template-admin'],
  [theirs('workspace', 'start'), 'owner'],
  [theirs('workspace', 'delete'), 'owner'],
  [theirs('user', 'read'), 'owner user-admin template-admin auditor'],
  [theirs('user', 'update'), 'owner user-admin'],
  [theirs('user', 'read_personal'), 'owner user-admin'],
  [theirs('user_secret', 'read'), ''],
  [theirs('api_key', 'read'), 'owner'],
  [theirs('organization_member', 'read'), 'owner user-admin template-admin auditor'],
  [theirs('organization_member', 'create'), 'owner user-admin'],
  [any('template', 'read'), 'owner template-admin auditor member user-admin'],
  [any('template', 'use'), 'owner template-admin auditor member user-admin'],
  [any('template', 'create'), 'owner template-admin'],
  [any('template', 'view_insights'), 'owner template-admin auditor'],
  [any('audit_log', 'read'), 'owner auditor'],
  [any('deployment_config', 'read'), 'owner auditor'],
  [any('deployment_config', 'update'), 'owner'],
  [any('deployment_stats', 'read'), 'owner auditor'],
  [any('debug_info', 'read'), 'owner'],
  [any('user', 'create'), 'owner user-admin'],
  [any('assign_role', 'read'), 'owner user-admin template-admin auditor member stranger'],
  [any('organization', 'read'), 'owner user-admin template-admin auditor member'],
]

const people: Readonly<Record<string, Actor>> = {
  owner: actor({ roles: ['owner'] }),
  'user-admin': actor({ roles: ['user-admin'] }),
  'template-admin': actor({ roles: ['template-admin'] }),
  auditor: actor({ roles: ['auditor'] }),
  member: actor({}),
  stranger: actor({ organizationRoles: undefined }),
}

describe('roles', () => {
  it.each(table)('answer %j for %s', ([action, resource], wanted) => {
    const allowed = Object.entries(people)
      .filter(([, who]) => mayAct(who, action, resource))
      .map(([name]) => name)
    expect(allowed.sort()).toEqual(wanted.split(' ').filter(Boolean).sort())
  })

  it('of the organization act within it', () => {
    const admin = actor({ organizationRoles: ['organization-admin'] })
    expect(mayAct(admin, ...theirs('workspace', 'stop'))).toBe(true)
    expect(mayAct(admin, ...theirs('workspace', 'ssh'))).toBe(false)
    expect(mayAct(admin, ...any('template', 'delete'))).toBe(true)
    expect(mayAct(admin, ...any('deployment_config', 'read'))).toBe(false)
    expect(mayAct(admin, ...any('user', 'create'))).toBe(false)
    const auditor = actor({ organizationRoles: ['organization-auditor'] })
    expect(mayAct(auditor, ...any('audit_log', 'read'))).toBe(true)
    expect(mayAct(auditor, ...any('template', 'update'))).toBe(false)
  })

  it('that are not known allow nothing', () => {
    expect(mayAct(actor({ roles: ['emperor'] }), ...theirs('workspace', 'read'))).toBe(false)
  })

  it('can take workspaces away, but not from owners', () => {
    const ban = ['organization-workspace-creation-ban']
    const banned = actor({ organizationRoles: ban })
    expect(mayAct(banned, ...mine('workspace', 'create'))).toBe(false)
    expect(mayAct(banned, ...mine('workspace', 'delete'))).toBe(false)
    expect(mayAct(banned, ...mine('workspace', 'start'))).toBe(true)
    expect(mayAct(actor({ roles: ['owner'], organizationRoles: ban }), ...mine('workspace', 'create'))).toBe(
      true,
    )
  })
})

describe('a key', () => {
  it('narrows what its user may do by its scopes', () => {
    const reader = actor({ roles: ['owner'], scopes: ['workspace:read', 'template:*'] })
    expect(mayAct(reader, ...theirs('workspace', 'read'))).toBe(true)
    expect(mayAct(reader, ...theirs('workspace', 'start'))).toBe(false)
    expect(mayAct(reader, ...any('template', 'delete'))).toBe(true)
    expect(mayAct(reader, ...any('audit_log', 'read'))).toBe(false)
    const operator = actor({ scopes: ['coder:workspaces.operate'] })
    expect(mayAct(operator, ...mine('workspace', 'stop'))).toBe(true)
    expect(mayAct(operator, ...mine('workspace', 'delete'))).toBe(false)
  })

  it('never widens it', () => {
    const hopeful = actor({ scopes: ['workspace:*', 'user:*'] })
    expect(mayAct(hopeful, ...theirs('workspace', 'read'))).toBe(false)
    expect(mayAct(hopeful, ...any('user', 'create'))).toBe(false)
  })

  it('narrows it by its allow list', () => {
    const narrow = actor({ allowList: [`workspace:${THING}`, 'template:*'] })
    expect(mayAct(narrow, ...mine('workspace', 'start'))).toBe(true)
    expect(mayAct(narrow, 'start', { type: 'workspace', ownerId: ME, id: OTHER })).toBe(false)
    expect(mayAct(narrow, ...any('template', 'read'))).toBe(true)
    expect(mayAct(narrow, ...mine('user', 'read'))).toBe(false)
    // Which one is asked later, thing by thing.
    expect(mayAct(narrow, 'read', { type: 'workspace', ownerId: ME })).toBe(true)
  })
})

describe('a refusal', () => {
  const statusOf = (who: Actor, [action, resource]: Question): number => {
    try {
      requireMay(who, action, resource)
      return 200
    } catch (error) {
      if (error instanceof ApiError) return error.status
      throw error
    }
  }

  it('is 404 for what may not even be read, else 403', () => {
    expect(statusOf(actor({}), theirs('workspace', 'start'))).toBe(404)
    expect(statusOf(actor({}), theirs('workspace', 'read'))).toBe(404)
    expect(statusOf(actor({ roles: ['template-admin'] }), theirs('workspace', 'start'))).toBe(403)
    expect(statusOf(actor({}), any('template', 'create'))).toBe(403)
    expect(statusOf(actor({ roles: ['owner'] }), theirs('workspace', 'start'))).toBe(200)
  })
})
