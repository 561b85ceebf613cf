import type { BuildOwner } from '../../provisioner/provisioner.ts'
import type { Database } from '../db/database.ts'
import type { UserRow } from './sessions.ts'

/** Everybody is in it, and there are no other groups without a licence. */
const everyone = 'Everyone'

/** A user as templates see the owner of a workspace; with the roles that Coder implies. */
export function toBuildOwner(db: Database, user: UserRow): BuildOwner {
  const memberships = db.all(
    db.sql
      .selectFrom('organization_members')
      .select(['organization_id', 'roles'])
      .where('user_id', '=', user.id)
      .orderBy('organization_id'),
  )
  const rolesOf = (stored: string, implied: string, organizationId: string) =>
    [...new Set([...(JSON.parse(stored) as string[]), implied])].map((name) => ({ name, organizationId }))
  return {
    id: user.id,
    name: user.username,
    fullName: user.name,
    email: user.email,
    groups: [everyone],
    roles: [
      ...rolesOf(user.roles, 'member', ''),
      ...memberships.flatMap((membership) =>
        rolesOf(membership.roles, 'organization-member', membership.organization_id),
      ),
    ],
    loginType: user.login_type,
  }
}

/** @returns undefined for a user there is not. */
export function findBuildOwner(db: Database, userId: string): BuildOwner | undefined {
  const user = db.first(db.sql.selectFrom('users').selectAll().where('id', '=', userId))
  return user && toBuildOwner(db, user)
}
