import { z } from 'zod'
import {
  defaultNetwork,
  deploymentNetworkSchema,
  type DeploymentNetwork,
} from '#bridge/contract/deployment-network'
import { deploymentIdSchema } from '#ipc/deployments'
import { openDataFile, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'

/** The local deployment's id; there is exactly one and it cannot be removed. */
export const localDeploymentId = 'local'

const savedDeploymentSchema = z.discriminatedUnion('kind', [
  // Its address is another one at every start.
  z.object({ kind: z.literal('local'), id: z.literal(localDeploymentId), name: z.string().min(1) }),
  z.object({
    kind: z.literal('remote'),
    id: deploymentIdSchema,
    name: z.string().min(1),
    url: z.url(),
    network: deploymentNetworkSchema.default(defaultNetwork),
  }),
])
export type SavedDeployment = z.output<typeof savedDeploymentSchema>

const deploymentListSchema = z
  .object({ activeId: deploymentIdSchema, deployments: z.array(savedDeploymentSchema) })
  .refine(({ deployments }) => deployments.filter((entry) => entry.kind === 'local').length === 1)
  .refine(({ deployments }) => new Set(deployments.map((entry) => entry.id)).size === deployments.length)
/** What `deployments.json` holds. Tokens are in the keychain, never here. */
export type DeploymentList = z.output<typeof deploymentListSchema>

const firstList: DeploymentList = {
  activeId: localDeploymentId,
  deployments: [{ kind: 'local', id: localDeploymentId, name: 'This computer' }],
}

/** Opens `deployments.json`. A change that cannot be written is taken back, so that what is shown is what is kept. */
export function openDeploymentsFile(
  surroundings: DataFileSurroundings,
): Promise<VersionedFile<DeploymentList>> {
  return openDataFile(surroundings, {
    name: 'deployments.json',
    holds: 'list of deployments',
    version: 1,
    schema: deploymentListSchema,
    defaults: firstList,
    migrations: {},
    whenNotWritten: 'revert',
  })
}

/** The keychain account of a deployment's session token. */
export function tokenAccount(deploymentId: string): string {
  return `deployment/${deploymentId}/session-token`
}

/** How a saved deployment is reached; `undefined` for the local one, which needs no settings, and for one not there. */
export function networkOf(list: DeploymentList, deploymentId: string): DeploymentNetwork | undefined {
  const entry = list.deployments.find(({ id }) => id === deploymentId)
  return entry?.kind === 'remote' ? entry.network : undefined
}
