/** One small file of a workspace, changed over SFTP. */
import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import type { Client, SFTPWrapper, Stats } from 'ssh2'
import { toError } from '../../lib/to-error.ts'

/** More than anybody writes into a configuration. */
const maxBytes = 1024 * 1024
/** Of SFTP (draft-ietf-secsh-filexfer-02, 7). */
const noSuchFile = 2
/** As many links as Linux follows within a path (`MAXSYMLINKS`); more are a loop. */
const maxLinks = 40

/** The file cannot be used as it lies there; `message` is a sentence. */
export class WorkspaceFileError extends Error {
  override readonly name = 'WorkspaceFileError'
}

type Done<T> = (error: Error | null | undefined, value: T) => void

function asPromise<T = void>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error === undefined || error === null) resolve(value)
      else reject(error)
    })
  })
}

/** What to make of a file's text (`undefined`: there is none): new text, `null` to remove it, `undefined` to leave it. */
export type FileChange = (text: string | undefined) => string | null | undefined

/**
 * Changes a file at once: the new one takes the old one's place, readable by its owner only. A link stays one, and what
 * it leads to is changed; that is emptied where it would be removed, so that the link goes on leading somewhere.
 *
 * @param name relative to the folder in which a workspace's commands start.
 * @param emptied the text of a file with nothing in it.
 * @throws {WorkspaceFileError} when a link leads to no regular file of the same user; what SFTP and `change` throw.
 */
export async function changeWorkspaceFile(
  ssh: Client,
  name: string,
  change: FileChange,
  emptied: string,
): Promise<void> {
  const sftp = await asPromise<SFTPWrapper>((done) => {
    ssh.sftp((error, opened) => {
      done(error, opened)
    })
  })
  try {
    const { path, isLinked } = await placeOf(sftp, name)
    const text = await readText(sftp, path)
    const changed = change(text)
    const next = changed === null && isLinked ? emptied : changed
    if (next === undefined || next === text) return
    if (next === null) await asPromise((done) => sftp.unlink(path, (error) => done(error, undefined)))
    else await replace(sftp, path, next)
  } finally {
    sftp.end()
  }
}

/**
 * Where the file lies. Its links are followed here, one by one: servers differ in whether REALPATH resolves them, and
 * one that leads nowhere has to be told from a file that is not there yet.
 */
async function placeOf(
  sftp: SFTPWrapper,
  name: string,
): Promise<{ readonly path: string; readonly isLinked: boolean }> {
  const folder = await asPromise<string>((done) => sftp.realpath('.', done))
  let path = posix.join(folder, name)
  let owner: number | undefined
  for (let links = 0; links <= maxLinks; links += 1) {
    const found = await lookAt(sftp, path)
    const isLinked = links > 0
    if (found === undefined) {
      if (isLinked)
        throw new WorkspaceFileError(`${name} in the workspace is a link to a file that does not exist.`)
      return { path, isLinked }
    }
    if (!found.isSymbolicLink()) {
      if (!found.isFile())
        throw new WorkspaceFileError(
          isLinked
            ? `${name} in the workspace is a link to something that is not a file.`
            : `${name} in the workspace is not a file.`,
        )
      if (owner !== undefined && found.uid !== owner)
        throw new WorkspaceFileError(`${name} in the workspace is a link to a file of another user.`)
      return { path, isLinked }
    }
    owner ??= found.uid
    const link = path
    path = posix.resolve(posix.dirname(path), await asPromise<string>((done) => sftp.readlink(link, done)))
  }
  throw new WorkspaceFileError(`${name} in the workspace is a link that leads back to itself.`)
}

async function lookAt(sftp: SFTPWrapper, path: string): Promise<Stats | undefined> {
  try {
    return await asPromise<Stats>((done) => sftp.lstat(path, done))
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}

function isMissing(thrown: unknown): boolean {
  return (toError(thrown) as { readonly code?: unknown }).code === noSuchFile
}

async function readText(sftp: SFTPWrapper, path: string): Promise<string | undefined> {
  try {
    const { size } = await asPromise<{ readonly size: number }>((done) => sftp.stat(path, done))
    if (size > maxBytes) throw new Error('It is too large to be a list of servers.')
    const bytes = await asPromise<Buffer>((done) => sftp.readFile(path, done))
    return bytes.toString('utf8')
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}

async function replace(sftp: SFTPWrapper, path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await asPromise((done) =>
      sftp.writeFile(draft, text, { mode: 0o600, flag: 'wx' }, (error) => done(error, undefined)),
    )
    await asPromise((done) => sftp.ext_openssh_rename(draft, path, (error) => done(error, undefined)))
  } catch (thrown) {
    // What is left of an attempt must not lie around: it holds the bearer.
    sftp.unlink(draft, () => undefined)
    throw thrown
  }
}
