import { organizationMembersRoutes } from '../../contract/organization-members.ts'
import { organizationsRoutes } from '../../contract/organizations.ts'
import { forbidden, notFound } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import { requireMay } from '../services/authorization.ts'
import type { MemberRow, OrganizationMembers } from '../services/organization-members.ts'
import type { Organizations } from '../services/organizations.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

export interface OrganizationHandlerDeps {
  readonly accounts: Accounts
  readonly organizations: Organizations
  readonly members: OrganizationMembers
}

const unlicensed = (feature: string) => forbidden(`${feature} is a Premium feature. Contact sales!`)

/** Organizations and who belongs to them. */
export function organizationHandlers({ accounts, organizations, members }: OrganizationHandlerDeps) {
  /** The organization and the person of a path; whether they belong together is another question. */
  const findBoth = (params: { readonly organization: string; readonly user: string }, actor: Actor) => ({
    organization: organizations.find(params.organization, actor),
    user: accounts.find(params.user, actor),
  })
  const memberEntry = (member: MemberRow, target: string, action: AuditEntry['action']): AuditEntry => ({
    resourceType: 'organization_member',
    resourceId: member.user_id,
    resourceTarget: target,
    action,
    organizationId: member.organization_id,
  })
  return [
    ...bound(organizationsRoutes, {
      list: ({ actor }) => organizations.listFor(actor.user.id).map((row) => organizations.toWire(row)),
      get: ({ params, actor }) => organizations.toWire(organizations.find(params.organization, actor)),
      create: () => {
        throw unlicensed('Multiple Organizations')
      },
      update: () => {
        throw unlicensed('Multiple Organizations')
      },
      delete: () => {
        throw unlicensed('Multiple Organizations')
      },
      groups: () => {
        throw unlicensed('Template RBAC')
      },
      ofUser({ params, actor }) {
        const wanted = params.organizationname.toLowerCase()
        const found = organizations
          .listFor(accounts.find(params.user, actor).id)
          .find((row) => row.name.toLowerCase() === wanted || row.id === wanted)
        if (!found) throw notFound()
        return organizations.toWire(found)
      },
      listOfUser: ({ params, actor }) =>
        organizations.listFor(accounts.find(params.user, actor).id).map((row) => organizations.toWire(row)),
    }),
    ...bound(organizationMembersRoutes, {
      list({ params, query, actor }) {
        const organization = organizations.find(params.organization, actor)
        return members.search(organization.id, query.q ?? '', actor)
      },
      page({ params, query, actor }) {
        const organization = organizations.find(params.organization, actor)
        const found = members.search(organization.id, query.q ?? '', actor)
        const start = query.offset ?? 0
        // 0 and none mean all.
        const end = query.limit === undefined || query.limit === 0 ? undefined : start + query.limit
        return { members: found.slice(start, end), count: found.length }
      },
      get({ params, actor }) {
        const { organization, user } = findBoth(params, actor)
        return members.toWireWithUser(members.find(organization.id, user.id))
      },
      add({ params, actor, audit }) {
        const { organization, user } = findBoth(params, actor)
        requireMay(actor, 'create', { type: 'organization_member', ownerId: user.id })
        const member = members.add(organization.id, user)
        audit(memberEntry(member, user.username, 'create'))
        return members.toWire(member)
      },
      remove({ params, actor, audit }) {
        const { organization, user } = findBoth(params, actor)
        const member = members.find(organization.id, user.id)
        members.remove(organization.id, user, actor)
        audit(memberEntry(member, user.username, 'delete'))
        return undefined
      },
      updateRoles({ params, body, actor, audit }) {
        const { organization, user } = findBoth(params, actor)
        const member = members.setRoles(members.find(organization.id, user.id), body.roles, actor)
        audit(memberEntry(member, user.username, 'write'))
        return members.toWire(member)
      },
    }),
  ]
}
