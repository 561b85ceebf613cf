import { joinRemote } from '#bridge/contract/remote-names'
import type { FilesPlace } from '#bridge/contract/remote-files'
import { FilesRequestError } from '../../api/files-client.ts'
import type { FilesHost } from './files-host.tsx'
import { filesOf } from './files-services.ts'

/** Below the home folder (XDG base directories: what may be removed at any time). */
const FOLDERS = ['.cache', 'outpost', 'pasted-images']

/** Puts a picture into the workspace. Answers its path. @throws {FilesRequestError} */
export async function keepPastedImage(
  host: FilesHost,
  place: FilesPlace,
  { png, at }: { readonly png: Uint8Array<ArrayBuffer>; readonly at: Date },
): Promise<string> {
  const { client } = filesOf(host)
  let { path } = await client.ask(place, { op: 'home' })
  for (const name of FOLDERS) {
    path = joinRemote(path, name)
    await client.ask(place, { op: 'make-folder', path }).catch((error: unknown) => {
      if (!(error instanceof FilesRequestError && error.code === 'exists')) throw error
    })
  }
  // Nothing in it has to be quoted in a shell.
  const name = `${at.toISOString().replaceAll(/[:.]/g, '-')}.png`
  const saved = await client.ask(place, {
    op: 'save',
    path: joinRemote(path, name),
    bytes: png,
    base: null,
    force: false,
  })
  return saved.path
}
