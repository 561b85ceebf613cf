import { z } from 'zod'
import { deploymentIdSchema } from '#ipc/deployments'
import { openDataFile, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'

const savedGatewaySchema = z.object({
  deploymentId: deploymentIdSchema,
  userId: z.string().min(1),
  serverId: z.uuid(),
  workspaceId: z.uuid(),
  /** Where the workspace has it, so that it is found there again. */
  port: z.int().min(1024).max(65_535),
  /** Calls of tools on one day of this computer's calendar, `2026-11-26`. */
  day: z.string(),
  calls: z.int().min(0),
})
export type SavedGateway = z.output<typeof savedGatewaySchema>

/** Opens `header-gateways.json`: which gateways are switched on. Values and bearers are never in it. */
export function openGatewaysFile(
  surroundings: DataFileSurroundings,
): Promise<VersionedFile<readonly SavedGateway[]>> {
  return openDataFile<readonly SavedGateway[]>(surroundings, {
    name: 'header-gateways.json',
    holds: 'header gateways',
    version: 2,
    schema: z.array(savedGatewaySchema),
    defaults: [],
    // The first version does not say whose they are, and none is anybody's: they are switched on anew.
    migrations: { 1: () => [] },
    whenNotWritten: 'revert',
  })
}
