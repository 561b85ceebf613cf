/** What went wrong with a file, in the contract's codes and in a sentence. */
import type { FilesError, FilesErrorCode, FileVersion } from '../../contract/remote-files.ts'
import { displayName, remoteBaseName } from '../../contract/remote-names.ts'
import { toError } from '../../lib/to-error.ts'
import { SftpError, sftpStatus } from './sftp/sftp-error.ts'

export class FilesFailure extends Error {
  override readonly name = 'FilesFailure'
  readonly code: FilesErrorCode
  readonly current: FileVersion | null | undefined

  /** @param message a sentence that may be shown. */
  constructor(code: FilesErrorCode, message: string, current?: FileVersion | null) {
    super(message)
    this.code = code
    this.current = current
  }
}

/** The name of what is meant, as it may stand in a sentence. */
export function quoted(path: string): string {
  const name = displayName(remoteBaseName(path) || '/')
  return `“${name.length > 80 ? `${name.slice(0, 79)}…` : name}”`
}

/** A name that is taken. */
export function existsFailure(path: string): FilesFailure {
  return new FilesFailure('exists', `There is already something named ${quoted(path)}. Choose another name.`)
}

/** What was thrown about `path`, as a failure. */
export function failureOf(thrown: unknown, path: string): FilesFailure {
  if (thrown instanceof FilesFailure) return thrown
  if (!(thrown instanceof SftpError)) return new FilesFailure('failed', toError(thrown).message)
  const name = quoted(path)
  if (thrown.status === sftpStatus.noConnection || thrown.status === sftpStatus.connectionLost) {
    return new FilesFailure(
      'disconnected',
      'The connection to the workspace was lost. It is being tried again.',
    )
  }
  if (thrown.status === sftpStatus.noSuchFile) {
    return new FilesFailure(
      'not_found',
      `${name} is not there any more. Refresh the folder to see what there is.`,
    )
  }
  if (thrown.status === sftpStatus.permissionDenied) {
    return new FilesFailure('permission_denied', `The workspace did not allow that for ${name}.`)
  }
  const known = wordings.find(({ said }) => said.test(thrown.message))
  if (known !== undefined) return new FilesFailure(known.code, known.words(name))
  const said = displayName(thrown.message).slice(0, 200)
  return new FilesFailure('failed', `That did not work for ${name}. The workspace says: ${said}.`)
}

interface Wording {
  readonly said: RegExp
  readonly code: FilesErrorCode
  readonly words: (name: string) => string
}

/** Version 3 has one status for most failures, so servers say the rest in words: the system's. */
const wordings: readonly Wording[] = [
  {
    said: /already exists|file exists/i,
    code: 'exists',
    words: (name) => `There is already something named ${name}. Choose another name.`,
  },
  {
    said: /no space left|quota/i,
    code: 'disk_full',
    words: () => 'The disk of the workspace is full. Free some space and try again.',
  },
  {
    said: /read-only file system/i,
    code: 'read_only_file_system',
    words: (name) => `${name} lies on a file system that cannot be written to.`,
  },
  {
    said: /cross-device/i,
    code: 'other_file_system',
    words: (name) => `${name} cannot be moved there, since that is another file system.`,
  },
  {
    said: /is a directory|illegal operation on a directory/i,
    code: 'is_folder',
    words: (name) => `${name} is a folder.`,
  },
  { said: /not a directory/i, code: 'not_a_folder', words: (name) => `${name} is not a folder.` },
  {
    said: /name too long|invalid argument/i,
    code: 'name_not_usable',
    words: (name) => `The workspace cannot use the name ${name}.`,
  },
]

/** As it crosses to the window. */
export function wireError({ code, message, current }: FilesFailure): FilesError {
  return current === undefined ? { code, message } : { code, message, current }
}
