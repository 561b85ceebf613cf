/** One small file of a workspace, changed over SFTP. */
import { randomBytes } from 'node:crypto'
import type { Client, SFTPWrapper } from 'ssh2'
import { toError } from '../../lib/to-error.ts'

/** More than anybody writes into a configuration. */
const maxBytes = 1024 * 1024
/** Of SFTP (draft-ietf-secsh-filexfer-02, 7). */
const noSuchFile = 2

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
 * Changes a file at once: the new one takes the old one's place, readable by its owner only. A link stays one
 * where the workspace's SFTP server resolves links in REALPATH; where it does not, the file takes the link's place.
 *
 * @param name relative to the folder in which a workspace's commands start.
 * @throws what SFTP and `change` throw.
 */
export async function changeWorkspaceFile(ssh: Client, name: string, change: FileChange): Promise<void> {
  const sftp = await asPromise<SFTPWrapper>((done) => {
    ssh.sftp((error, opened) => {
      done(error, opened)
    })
  })
  try {
    const path = await realPath(sftp, name)
    const text = await readText(sftp, path)
    const next = change(text)
    if (next === undefined || next === text) return
    if (next === null) await asPromise((done) => sftp.unlink(path, (error) => done(error, undefined)))
    else await replace(sftp, path, next)
  } finally {
    sftp.end()
  }
}

function realPath(sftp: SFTPWrapper, name: string): Promise<string> {
  return asPromise<string>((done) => sftp.realpath(name, done))
}

async function readText(sftp: SFTPWrapper, path: string): Promise<string | undefined> {
  try {
    const { size } = await asPromise<{ readonly size: number }>((done) => sftp.stat(path, done))
    if (size > maxBytes) throw new Error('It is too large to be a list of servers.')
    const bytes = await asPromise<Buffer>((done) => sftp.readFile(path, done))
    return bytes.toString('utf8')
  } catch (thrown) {
    if ((toError(thrown) as { readonly code?: unknown }).code === noSuchFile) return undefined
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
