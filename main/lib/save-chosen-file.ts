import { writeFile } from 'node:fs/promises'
import { errorCode } from '#bridge/lib/to-error'
import { ProcedureError } from './procedure-error.ts'

/**
 * Asks where, and writes there. Answers whether the user chose a place.
 *
 * @param what as a sentence begins with it: `The file`.
 * @throws {ProcedureError} `not_saved`
 */
export async function saveChosenFile(
  desktop: { chooseSavePath(suggestedName: string): Promise<string | null> },
  file: {
    readonly what: string
    readonly suggestedName: string
    readonly content: string | Uint8Array
    /** Absent: as files of the user are made. */
    readonly mode?: number
  },
): Promise<boolean> {
  const path = await desktop.chooseSavePath(file.suggestedName)
  if (path === null) return false
  try {
    await writeFile(path, file.content, file.mode === undefined ? {} : { mode: file.mode })
  } catch (error) {
    const reason = errorCode(error) === 'ENOSPC' ? 'The disk is full.' : 'The system did not allow it.'
    throw new ProcedureError('not_saved', `${file.what} was not saved. ${reason} Choose another place.`, {
      cause: error,
    })
  }
  return true
}
