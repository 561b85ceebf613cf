import { createHash } from 'node:crypto'
import type { FileVersion, ReadText } from '../../contract/remote-files.ts'
import { FilesFailure, quoted } from './files-failure.ts'
import { ignoreEnded } from './list-folder.ts'
import { pipelinedRead } from './pipeline.ts'
import { cancelled } from './place-connection.ts'
import { resolveLinks } from './resolve-links.ts'
import type { RemoteStats } from './sftp/remote-attributes.ts'
import { openFlag, type SftpClient } from './sftp/sftp-client.ts'
import { SftpError, sftpStatus } from './sftp/sftp-error.ts'
import { detectTextFormat } from './text-format.ts'

/** Reads at most `maxBytes` of a file, with what a save is checked against. */
export async function readText(
  sftp: SftpClient,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<ReadText> {
  const real = await resolveLinks(sftp, path)
  if (real.stats === null) throw new SftpError(sftpStatus.noSuchFile, '')
  requireFile(path, real.stats)
  const handle = await sftp.open(real.path, openFlag.read)
  try {
    const parts: Buffer[] = []
    let length = 0
    await pipelinedRead(sftp, handle, { from: 0, to: maxBytes + 1 }, (chunk) => {
      if (signal.aborted) throw cancelled()
      parts.push(chunk)
      length += chunk.length
    })
    // After the bytes: a time from before them could be older than what was read.
    const { mtime, mode, uid, gid, size } = await sftp.fstat(handle)
    const isTruncated = length > maxBytes
    const bytes = Buffer.concat(parts, length).subarray(0, maxBytes)
    const version = isTruncated ? null : { mtime, size: length, sha256: sha256Of(bytes) }
    return {
      path: real.path,
      // A copy of its own memory: what crosses to the window is the whole memory below, and Node shares that between buffers.
      bytes: new Uint8Array(bytes),
      size: isTruncated ? Math.max(size, length) : length,
      isTruncated,
      version,
      ...detectTextFormat(bytes, isTruncated),
      mode,
      uid,
      gid,
    }
  } finally {
    await sftp.closeHandle(handle).catch(ignoreEnded)
  }
}

/** What is there now, read as a whole. @returns `null` where there is nothing. */
export async function currentVersion(
  sftp: SftpClient,
  path: string,
  signal: AbortSignal,
): Promise<FileVersion | null> {
  let handle: Buffer
  try {
    handle = await sftp.open(path, openFlag.read)
  } catch (thrown) {
    if (thrown instanceof SftpError && thrown.status === sftpStatus.noSuchFile) return null
    throw thrown
  }
  try {
    const hash = createHash('sha256')
    let size = 0
    await pipelinedRead(sftp, handle, { from: 0, to: Number.MAX_SAFE_INTEGER }, (chunk) => {
      if (signal.aborted) throw cancelled()
      hash.update(chunk)
      size += chunk.length
      sftp.done(chunk)
    })
    const { mtime } = await sftp.fstat(handle)
    return { mtime, size, sha256: hash.digest('hex') }
  } finally {
    await sftp.closeHandle(handle).catch(ignoreEnded)
  }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** @throws {FilesFailure} for what has no bytes of its own: opening a pipe or a device would wait, or act. */
export function requireFile(path: string, stats: RemoteStats): void {
  if (stats.isFile) return
  if (stats.isFolder) throw new FilesFailure('is_folder', `${quoted(path)} is a folder.`)
  throw new FilesFailure('not_a_file', `${quoted(path)} is not a regular file, so it cannot be opened.`)
}
