/**
 * Where the user's header values of a server went first, or where the user allowed them to go since: a deployment may
 * tell another address at any time, and values must not follow it unasked.
 */
import { z } from 'zod'
import { openDataFile, requireSaved, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import type { VaultPlace } from './vault-place.ts'

const savedOriginsSchema = z.array(
  z.object({
    deploymentId: z.string().min(1),
    userId: z.string().min(1),
    serverId: z.uuid(),
    /** Scheme, host and port. */
    origin: z.url({ protocol: /^https?$/ }),
  }),
)
export type SavedMcpOrigins = z.output<typeof savedOriginsSchema>

export interface McpOrigins {
  of(place: VaultPlace): string | undefined
  /** @throws {ProcedureError} `not_saved` */
  set(place: VaultPlace, origin: string): Promise<void>
  /** For when a deployment leaves the app. @throws {ProcedureError} `not_saved` */
  removeDeployment(deploymentId: string): Promise<void>
}

/** Opens `mcp-origins.json`. A change that cannot be written is taken back. */
export function openMcpOriginsFile(
  surroundings: DataFileSurroundings,
): Promise<VersionedFile<SavedMcpOrigins>> {
  return openDataFile(surroundings, {
    name: 'mcp-origins.json',
    holds: 'places that header values may go to',
    version: 1,
    schema: savedOriginsSchema,
    defaults: [],
    migrations: {},
    whenNotWritten: 'revert',
  })
}

/** The origins in a file. */
export function createMcpOrigins(file: VersionedFile<SavedMcpOrigins>): McpOrigins {
  const isAt = (saved: SavedMcpOrigins[number], place: VaultPlace): boolean =>
    saved.deploymentId === place.deploymentId &&
    saved.userId === place.userId &&
    saved.serverId === place.serverId
  const change = async (apply: (current: SavedMcpOrigins) => SavedMcpOrigins): Promise<void> => {
    await requireSaved(file.update(apply))
  }
  return {
    of: (place) => file.value.get().find((saved) => isAt(saved, place))?.origin,
    set: ({ deploymentId, userId, serverId }, origin) =>
      change((current) => [
        ...current.filter((saved) => !isAt(saved, { deploymentId, userId, serverId })),
        { deploymentId, userId, serverId, origin },
      ]),
    removeDeployment: (deploymentId) =>
      change((current) => {
        const others = current.filter((saved) => saved.deploymentId !== deploymentId)
        return others.length === current.length ? current : others
      }),
  }
}
