import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, isAbsolute, join, parse, relative, sep } from 'node:path'
import type { AgentSecret } from '../contract/agent-link.ts'
import { toError } from '../lib/to-error.ts'

/** A secret's file was not written. Names the path, never the value. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError'
}

/**
 * Writes the files of a workspace's secrets, readable by the user alone. `~/` is the workspace's folder, as it is for the
 * folder shells start in. One that cannot be written does not keep the others from it.
 */
export function writeSecretFiles(homeDir: string, secrets: readonly AgentSecret[]): SecretFileError[] {
  const failures: SecretFileError[] = []
  for (const { file_path: path, value } of secrets) {
    if (path === '') continue
    try {
      if (path.startsWith('~/')) writeInside(homeDir, path.slice(2), value)
      else writeOutside(path, value)
    } catch (error) {
      const reason = toError(error).message
      failures.push(new SecretFileError(`The secret file ${path} could not be written: ${reason}`))
    }
  }
  return failures
}

/** The folder is the workspace's own, where anything may have been made a link: none leads out of it. */
function writeInside(homeDir: string, path: string, value: string): void {
  mkdirSync(homeDir, { recursive: true, mode: 0o700 })
  const home = realpathSync(homeDir)
  let folder = home
  for (const segment of dirname(path).split('/')) {
    if (segment === '.') continue
    folder = join(folder, segment)
    // Not recursive: what is there must be looked at before anything is made in it.
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder, { mode: 0o700 })
    folder = realpathSync(folder)
    const fromHome = relative(home, folder)
    if (fromHome === '..' || fromHome.startsWith(`..${sep}`) || isAbsolute(fromHome)) {
      throw new Error('a link on its way leads out of the workspace.')
    }
  }
  replaceFile(join(folder, path.split('/').at(-1) ?? ''), value)
}

/** Elsewhere on the machine folders are the user's own business; only missing ones are made. */
function writeOutside(path: string, value: string): void {
  if (!isAbsolute(path) || parse(path).base === '') throw new Error('it is not an absolute path.')
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  replaceFile(join(realpathSync(dirname(path)), parse(path).base), value)
}

/** Renaming replaces a link of the file's name instead of following it, and no reader ever sees half a file. */
function replaceFile(path: string, value: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isDirectory() === true) throw new Error('there is a folder of that name.')
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeFileSync(file, value)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    chmodSync(temporary, 0o600)
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}
