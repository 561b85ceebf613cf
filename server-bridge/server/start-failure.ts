import { DataFolderInUseError } from './db/data-folder-lock.ts'
import { SchemaTooNewError } from './db/migrate.ts'
import { DamagedDatabaseError } from './db/restore-database.ts'
import { storageFailureOf } from './db/storage-failure.ts'
import { SecretBoxError } from './services/secret-box.ts'
import { SecretKeyFileError } from './services/secret-key-file.ts'
import { SecretKeyMissingError } from './services/secret-keys.ts'
import { TlsFilesError } from './tls-credentials.ts'

export interface StartFailure {
  /** A sentence for the user, with what to do. */
  readonly message: string
  /** Technical, for the log. */
  readonly detail: string
}

const STORAGE_SENTENCES = {
  full: 'The disk is full, so the local deployment cannot start. Free some space and start it again.',
  'read-only':
    'The data folder cannot be written to, so the local deployment cannot start. Make it writable, or choose another one.',
  unreadable:
    'The disk of the data folder does not answer as it should, so the local deployment cannot start.',
  damaged:
    'The database of the local deployment is damaged. Start it again: it goes back to its last good backup.',
} as const

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Errors whose message is for the user already. */
const EXPLAINED = [
  DataFolderInUseError,
  SchemaTooNewError,
  SecretBoxError,
  SecretKeyFileError,
  SecretKeyMissingError,
  DamagedDatabaseError,
  TlsFilesError,
]

/** Why the server cannot start, in words. */
export function startFailureMessage(error: unknown, port: number): StartFailure {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (error instanceof Error && EXPLAINED.some((kind) => error instanceof kind)) {
    return { message: error.message, detail }
  }
  const code = codeOf(error)
  if (code === 'EADDRINUSE') {
    return { message: `Port ${port} is already in use. Choose another one, or stop what uses it.`, detail }
  }
  if (code === 'EADDRNOTAVAIL') {
    return { message: 'The address to listen on does not belong to this machine.', detail }
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return { message: 'The data folder or the port may not be used by this user.', detail }
  }
  const storage = storageFailureOf(error)
  if (storage !== undefined) return { message: STORAGE_SENTENCES[storage], detail }
  const reason = error instanceof Error ? error.message : String(error)
  return { message: `The local deployment cannot start: ${reason}`, detail }
}
