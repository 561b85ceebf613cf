import { sql } from 'kysely'
import type { UpdateUserProfileRequest } from '../../contract/user-accounts.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, badRequest, forbidden, nameTaken } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { type Accounts, requireStrongPassword } from './accounts.ts'
import { mayAssign, requireRoleChange } from './role-changes.ts'
import { hashPassword, passwordMatches } from './passwords.ts'
import { type Actor, rolesOf, type Sessions, type UserRow } from './sessions.ts'
import type { Topic } from './topics.ts'

export interface PasswordChange {
  readonly password: string
  /** Proves that it is the person who asks; not needed for somebody else's. */
  readonly oldPassword: string
}

/** What is done to accounts after they were made. Whether the caller may at all was asked before. */
export interface UserAdministration {
  /** @throws {ApiError} 409 name taken. */
  updateProfile(user: UserRow, request: UpdateUserProfileRequest, actor: Actor): UserRow
  /** Ends every key of the account. @throws {ApiError} 400, 403 for accounts out of the caller's reach. */
  setPassword(user: UserRow, change: PasswordChange, actor: Actor): Promise<void>
  /** @throws {ApiError} 400 for oneself and for owners. */
  suspend(user: UserRow, actor: Actor): UserRow
  activate(user: UserRow, actor: Actor): UserRow
  /** @throws {ApiError} 400 for one's own and unknown ones, 403 for roles the caller may not give or take. */
  setRoles(user: UserRow, roles: readonly string[], actor: Actor): UserRow
  /** Frees name and email and drops what was the account's own. @throws {ApiError} 403 oneself, 417 workspaces. */
  remove(user: UserRow, actor: Actor): void
}

/**
 * Owners are out of reach for everybody else, and for narrowed keys of owners: who may change an owner's password would
 * be one.
 */
function requireEqual(user: UserRow, actor: Actor): void {
  if (user.id === actor.user.id || !rolesOf(user).includes('owner')) return
  if (!actor.isOwner || !actor.access.isUnrestricted) {
    throw forbidden('Only an owner may change the account of an owner.')
  }
}

