import { templateVersionsRoutes } from '#bridge/contract/template-versions'
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
    get: ({ deploymentId, templateId }, { signal }) =>
      connection(deploymentId).call(
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
      ),
  }
}
