import { realpath } from 'node:fs/promises'
import { basename, dirname, posix } from 'node:path'
import { errorCode } from '../../../lib/to-error.ts'

/**
 * Paths are kept as bytes: a file's name need not be UTF-8, and such a file must still be seen and removed. Text work
 * on them goes through Latin-1, which maps each byte to one character and back.
 */
export function toBytes(latin1: string): Buffer {
  return Buffer.from(latin1, 'latin1')
}

/** The absolute, tidy form of a client's path; relative ones are meant from `directory`. */
export function resolvePath(directory: string, path: Buffer): Buffer {
  const base = Buffer.from(directory).toString('latin1')
  return toBytes(posix.resolve(base, path.toString('latin1')))
}

export function joinPath(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat([directory, Buffer.from('/'), name])
}

/** Replaces a leading `~` or `~/` by the home directory (OpenSSH's `expand-path@openssh.com`). */
export function expandHome(homeDirectory: string, path: Buffer): Buffer {
  const text = path.toString('latin1')
  if (text !== '~' && !text.startsWith('~/')) return path
  return Buffer.concat([Buffer.from(homeDirectory), path.subarray(1)])
}

/** The path without links; its last part need not exist, so that a client can ask for what it is about to make. */
export async function realPath(path: Buffer): Promise<Buffer> {
  try {
    return await realpath(path, { encoding: 'buffer' })
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    const text = path.toString('latin1')
    const parent = await realpath(toBytes(dirname(text)), { encoding: 'buffer' })
    return resolvePath(parent.toString('utf8'), toBytes(basename(text)))
  }
}
