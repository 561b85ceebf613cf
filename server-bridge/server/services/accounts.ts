import { randomUUID } from 'node:crypto'
import type { LoginType, MinimalUser, SlimRole, User, UserStatus } from '../../contract/users.ts'
import type { Clock } from '../../lib/clock.ts'
import { nameProblem, nameRules } from '../../contract/names.ts'
import { isUuid } from '../../contract/uuid.ts'
import { ApiError, badRequest, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { mayAct } from './authorization.ts'
import type { Organizations } from './organizations.ts'
import { hashPassword, passwordProblem } from './passwords.ts'
import { findRole } from './role-catalogue.ts'
import { type Actor, rolesOf, type UserRow } from './sessions.ts'
import { toRequiredTime, toWireTime } from './wire-time.ts'

export interface NewAccount {
  readonly username: string
  /** Empty for service accounts only. */
  readonly email: string
  readonly name: string
  /** Absent: the account cannot sign in by password. */
  readonly password?: string
  readonly role: 'owner' | 'member'
  /** Further roles of the deployment. */
  readonly roles?: readonly string[]
  /** Absent: active. */
  readonly status?: UserStatus
  /** Absent: password. */
  readonly loginType?: LoginType
  readonly isServiceAccount?: boolean
}

export interface Accounts {
  hasAny(): boolean
  /** The account that owns the deployment: the first one with the owner role. */
  owner(): UserRow | undefined
  /** @throws {ApiError} 400 weak password, 409 name or email taken. */
  create(account: NewAccount): Promise<UserRow>
  /** The same for the first account; `undefined` when somebody else was first. */
  createFirst(account: NewAccount): Promise<UserRow | undefined>
  findByEmail(email: string): UserRow | undefined
  /** By id, deleted or not. @throws {ApiError} 404 */
  get(id: string): UserRow
  /** By `me`, uuid or username, whether the caller may read it or not. */
  lookUp(reference: string, actor: Actor): UserRow | undefined
  /** By `me`, uuid or username. @throws {ApiError} 404 also when not readable, 400 for what can be neither. */
  find(reference: string, actor: Actor): UserRow
  setStatus(userId: string, status: 'active' | 'dormant' | 'suspended'): void
  toWire(row: UserRow): User
  /** A page of them, in their order. */
  toWirePage(rows: readonly UserRow[]): User[]
}

/** The short form that other resources carry. */
export function toMinimalUser(row: UserRow): MinimalUser {
  return { id: row.id, username: row.username, name: row.name, avatar_url: row.avatar_url }
}

/** Roles by name, as people and members carry them. */
export function toSlimRoles(names: readonly string[], organizationId?: string): SlimRole[] {
  return names.map((name) => ({
    name,
    display_name: findRole(name)?.displayName ?? name,
    ...(organizationId === undefined ? {} : { organization_id: organizationId }),
  }))
}

function toWireUser(row: UserRow, organizationIds: ReadonlyMap<string, readonly string[]>): User {
  return {
    ...toMinimalUser(row),
    email: row.email,
    created_at: toWireTime(row.created_at),
    updated_at: toWireTime(row.updated_at),
    last_seen_at: toRequiredTime(row.last_seen_at),
    status: row.status,
    login_type: row.login_type,
    ...(row.service_account === 1 ? { is_service_account: true } : {}),
    organization_ids: [...(organizationIds.get(row.id) ?? [])],
    roles: toSlimRoles(rolesOf(row)),
    has_ai_seat: false,
  }
}

/** @throws {ApiError} 400 for a password that is too easy to guess. */
export function requireStrongPassword(password: string): void {
  const problem = passwordProblem(password)
  if (problem === undefined) return
  throw new ApiError(400, {
    message: 'Password not strong enough!',
    validations: [{ field: 'password', detail: problem }],
  })
}

function newRow(account: NewAccount, passwordHash: string | null, now: number): UserRow {
  const roles = new Set([...(account.role === 'owner' ? ['owner'] : []), ...(account.roles ?? [])])
  return {
    id: randomUUID(),
    username: account.username,
    email: account.email,
    name: account.name,
    avatar_url: '',
    password_hash: passwordHash,
    status: account.status ?? 'active',
    login_type: account.loginType ?? 'password',
    roles: JSON.stringify([...roles]),
    created_at: now,
    updated_at: now,
    last_seen_at: null,
    service_account: account.isServiceAccount === true ? 1 : 0,
    deleted: 0,
  }
}

export function createAccounts(db: Database, clock: Clock, organizations: Organizations): Accounts {
  const living = () => db.sql.selectFrom('users').selectAll().where('deleted', '=', 0)

  const insert = (row: UserRow): UserRow => {
    db.run(db.sql.insertInto('users').values(row))
    db.run(
      db.sql.insertInto('organization_members').values({
        organization_id: organizations.default().id,
        user_id: row.id,
        roles: '[]',
        created_at: row.created_at,
        updated_at: row.created_at,
      }),
    )
    return row
  }

  const hasAny = (): boolean => db.first(living().limit(1)) !== undefined

  async function create(account: NewAccount): Promise<UserRow>
  async function create(account: NewAccount, isWanted: () => boolean): Promise<UserRow | undefined>
  async function create(account: NewAccount, isWanted = () => true): Promise<UserRow | undefined> {
    const { password } = account
    if (password !== undefined) requireStrongPassword(password)
    const hash = password === undefined ? null : await hashPassword(password)
    try {
      return db.transaction(() => (isWanted() ? insert(newRow(account, hash, clock.now())) : undefined))
    } catch (error) {
      if (isUniqueViolation(error)) throw taken(account)
      throw error
    }
  }

  const taken = ({ username, email }: NewAccount): ApiError => {
    const isTaken = (column: 'username' | 'email', value: string): boolean =>
      db.first(living().where(column, '=', value)) !== undefined
    const fields = [
      ...(isTaken('username', username) ? ['username'] : []),
      ...(email !== '' && isTaken('email', email) ? ['email'] : []),
    ]
    return new ApiError(409, {
      message: 'User already exists.',
      validations: fields.map((field) => ({
        field,
        detail: 'This value is already in use and should be unique.',
      })),
    })
  }

  const lookUp = (reference: string, actor: Actor): UserRow | undefined => {
    if (reference === 'me') return actor.user
    const byId = isUuid(reference)
    return db.first(living().where(byId ? 'id' : 'username', '=', byId ? reference.toLowerCase() : reference))
  }

  return {
    hasAny,
    owner: () => db.first(living().where('roles', 'like', '%"owner"%').orderBy('created_at').limit(1)),

    create,
    // Hashing takes a while, in which another request may have made the first account.
    createFirst: (account) => create(account, () => !hasAny()),

    findByEmail: (email) => (email === '' ? undefined : db.first(living().where('email', '=', email))),

    get(id) {
      const row = db.first(db.sql.selectFrom('users').selectAll().where('id', '=', id))
      if (!row) throw notFound()
      return row
    },

    lookUp,

    find(reference, actor) {
      const isNameable = isUuid(reference) || nameProblem(nameRules.username, reference) === undefined
      if (!isNameable) throw badRequest('"user" must be an existing uuid or username.')
      const found = lookUp(reference, actor)
      if (!found) throw notFound()
      const isReadable =
        found.id === actor.user.id || mayAct(actor, 'read', { type: 'user', id: found.id, ownerId: found.id })
      if (!isReadable) throw notFound()
      return found
    },

    setStatus(userId, status) {
      db.run(db.sql.updateTable('users').set({ status, updated_at: clock.now() }).where('id', '=', userId))
    },

    toWire: (row) => toWireUser(row, organizations.idsByUser([row.id])),
    toWirePage(rows) {
      const organizationIds = organizations.idsByUser(rows.map(({ id }) => id))
      return rows.map((row) => toWireUser(row, organizationIds))
    },
  }
}
