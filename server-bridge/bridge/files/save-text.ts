/** Saving: what is there is compared right before the new file takes its place, and the old one stays whole until then. */
import { randomBytes } from 'node:crypto'
import type { FileVersion } from '../../contract/remote-files.ts'
import { remoteBaseName, remoteParent, joinRemote } from '../../contract/remote-names.ts'
import { FilesFailure, quoted } from './files-failure.ts'
import { ignoreEnded } from './list-folder.ts'
import { currentVersion, requireFile, sha256Of } from './read-text.ts'
import { writeWhole } from './read-whole.ts'
import { resolveLinks } from './resolve-links.ts'
import type { RemoteStats } from './sftp/remote-attributes.ts'
import { openFlag, type SftpClient } from './sftp/sftp-client.ts'
import { isSftpStatus, SftpError, sftpStatus } from './sftp/sftp-error.ts'

export interface Saving {
  readonly path: string
  readonly bytes: Uint8Array
  /** `null`: there was no such file. */
  readonly base: FileVersion | null
  readonly force: boolean
}

export interface Saved {
  readonly version: FileVersion
  /** The real file. */
  readonly path: string
}

/**
 * Puts bytes in a file's place. Links are followed; mode is kept, and owner where the server allows it.
 *
 * @throws {FilesFailure} `conflict` with what is there now; what SFTP throws
 */
export async function saveText(sftp: SftpClient, saving: Saving, signal: AbortSignal): Promise<Saved> {
  const { path, stats } = await resolveLinks(sftp, saving.path)
  if (stats !== null) requireFile(saving.path, stats)
  const draft = await writeDraft(sftp, path, saving.bytes, stats)
  if (draft === null) return overwrite(sftp, path, saving, signal)
  try {
    await requireUnchanged(sftp, path, saving, signal)
    if (stats === null && !saving.force) await sftp.rename(draft, path)
    else await sftp.replace(draft, path)
  } catch (thrown) {
    await sftp.remove(draft).catch(ignoreEnded)
    if (isBusy(thrown)) return overwrite(sftp, path, saving, signal)
    // Made by somebody else within the last round trip.
    if (stats === null && isSftpStatus(thrown, sftpStatus.failure)) {
      await requireUnchanged(sftp, path, saving, signal)
    }
    throw thrown
  }
  return savedAs(sftp, path, saving.bytes)
}

/** Beside the file, so that it can take its place. `null` where the folder takes no new file. */
async function writeDraft(
  sftp: SftpClient,
  path: string,
  bytes: Uint8Array,
  old: RemoteStats | null,
): Promise<string | null> {
  const name = `.${remoteBaseName(path).slice(0, 60)}.outpost-${randomBytes(8).toString('hex')}`
  const draft = joinRemote(remoteParent(path), name)
  let handle: Buffer
  try {
    const flags = openFlag.write | openFlag.create | openFlag.exclusive
    // Of a new file the server decides, by its mask.
    handle = await sftp.open(draft, flags, old === null ? {} : { permissions: 0o600 })
  } catch (thrown) {
    if (old !== null && isSftpStatus(thrown, sftpStatus.permissionDenied)) return null
    throw thrown
  }
  try {
    await writeWhole(sftp, handle, bytes)
    if (old !== null) await keepMode(sftp, handle, old)
    await sftp.fsync(handle)
    await sftp.closeHandle(handle)
    return draft
  } catch (thrown) {
    await sftp.closeHandle(handle).catch(ignoreEnded)
    await sftp.remove(draft).catch(ignoreEnded)
    throw thrown
  }
}

/** The owner first: changing it takes setuid away. */
async function keepMode(sftp: SftpClient, handle: Buffer, old: RemoteStats): Promise<void> {
  const { uid, gid } = await sftp.fstat(handle)
  if (uid !== old.uid || gid !== old.gid) {
    try {
      await sftp.fsetstat(handle, { owner: { uid: old.uid, gid: old.gid } })
    } catch (thrown) {
      // Only root may give files away.
      if (!(thrown instanceof SftpError) || thrown.status === sftpStatus.connectionLost) throw thrown
    }
  }
  await sftp.fsetstat(handle, { permissions: old.mode & 0o7777 })
}

/** A file that something is mounted on, as containers do with `/etc/hosts`, has to stay the same one. */
function isBusy(thrown: unknown): boolean {
  return thrown instanceof SftpError && /busy/i.test(thrown.message)
}

/** Where no file may be made beside it, or none can take its place: over the old bytes, the end cut last. */
async function overwrite(
  sftp: SftpClient,
  path: string,
  saving: Saving,
  signal: AbortSignal,
): Promise<Saved> {
  await requireUnchanged(sftp, path, saving, signal)
  const handle = await sftp.open(path, openFlag.write)
  try {
    await writeWhole(sftp, handle, saving.bytes)
    await sftp.fsetstat(handle, { size: saving.bytes.byteLength })
    await sftp.fsync(handle)
  } finally {
    await sftp.closeHandle(handle).catch(ignoreEnded)
  }
  return savedAs(sftp, path, saving.bytes)
}

/**
 * Time and size are not enough to be sure, since SFTP has whole seconds, and not enough to refuse, since `touch` changes
 * nothing: the hash decides.
 */
async function requireUnchanged(
  sftp: SftpClient,
  path: string,
  { base, force }: Saving,
  signal: AbortSignal,
): Promise<void> {
  if (force) return
  const current = await currentVersion(sftp, path, signal)
  if (current?.sha256 === base?.sha256) return
  throw conflict(path, current)
}

export function conflict(path: string, current: FileVersion | null): FilesFailure {
  const what =
    current === null
      ? `${quoted(path)} was deleted on the workspace since you opened it.`
      : `${quoted(path)} was changed on the workspace since you opened it.`
  return new FilesFailure('conflict', `${what} Compare, or save over it.`, current)
}

async function savedAs(sftp: SftpClient, path: string, bytes: Uint8Array): Promise<Saved> {
  const { mtime } = await sftp.stat(path)
  return { path, version: { mtime, size: bytes.byteLength, sha256: sha256Of(bytes) } }
}
