import { z } from 'zod'
import { dictationServiceSchema } from '#ipc/dictation'
import { openDataFile, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'

const savedDictationSchema = z.object({
  /** Null: dictation is off. The key is in the keychain. */
  service: dictationServiceSchema.nullable(),
})
export type SavedDictation = z.output<typeof savedDictationSchema>

/** Opens `dictation.json`: who writes out what is said. */
export function openDictationFile(
  surroundings: DataFileSurroundings,
): Promise<VersionedFile<SavedDictation>> {
  return openDataFile(surroundings, {
    name: 'dictation.json',
    holds: 'settings of dictation',
    version: 1,
    schema: savedDictationSchema,
    defaults: { service: null },
    migrations: {},
    whenNotWritten: 'revert',
  })
}
