import { DataFolderInUseError } from './db/data-folder-lock.ts'
import { SchemaTooNewError } from './db/migrate.ts'
import { SecretBoxError } from './services/secret-box.ts'
import { SecretKeyFileError } from './services/secret-key-file.ts'
import { SecretKeyMissingError } from './services/secret-keys.ts'

export interface StartFailure {
  /** A sentence for the user, with what to do. */
  readonly message: string
  /** Technical, for the log. */
  readonly detail: string
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Errors whose message is for the user already. */
const EXPLAINED = [
  DataFolderInUseError,
  SchemaTooNewError,
  SecretBoxError,
  SecretKeyFileError,
  SecretKeyMissingError,
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
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return { message: 'The data folder or the port may not be used by this user.', detail }
  }
  if (code === 'ENOSPC') return { message: 'The disk is full, so the local deployment cannot start.', detail }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return {
      message:
        'The database of the local deployment is damaged. Move outpost.db out of the data folder and start again.',
      detail,
    }
  }
  const reason = error instanceof Error ? error.message : String(error)
  return { message: `The local deployment cannot start: ${reason}`, detail }
}
