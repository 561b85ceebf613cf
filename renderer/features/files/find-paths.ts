import type { FilesPlace } from '#bridge/contract/remote-files'
import type { FilesHost } from './files-host.tsx'
import { filesOf } from './files-services.ts'
import { sentenceOf } from './use-file-actions.ts'

/** Paths of files below a folder, relative to it. */
export interface Found {
  readonly paths: readonly string[]
  readonly state: 'reading' | 'complete' | 'cut'
  readonly problem: string | undefined
}

export interface FindOptions {
  readonly signal: AbortSignal
  /** All that are found so far. */
  readonly onFound: (found: Found) => void
}

/** Lists the files below a folder as they are found. */
export async function findPaths(
  host: FilesHost,
  where: { readonly place: FilesPlace; readonly folder: string },
  { signal, onFound }: FindOptions,
): Promise<void> {
  const paths: string[] = []
  try {
    const { isTruncated } = await filesOf(host).client.ask(
      where.place,
      { op: 'find-files', folder: where.folder },
      {
        signal,
        onEvent: (event) => {
          if (event.kind !== 'paths') return
          paths.push(...event.paths)
          onFound({ paths: [...paths], state: 'reading', problem: undefined })
        },
      },
    )
    onFound({ paths, state: isTruncated ? 'cut' : 'complete', problem: undefined })
  } catch (error) {
    if (!signal.aborted) onFound({ paths, state: 'complete', problem: sentenceOf(error) })
  }
}
