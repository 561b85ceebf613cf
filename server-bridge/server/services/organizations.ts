import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Organization } from '../../contract/organizations.ts'
import type { Clock } from '../../lib/clock.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import { notFound } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { OrganizationsTable } from '../db/tables/organizations.ts'
import { groupBy } from './group-by.ts'
import type { Actor } from './sessions.ts'
import { toWireTime } from './wire-time.ts'

export type OrganizationRow = Selectable<OrganizationsTable>

export interface Organizations {
  /** The only organization there is; made on the first call. */
  default(): OrganizationRow
  listFor(userId: string): OrganizationRow[]
  /** Ids of the organizations of each of these users, by name of the organization. */
  idsByUser(userIds: readonly string[]): ReadonlyMap<string, readonly string[]>
  /** By uuid, name, `default` or the zero uuid. @throws {ApiError} 404 also when not readable. */
  find(reference: string, actor: Actor): OrganizationRow
  toWire(row: OrganizationRow): Organization
}

export function createOrganizations(db: Database, clock: Clock): Organizations {
  const listFor = (userId: string): OrganizationRow[] =>
    db.all(
      db.sql
        .selectFrom('organizations')
        .selectAll('organizations')
        .innerJoin('organization_members', 'organization_members.organization_id', 'organizations.id')
        .where('organization_members.user_id', '=', userId)
        .orderBy('organizations.name'),
    )
  return {
    default() {
      const known = db.first(db.sql.selectFrom('organizations').selectAll().where('is_default', '=', 1))
      if (known) return known
      const now = clock.now()
      // Coder's own default organization has this name; scripts rely on it.
      const row = {
        id: randomUUID(),
        name: 'coder',
        display_name: 'Coder',
        description: '',
        icon: '',
        is_default: 1,
        created_at: now,
        updated_at: now,
      }
      db.run(db.sql.insertInto('organizations').values(row))
      return row
    },
    listFor,
    idsByUser(userIds) {
      const rows = db.all(
        db.sql
          .selectFrom('organization_members')
          .innerJoin('organizations', 'organizations.id', 'organization_members.organization_id')
          .select(['organizations.id', 'organization_members.user_id'])
          .where('organization_members.user_id', 'in', [...userIds])
          .orderBy('organizations.name'),
      )
      const byUser = groupBy(rows, ({ user_id: userId }) => userId)
      return new Map([...byUser].map(([userId, own]) => [userId, own.map(({ id }) => id)]))
    },
    find(reference, actor) {
      const wanted = reference.toLowerCase()
      const wantsDefault = wanted === 'default' || wanted === zeroUuid
      const found = listFor(actor.user.id).find(
        (row) =>
          (wantsDefault && row.is_default === 1) || row.id === wanted || row.name.toLowerCase() === wanted,
      )
      if (!found) throw notFound()
      return found
    },
    toWire: (row) => ({
      id: row.id,
      name: row.name,
      display_name: row.display_name,
      description: row.description,
      icon: row.icon,
      created_at: toWireTime(row.created_at),
      updated_at: toWireTime(row.updated_at),
      is_default: row.is_default === 1,
      default_org_member_roles: [],
    }),
  }
}
