import { errorCode } from '../../lib/to-error.ts'

/** Why the disk, and not the request, is at fault. */
export type StorageFailure = 'full' | 'read-only' | 'unreadable' | 'damaged'

const KINDS: readonly (readonly [RegExp, StorageFailure])[] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)$/, 'full'],
  [/^(SQLITE_READONLY(_\w+)?|SQLITE_PERM|EROFS)$/, 'read-only'],
  [/^(SQLITE_CORRUPT(_\w+)?|SQLITE_NOTADB)$/, 'damaged'],
  [/^(SQLITE_IOERR(_\w+)?|SQLITE_CANTOPEN(_\w+)?|EIO|ENODEV)$/, 'unreadable'],
]

/** The kind of an error of SQLite or of the file system; `undefined` for every other error. */
export function storageFailureOf(error: unknown): StorageFailure | undefined {
  const code = errorCode(error)
  return code === undefined ? undefined : KINDS.find(([codes]) => codes.test(code))?.[1]
}

/** What people can do about it. The server goes on: what was asked for was not done at all. */
export const storageFailureMessages: Readonly<Record<StorageFailure, string>> = {
  full: 'The disk of the local deployment is full. Nothing was changed. Free some space and try again.',
  'read-only':
    'The data folder of the local deployment cannot be written to. Nothing was changed. Make it writable and try again.',
  unreadable:
    'The disk of the local deployment does not answer as it should. Nothing was changed. Check the disk and try again.',
  damaged:
    'The database of the local deployment is damaged. Start the local deployment again: it goes back to its last good backup.',
}
