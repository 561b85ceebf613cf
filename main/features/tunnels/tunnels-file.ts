import { z } from 'zod'
import { tunnelDraftSchema } from '#ipc/tunnels'
import { deploymentIdSchema } from '#ipc/deployments'
import { openDataFile, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'

const savedTunnelSchema = z.object({
  id: z.uuid(),
  deploymentId: deploymentIdSchema,
  workspaceId: z.uuid(),
  workspaceName: z.string(),
  /** Switched on: it opens by itself with the app. */
  enabled: z.boolean(),
  draft: tunnelDraftSchema,
})
export type SavedTunnel = z.output<typeof savedTunnelSchema>

const tunnelsFileSchema = z.object({
  /** Certificate of the authority for HTTPS, as PEM; its key is in the keychain. */
  authority: z.string().nullable(),
  tunnels: z.array(savedTunnelSchema),
})
export type TunnelsFile = z.output<typeof tunnelsFileSchema>

/** Opens `tunnels.json`. No key is ever in it. */
export function openTunnelsFile(surroundings: DataFileSurroundings): Promise<VersionedFile<TunnelsFile>> {
  return openDataFile<TunnelsFile>(surroundings, {
    name: 'tunnels.json',
    holds: 'tunnels',
    version: 1,
    schema: tunnelsFileSchema,
    defaults: { authority: null, tunnels: [] },
    migrations: {},
    whenNotWritten: 'revert',
  })
}
