import { templateVersionsRoutes, type TemplateVersion } from '#bridge/contract/template-versions'
import { templatesRoutes } from '#bridge/contract/templates'
import type { Contract } from '#ipc/contract'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'

/** The procedures around templates. */
export function createTemplatesHandlers(
  connection: (deploymentId: string) => DeploymentConnection,
): FeatureHandlers<Contract['templates']> {
  return {
    list: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call((client) => client.call(templatesRoutes.list, {}, { signal })),
    get: async ({ deploymentId, templateId }, { signal }) => {
      const detail = await connection(deploymentId).call(
        async (client) => {
          const template = await client.call(
            templatesRoutes.get,
            { params: { template: templateId } },
            { signal },
          )
          const params = { templateversion: template.active_version_id }
          const [version, parameters] = await Promise.all([
            client.call(templateVersionsRoutes.get, { params }, { signal }),
            client.call(templateVersionsRoutes.richParameters, { params }, { signal }),
          ])
          return { template, version, parameters }
        },
        (error) =>
          error.code === 'not_ready'
            ? new ProcedureError(
                'importing',
                'The active version of this template is still being imported. Try again in a moment.',
                { cause: error },
              )
            : undefined,
      )
      refuseFailedImport(detail.version)
      return detail
    },
  }
}

/** A deployment answers for such a version as for one without README and parameters, which would be shown as a fact. */
function refuseFailedImport({ name, job }: TemplateVersion): void {
  if (job.status !== 'failed' && job.status !== 'canceled') return
  throw new ProcedureError(
    'import_failed',
    `Version ${name} of this template could not be imported, so no workspace can be made from it. Make another version the active one.`,
    { details: { detail: job.error ?? '' } },
  )
}
