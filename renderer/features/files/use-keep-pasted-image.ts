import type { FilesPlace } from '#bridge/contract/remote-files'
import { useFilesHost } from './files-host.tsx'

/** Puts a picture from the clipboard into a workspace, and answers where it is. @throws {FilesRequestError} */
export function useKeepPastedImage(): (place: FilesPlace, png: Uint8Array<ArrayBuffer>) => Promise<string> {
  const host = useFilesHost()
  return async (place, png) => {
    // The first picture brings in the rest of what files need.
    const { keepPastedImage } = await import('./keep-pasted-image.ts')
    return keepPastedImage(host, place, { png, at: new Date() })
  }
}
