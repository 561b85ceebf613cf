import { randomUUID } from 'node:crypto'
import type { MinimalUser, User } from '../../contract/users.ts'
import type { Clock } from '../../lib/clock.ts'
import { nameProblem, nameRules } from '../../contract/names.ts'
import { ApiError, badRequest, nameTaken, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import type { Organizations } from './organizations.ts'
import { hashPassword, passwordProblem } from './passwords.ts'
import type { Actor, UserRow } from './sessions.ts'
import { toRequiredTime, toWireTime } from './wire-time.ts'

export interface NewAccount {
  readonly username: string
  readonly email: string
  readonly name: string
  /** Absent: the account cannot sign in by password. */
  readonly password?: string
  readonly role: 'owner' | 'member'
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
  /** By `me`, uuid or username. @throws {ApiError} 404 also when not readable, 400 for what can be neither. */
  find(reference: string, actor: Actor): UserRow
  setStatus(userId: string, status: 'active' | 'dormant' | 'suspended'): void
  toWire(row: UserRow): User
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The short form that other resources carry. */
export function toMinimalUser(row: UserRow): MinimalUser {
  return { id: row.id, username: row.username, name: row.name, avatar_url: row.avatar_url }
}

export function createAccounts(db: Database, clock: Clock, organizations: Organizations): Accounts {
  const insert = (account: NewAccount, passwordHash: string | null): UserRow => {
    const now = clock.now()
    const row: UserRow = {
      id: randomUUID(),
      username: account.username,
      email: account.email,
      name: account.name,
      avatar_url: '',
      password_hash: passwordHash,
      status: 'active',
      login_type: 'password',
      roles: JSON.stringify(account.role === 'owner' ? ['owner'] : []),
      created_at: now,
      updated_at: now,
      last_seen_at: null,
    }
    db.run(db.sql.insertInto('users').values(row))
    db.run(
      db.sql.insertInto('organization_members').values({
        organization_id: organizations.default().id,
        user_id: row.id,
        roles: '[]',
        created_at: now,
      }),
    )
    return row
  }

  const hasAny = (): boolean => db.first(db.sql.selectFrom('users').select('id').limit(1)) !== undefined

  async function create(account: NewAccount): Promise<UserRow>
  async function create(account: NewAccount, isWanted: () => boolean): Promise<UserRow | undefined>
  async function create(account: NewAccount, isWanted = () => true): Promise<UserRow | undefined> {
    const problem = account.password === undefined ? undefined : passwordProblem(account.password)
    if (problem !== undefined) {
      throw new ApiError(400, {
        message: 'Password not strong enough!',
        validations: [{ field: 'password', detail: problem }],
      })
    }
    const hash = account.password === undefined ? null : await hashPassword(account.password)
    try {
      return db.transaction(() => (isWanted() ? insert(account, hash) : undefined))
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken('User already exists.', 'username')
      throw error
    }
  }

  return {
    hasAny,
    owner: () =>
      db.first(
        db.sql
          .selectFrom('users')
          .selectAll()
          .where('roles', 'like', '%"owner"%')
          .orderBy('created_at')
          .limit(1),
      ),

    create,
    // Hashing takes a while, in which another request may have made the first account.
    createFirst: (account) => create(account, () => !hasAny()),

    findByEmail: (email) => db.first(db.sql.selectFrom('users').selectAll().where('email', '=', email)),

    find(reference, actor) {
      if (reference === 'me') return actor.user
      const isUuid = UUID.test(reference)
      if (!isUuid && nameProblem(nameRules.username, reference) !== undefined) {
        throw badRequest('"user" must be an existing uuid or username.')
      }
      const found = db.first(
        db.sql
          .selectFrom('users')
          .selectAll()
          .where(isUuid ? 'id' : 'username', '=', isUuid ? reference.toLowerCase() : reference),
      )
      if (!found || (found.id !== actor.user.id && !actor.isOwner)) throw notFound()
      return found
    },

    setStatus(userId, status) {
      db.run(db.sql.updateTable('users').set({ status, updated_at: clock.now() }).where('id', '=', userId))
    },

    toWire(row) {
      const roles = JSON.parse(row.roles) as string[]
      return {
        ...toMinimalUser(row),
        email: row.email,
        created_at: toWireTime(row.created_at),
        updated_at: toWireTime(row.updated_at),
        last_seen_at: toRequiredTime(row.last_seen_at),
        status: row.status,
        login_type: row.login_type,
        organization_ids: organizations.listFor(row.id).map((organization) => organization.id),
        roles: roles.map((name) => ({
          name,
          display_name: name.charAt(0).toUpperCase() + name.slice(1),
        })),
        has_ai_seat: false,
      }
    },
  }
}
