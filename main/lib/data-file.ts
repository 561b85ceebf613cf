/** The small files in the app's data folder: where they lie, who hears of trouble, and what a call says of it. */
import { join } from 'node:path'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { ProcedureError } from './procedure-error.ts'
import type { StorageNotices } from './storage-notices.ts'
import {
  FileNotWrittenError,
  openVersionedFile,
  type VersionedFile,
  type VersionedFileOptions,
} from './versioned-file.ts'

/** What every file of the app is opened with. */
export interface DataFileSurroundings {
  readonly folder: string
  readonly notices: StorageNotices
  readonly clock: Clock
  readonly logger: Logger
}

type Kind<T> = Omit<VersionedFileOptions<T>, 'path' | 'onNotice' | 'clock' | 'logger'> & {
  /** The file's name in the folder. */
  readonly name: string
}

/** Opens one; what could not be used as it was becomes a notice in the window. */
export function openDataFile<T>(
  { folder, notices, clock, logger }: DataFileSurroundings,
  { name, ...kind }: Kind<T>,
): Promise<VersionedFile<T>> {
  return openVersionedFile({
    ...kind,
    path: join(folder, name),
    onNotice: (message) => notices.add(message),
    clock,
    logger,
  })
}

/** A change as part of a call. @throws {ProcedureError} `not_saved` with what kept it from the disk. */
export async function requireSaved<T>(change: Promise<T>): Promise<T> {
  try {
    return await change
  } catch (thrown) {
    if (!(thrown instanceof FileNotWrittenError)) throw thrown
    throw new ProcedureError('not_saved', thrown.message, { cause: thrown })
  }
}
