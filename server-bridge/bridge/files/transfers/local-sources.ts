/** Paths that main gave, each under a name that a window uses once. */
import type { GiveLocal } from '../../../contract/file-transfers.ts'

export interface LocalSources {
  give(message: GiveLocal): void
  /** @returns `undefined` for one that was used, never given, or of the other kind. */
  take(localId: string, kind: GiveLocal['kind']): readonly string[] | undefined
}

/** Chosen and never used; the oldest go first. */
const maxKept = 100

export function createLocalSources(): LocalSources {
  const given = new Map<string, GiveLocal>()
  return {
    give(message) {
      given.set(message.localId, message)
      for (const localId of given.keys()) {
        if (given.size <= maxKept) break
        given.delete(localId)
      }
    },
    take(localId, kind) {
      const message = given.get(localId)
      if (message?.kind !== kind) return undefined
      given.delete(localId)
      return message.paths
    },
  }
}
