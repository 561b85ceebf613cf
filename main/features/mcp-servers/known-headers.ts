/**
 * Which header names of a server the user has seen, so that one an administrator adds can be pointed out. Names only,
 * which every user of the deployment may read.
 */
import { z } from 'zod'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { openDataFile, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import { sameHeader } from './header-vault.ts'
import type { VaultPlace } from './vault-place.ts'

const savedHeadersSchema = z.array(
  z.object({
    deploymentId: z.string().min(1),
    userId: z.string().min(1),
    serverId: z.string().min(1),
    names: z.array(z.string()),
  }),
)
export type SavedKnownHeaders = z.output<typeof savedHeadersSchema>

export interface KnownHeaders {
  /**
   * Those of the names that were added since the user looked. Of a server that is looked at for the first time none is;
   * one that was taken away and comes again is.
   */
  added(place: VaultPlace, declared: readonly string[]): readonly string[]
  /** The user has seen these. */
  see(place: VaultPlace, names: readonly string[]): Promise<void>
  /** For when a deployment leaves the app. */
  removeDeployment(deploymentId: string): Promise<void>
}

/** Opens `mcp-known-headers.json`. What cannot be written is good until the app ends. */
export function openKnownHeadersFile(
  surroundings: DataFileSurroundings,
): Promise<VersionedFile<SavedKnownHeaders>> {
  return openDataFile(surroundings, {
    name: 'mcp-known-headers.json',
    holds: 'names of headers you have seen',
    version: 1,
    schema: savedHeadersSchema,
    defaults: [],
    migrations: {},
    whenNotWritten: 'keep',
  })
}

const hasName = (names: readonly string[], name: string): boolean =>
  names.some((other) => sameHeader(other, name))

/** The names in a file. */
export function createKnownHeaders(file: VersionedFile<SavedKnownHeaders>, logger: Logger): KnownHeaders {
  const isAt = (saved: VaultPlace, place: VaultPlace): boolean =>
    saved.deploymentId === place.deploymentId &&
    saved.userId === place.userId &&
    saved.serverId === place.serverId
  const change = async (apply: (current: SavedKnownHeaders) => SavedKnownHeaders): Promise<void> => {
    try {
      await file.update(apply)
    } catch (thrown) {
      logger.warn('The names of headers that were seen could not be saved', { err: toError(thrown) })
    }
  }
  const rename = (
    place: VaultPlace,
    apply: (names: readonly string[]) => readonly string[],
  ): Promise<void> => {
    const { deploymentId, userId, serverId } = place
    return change((current) => [
      ...current.filter((saved) => !isAt(saved, place)),
      {
        deploymentId,
        userId,
        serverId,
        names: [...apply(current.find((saved) => isAt(saved, place))?.names ?? [])],
      },
    ])
  }

  return {
    added(place, declared) {
      const known = file.value.get().find((saved) => isAt(saved, place))?.names
      if (known === undefined) {
        void rename(place, () => declared)
        return []
      }
      if (known.some((name) => !hasName(declared, name)))
        void rename(place, (names) => names.filter((name) => hasName(declared, name)))
      return declared.filter((name) => !hasName(known, name))
    },
    see: (place, names) =>
      rename(place, (before) => [...before, ...names.filter((name) => !hasName(before, name))]),
    async removeDeployment(deploymentId) {
      if (file.value.get().some((saved) => saved.deploymentId === deploymentId))
        await change((current) => current.filter((saved) => saved.deploymentId !== deploymentId))
    },
  }
}
