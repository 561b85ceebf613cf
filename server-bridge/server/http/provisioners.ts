import { provisionersRoutes } from '../../contract/provisioners.ts'
import { notFound } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import { mayAct } from '../services/authorization.ts'
import type { OrganizationRow, Organizations } from '../services/organizations.ts'
import { hasTags, type Provisioners } from '../services/provisioners.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

export interface ProvisionerHandlerDeps {
  readonly accounts: Accounts
  readonly organizations: Organizations
  readonly provisioners: Provisioners
}

/** The worker and the jobs of an organization. */
export function provisionerHandlers({ accounts, organizations, provisioners }: ProvisionerHandlerDeps) {
  const findOrganization = (
    reference: string,
    actor: Actor,
    type: 'provisioner_daemon' | 'provisioner_jobs',
  ): OrganizationRow => {
    const organization = organizations.find(reference, actor)
    if (!mayAct(actor, 'read', { type })) throw notFound()
    return organization
  }
  return bound(provisionersRoutes, {
    daemons({ params, query, actor }) {
      findOrganization(params.organization, actor, 'provisioner_daemon')
      const daemon = provisioners.daemon()
      const isWanted =
        (!query.ids || query.ids.includes(daemon.id)) &&
        (!query.status || query.status.includes(daemon.status ?? '')) &&
        hasTags(query.tags)
      return isWanted ? [daemon] : []
    },
    jobs({ params, query, actor }) {
      const organization = findOrganization(params.organization, actor, 'provisioner_jobs')
      const { initiator, ...filter } = query
      const initiatorId = initiator === undefined ? undefined : accounts.find(initiator, actor).id
      return provisioners.jobs(organization, { ...filter, initiatorId })
    },
    job({ params, actor }) {
      const organization = findOrganization(params.organization, actor, 'provisioner_jobs')
      return provisioners.job(organization, params.provisionerjob)
    },
  })
}
