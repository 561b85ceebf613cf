import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { type SecretKey, toSecretKey } from './secret-box.ts'

/** The keys of a data folder without a keychain, oldest first: one, more while they are changed or a backup needs them. */
export interface SecretKeyFile {
  read(): SecretKey[]
  /** Replaces the file in one step; none at all removes it. */
  write(keys: readonly SecretKey[]): void
}

/** The file holds no keys we could read. The message is for the user. */
export class SecretKeyFileError extends Error {
  override readonly name = 'SecretKeyFileError'
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** One key a line in base64. Only its owner can read it. */
export function createSecretKeyFile(path: string): SecretKeyFile {
  const temporary = `${path}.tmp`

  const read = (): SecretKey[] => {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return []
      throw error
    }
    try {
      const keys = text
        .split('\n')
        .filter(Boolean)
        .map((line) => toSecretKey(Buffer.from(line, 'base64')))
      if (keys.length > 0) return keys
    } catch (error) {
      throw damaged(path, error)
    }
    throw damaged(path)
  }

  const placeFirst = (): void => {
    try {
      // A link refuses where a rename would replace: nobody's key is ever overwritten by a first one.
      linkSync(temporary, path)
      rmSync(temporary)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error
      // File systems without links.
      renameSync(temporary, path)
    }
  }

  return {
    read,
    write(keys) {
      if (keys.length === 0) {
        rmSync(path, { force: true })
        return
      }
      const isFirst = read().length === 0
      rmSync(temporary, { force: true })
      const file = openSync(temporary, 'wx', 0o600)
      try {
        writeFileSync(file, keys.map(({ bytes }) => `${Buffer.from(bytes).toString('base64')}\n`).join(''))
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      chmodSync(temporary, 0o600)
      if (isFirst) placeFirst()
      else renameSync(temporary, path)
      syncFolder(dirname(path))
    },
  }
}

function damaged(path: string, cause?: unknown): SecretKeyFileError {
  return new SecretKeyFileError(
    `The key file ${path} is damaged. Restore it from a backup and start again.`,
    {
      cause,
    },
  )
}

/** Makes the rename itself durable. Windows has no such call for folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