export function createUserAdministration(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly accounts: Accounts
  readonly sessions: Sessions
  /** Told whose keys open nothing any more. */
  readonly userKeys: Topic
}): UserAdministration {
  const { db, clock, accounts, sessions, userKeys } = deps

  const update = (user: UserRow, values: Partial<UserRow>): UserRow => {
    db.run(
      db.sql
        .updateTable('users')
        .set({ ...values, updated_at: clock.now() })
        .where('id', '=', user.id),
    )
    return accounts.get(user.id)
  }

  /** Asked inside the transaction: two owners could take the role from each other at the same moment. */
  const requireAnotherOwner = (user: UserRow): void => {
    const others = db.all(
      db.sql
        .selectFrom('users')
        .select('roles')
        .where('deleted', '=', 0)
        .where('status', '!=', 'suspended')
        .where('id', '!=', user.id),
    )
    if (!others.some((row) => rolesOf(row).includes('owner'))) {
      throw badRequest('The last owner of the deployment must stay its owner.')
    }
  }

  const organizationRolesOf = (user: UserRow): string[] =>
    db
      .all(db.sql.selectFrom('organization_members').select('roles').where('user_id', '=', user.id))
      .flatMap(rolesOf)

  /**
   * Whoever sets a password can sign in with it, with every role of the account and without any limit of a key: so a
   * narrowed key sets nobody else's, and nobody sets that of an account with roles they could not give.
   */
  const requireSignInReach = (user: UserRow, actor: Actor): void => {
    if (user.id === actor.user.id) return
    if (!actor.access.isUnrestricted) {
      throw forbidden('A narrowed token cannot set the password of somebody else.')
    }
    if (actor.isOwner) return
    const beyond = [...rolesOf(user), ...organizationRolesOf(user)].find((role) => !mayAssign(actor, role))
    if (beyond === undefined) return
    throw forbidden(
      `You may not set the password of an account with the role ${JSON.stringify(beyond)}, which you may not give.`,
    )
  }

  const requireNoWorkspaces = (user: UserRow): void => {
    const workspace = db.first(
      db.sql
        .selectFrom('workspaces')
        .select('id')
        .where('owner_id', '=', user.id)
        .where('deleted', '=', 0)
        .limit(1),
    )
    if (!workspace) return
    throw new ApiError(417, {
      message: 'You cannot delete a user that has workspaces. Delete their workspaces and try again!',
    })
  }

  return {
    updateProfile(user, request, actor) {
      requireEqual(user, actor)
      try {
        return db.transaction(() =>
          update(user, {
            username: request.username,
            name: request.name,
            ...(request.avatar_url === undefined ? {} : { avatar_url: request.avatar_url }),
          }),
        )
      } catch (error) {
        if (isUniqueViolation(error)) throw nameTaken('A user with this username already exists.', 'username')
        throw error
      }
    },

    async setPassword(user, change, actor) {
      requireEqual(user, actor)
      requireSignInReach(user, actor)
      if (user.login_type !== 'password') {
        throw badRequest('Users without password login type cannot change their password.')
      }
      requireStrongPassword(change.password)
      await requireProof(user, change, actor)
      if (user.password_hash !== null && (await passwordMatches(change.password, user.password_hash))) {
        throw badRequest('New password cannot match old password.')
      }
      const hash = await hashPassword(change.password)
      db.transaction(() => {
        update(user, { password_hash: hash })
        sessions.endAll(user.id)
      })
    },

    suspend(user, actor) {
      if (user.id === actor.user.id) throw badRequest('You cannot suspend yourself.')
      if (rolesOf(user).includes('owner')) {
        throw badRequest('You cannot suspend a user with the "owner" role. You must remove the role first.')
      }
      const suspended = db.transaction(() => update(user, { status: 'suspended' }))
      userKeys.publish(user.id)
      return suspended
    },

    activate(user, actor) {
      requireEqual(user, actor)
      return db.transaction(() => update(user, { status: 'active' }))
    },

    setRoles(user, roles, actor) {
      if (user.id === actor.user.id) throw badRequest('You cannot change your own roles.')
      return db.transaction(() => {
        const before = rolesOf(accounts.get(user.id))
        const after = requireRoleChange({ actor, right: 'assign_role', before, after: roles })
        if (before.includes('owner') && !after.includes('owner')) requireAnotherOwner(user)
        return update(user, { roles: JSON.stringify(after) })
      })
    },

    remove(user, actor) {
      if (user.id === actor.user.id) throw forbidden('You cannot delete yourself!')
      requireEqual(user, actor)
      db.transaction(() => {
        requireNoWorkspaces(user)
        if (rolesOf(accounts.get(user.id)).includes('owner')) requireAnotherOwner(user)
        deleteOwnRows(db, user.id)
        update(user, { deleted: 1, password_hash: null })
      })
      userKeys.publish(user.id)
    },
  }
}

/** @throws {ApiError} 400 when the old password is not the one given. */
async function requireProof(user: UserRow, change: PasswordChange, actor: Actor): Promise<void> {
  if (user.id !== actor.user.id) return
  if (user.password_hash === null) {
    // Who signed in through the app has none yet. A narrowed token must not become a sign-in.
    if (!actor.access.isUnrestricted) throw forbidden()
    return
  }
  if (await passwordMatches(change.oldPassword, user.password_hash)) return
  throw new ApiError(400, {
    message: 'Old password is incorrect.',
    validations: [{ field: 'old_password', detail: 'Old password is incorrect.' }],
  })
}

/** Everything that is declared to go with its account: the row of the account itself stays. */
function deleteOwnRows(db: Database, userId: string): void {
  const owned = db.all<{ table: string; column: string }>({
    compile: () =>
      sql<{ table: string; column: string }>`
        SELECT tables.name AS "table", keys."from" AS "column"
        FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys
        WHERE tables.type = 'table' AND keys."table" = 'users' AND keys.on_delete = 'CASCADE'`.compile(
        db.sql,
      ),
  })
  for (const { table, column } of owned) {
    db.run({
      compile: () =>
        sql`DELETE FROM ${sql.table(table)} WHERE ${sql.ref(column)} = ${userId}`.compile(db.sql),
    })
  }
}
