import { writeFile } from 'node:fs/promises'
import { errorCode } from '#bridge/lib/to-error'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { storeZip } from '../../lib/store-zip.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { Bundle } from './support-bundle.ts'

/** Asks where, and writes the archive there. Answers whether the user chose a place. @throws {ProcedureError} `not_saved` */
export async function saveBundle(
  { files }: Bundle,
  { desktop, now }: { readonly desktop: Pick<Desktop, 'chooseSavePath'>; readonly now: number },
): Promise<boolean> {
  const day = new Date(now).toISOString().slice(0, 10)
  const path = await desktop.chooseSavePath(`outpost-support-${day}.zip`)
  if (path === null) return false
  const entries = files.map(({ name, text }) => ({ name, bytes: Buffer.from(text, 'utf8') }))
  try {
    await writeFile(path, storeZip(entries, new Date(now)), { mode: 0o600 })
  } catch (error) {
    const reason = errorCode(error) === 'ENOSPC' ? 'The disk is full.' : 'The system did not allow it.'
    throw new ProcedureError('not_saved', `The bundle was not saved. ${reason} Choose another place.`, {
      cause: error,
    })
  }
  return true
}
