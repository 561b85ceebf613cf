import { useEffect, useState } from 'react'
import type { FilesPlace } from '#bridge/contract/remote-files'
import { useFilesHost } from './files-host.tsx'
import type { Found } from './find-paths.ts'

/** The files below a folder of a workspace, as far as they are found; `undefined` as place looks for nothing. */
export function useFoundPaths(place: FilesPlace | undefined, folder: string): Found | undefined {
  const host = useFilesHost()
  const [found, setFound] = useState<Found>()
  const key = place === undefined ? undefined : JSON.stringify(place)
  useEffect(() => {
    if (key === undefined) return undefined
    const abort = new AbortController()
    // Looking for a file brings in the rest of what files need.
    void import('./find-paths.ts').then(async ({ findPaths }) =>
      findPaths(
        host,
        { place: JSON.parse(key) as FilesPlace, folder },
        { signal: abort.signal, onFound: setFound },
      ),
    )
    return () => abort.abort()
  }, [host, key, folder])
  return key === undefined ? undefined : found
}
