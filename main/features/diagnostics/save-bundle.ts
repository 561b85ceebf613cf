import { saveChosenFile } from '../../lib/save-chosen-file.ts'
import { storeZip } from '../../lib/store-zip.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { Bundle } from './support-bundle.ts'

/** Asks where, and writes the archive there. Answers whether the user chose a place. @throws {ProcedureError} `not_saved` */
export async function saveBundle(
  { files }: Bundle,
  { desktop, now }: { readonly desktop: Pick<Desktop, 'chooseSavePath'>; readonly now: number },
): Promise<boolean> {
  const day = new Date(now).toISOString().slice(0, 10)
  const entries = files.map(({ name, text }) => ({ name, bytes: Buffer.from(text, 'utf8') }))
  return saveChosenFile(desktop, {
    what: 'The bundle',
    suggestedName: `outpost-support-${day}.zip`,
    content: storeZip(entries, new Date(now)),
    mode: 0o600,
  })
}
