/** What an upload and a download have in common: files to copy, and a place to put them. */

export interface PlannedFile {
  /** Full path at the source. */
  readonly source: string
  /** Path at the target below its root, with `/`. */
  readonly relative: string
  readonly size: number
  /** Seconds of the epoch. */
  readonly mtime: number
  /** Permission bits. */
  readonly mode: number
}

export interface CopyPlan {
  /** Relative paths, outer ones first. */
  readonly folders: readonly string[]
  readonly files: readonly PlannedFile[]
  /** Links inside of folders, pipes, devices. */
  readonly skipped: number
}

export interface TargetStats {
  readonly size: number
  readonly mtime: number
  readonly isFolder: boolean
}

export interface CopyRequest {
  readonly file: PlannedFile
  /** Where to, below the root. */
  readonly relative: string
  readonly mayReplace: boolean
  /** Bytes that are there, as they come; first those of an earlier attempt. */
  readonly onBytes: (bytes: number) => void
}

export interface CopyDirection {
  plan(): Promise<CopyPlan>
  makeFolder(relative: string): Promise<void>
  /** What is there; `null`: nothing. */
  lookAt(relative: string): Promise<TargetStats | null>
  /** Copies one file, beside its place first. Goes on with what an earlier attempt left. @throws {FilesFailure} */
  copy(request: CopyRequest): Promise<'sha256' | 'size'>
  /** Takes away what an unfinished copy left. */
  removePart(relative: string): Promise<void>
}

/** More than memory should hold of one folder. */
export const planMaxFiles = 500_000
export const partSuffix = '.outpost-part'
/**
 * Taken off the end of a part before going on: some servers write several requests at once, so the last ones may have
 * left a gap. As much as may be on its way.
 */
export const uncertainBytes = 4 * 1024 * 1024
