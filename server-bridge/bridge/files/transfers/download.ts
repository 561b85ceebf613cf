/** From a workspace to this computer's disk. The server decides names and contents, never where they go. */
import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, realpath, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { joinRemote, remoteBaseName } from '../../../contract/remote-names.ts'
import { errorCode } from '../../../lib/to-error.ts'
import { existsFailure, FilesFailure, quoted } from '../files-failure.ts'
import { ignoreEnded } from '../list-folder.ts'
import { pipelinedRead } from '../pipeline.ts'
import { cancelled } from '../place-connection.ts'
import { resolveLinks } from '../resolve-links.ts'
import type { RemoteStats } from '../sftp/remote-attributes.ts'
import { openFlag, type SftpClient } from '../sftp/sftp-client.ts'
import {
  partSuffix,
  planMaxFiles,
  type CopyDirection,
  type CopyPlan,
  type CopyRequest,
  type PlannedFile,
} from './copy-direction.ts'
import { localName } from './local-names.ts'
import type { RemoteHasher } from './remote-hasher.ts'

export function createDownload(input: {
  readonly remotePath: string
  /** The target itself. */
  readonly localPath: string
  readonly sftp: SftpClient
  readonly hasher: RemoteHasher | null
  readonly signal: AbortSignal
  readonly platform?: NodeJS.Platform
}): CopyDirection {
  const { sftp, hasher, signal } = input
  const root = dirname(input.localPath)
  const at = (relative: string): string => join(root, ...relative.split('/'))

  return {
    plan: () => planRemote(sftp, input.remotePath, signal, input.platform ?? process.platform),
    makeFolder: (relative) => makeInside(root, relative),
    async lookAt(relative) {
      const stats = await lstatLocal(at(relative))
      if (stats === null) return null
      return { size: stats.size, mtime: Math.floor(stats.mtimeMs / 1000), isFolder: stats.isDirectory() }
    },
    async copy(request) {
      const target = at(request.relative)
      await requireInside(root, request.relative)
      const part = `${target}${partSuffix}`
      const { file: local, size } = await openPart(part)
      try {
        const { from, hash } = await usablePart(hasher, request.file, { local, size })
        await local.truncate(from)
        request.onBytes(from)
        await receive({ ...request, sftp, local, from, hash, signal })
        const verified = await verify(sftp, hasher, request.file, hash.digest('hex'))
        // Never setuid, and always ours to remove.
        await local.chmod((request.file.mode & 0o777) | 0o600)
        await local.utimes(request.file.mtime, request.file.mtime)
        await local.sync()
        await putInPlace(part, target, request.mayReplace)
        return verified
      } finally {
        await local.close()
      }
    },
    removePart: (relative) => rm(`${at(relative)}${partSuffix}`, { force: true }),
  }
}

/**
 * How much of a part can be kept, and the hash of that much. What was written arrived in order, so it is all of it if the
 * source still begins with it.
 */
async function usablePart(
  hasher: RemoteHasher | null,
  file: PlannedFile,
  { local, size }: { readonly local: FileHandle; readonly size: number },
): Promise<{ readonly from: number; readonly hash: Hash }> {
  const from = Math.min(size, file.size)
  const hash = createHash('sha256')
  const nothing = { from: 0, hash: createHash('sha256') }
  if (from === 0 || hasher === null) return nothing
  const buffer = Buffer.allocUnsafe(1024 * 1024)
  for (let at = 0; at < from;) {
    const { bytesRead } = await local.read(buffer, 0, Math.min(buffer.length, from - at), at)
    if (bytesRead === 0) return nothing
    hash.update(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
  const theirs = await hasher.hash(file.source, from)
  return theirs === hash.copy().digest('hex') ? { from, hash } : nothing
}

/** Never through a link that lies where the part should be. */
async function openPart(part: string): Promise<{ readonly file: FileHandle; readonly size: number }> {
  // Absent on Windows, where making a link needs rights of its own.
  const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0
  const file = await open(part, constants.O_RDWR | constants.O_CREAT | noFollow, 0o600)
  const stats = await file.stat()
  if (stats.isFile()) return { file, size: stats.size }
  await file.close()
  throw new FilesFailure('not_a_file', `${quoted(part)} in the folder you chose is no file. Remove it first.`)
}

interface Receiving extends CopyRequest {
  readonly sftp: SftpClient
  readonly local: FileHandle
  readonly from: number
  readonly hash: Hash
  readonly signal: AbortSignal
}

async function receive({ sftp, local, file, from, hash, signal, onBytes }: Receiving): Promise<void> {
  const handle = await sftp.open(file.source, openFlag.read)
  let end = from
  // The next bytes are asked for while these go to the disk.
  let writing: Promise<void> = Promise.resolve()
  try {
    await pipelinedRead(sftp, handle, { from, to: file.size }, async (chunk, position) => {
      if (signal.aborted) throw cancelled()
      const before = writing
      hash.update(chunk)
      end = position + chunk.length
      writing = before.then(async () => {
        await writeAll(local, chunk, position)
        onBytes(chunk.length)
        sftp.done(chunk)
      })
      writing.catch(() => undefined)
      await before
    })
    await writing
    const now = await sftp.fstat(handle)
    if (end === file.size && now.size === file.size && now.mtime === file.mtime) return
  } finally {
    await writing.catch(() => undefined)
    await sftp.closeHandle(handle).catch(ignoreEnded)
  }
  throw new FilesFailure('failed', `${quoted(file.source)} was changed while it was copied. Start it again.`)
}

async function writeAll(local: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await local.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

async function verify(
  sftp: SftpClient,
  hasher: RemoteHasher | null,
  file: PlannedFile,
  sha256: string,
): Promise<'sha256' | 'size'> {
  const expected = (await hasher?.hash(file.source)) ?? null
  if (expected === null) {
    // No answer may also mean that the connection is gone: then this fails, and the next attempt verifies.
    await sftp.stat(file.source)
    return 'size'
  }
  if (expected === sha256) return 'sha256'
  throw new FilesFailure(
    'failed',
    `What arrived of ${quoted(file.source)} is not what is on the workspace. Start it again.`,
  )
}

async function putInPlace(part: string, target: string, mayReplace: boolean): Promise<void> {
  const there = await lstatLocal(target)
  if (there !== null && (!mayReplace || there.isDirectory())) throw existsFailure(target)
  await rename(part, target)
}

async function lstatLocal(path: string) {
  try {
    return await lstat(path)
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT' || errorCode(thrown) === 'ENOTDIR') return null
    throw thrown
  }
}

/** Makes a folder below the chosen one, each level a real folder. */
async function makeInside(root: string, relative: string): Promise<void> {
  let at = await realpath(root)
  for (const name of relative.split('/')) {
    at = join(at, name)
    const there = await lstatLocal(at)
    if (there === null) await mkdir(at).catch(ignoreExisting)
    else if (!there.isDirectory()) {
      throw new FilesFailure(
        'exists',
        `There is a file or link named ${quoted(name)} where a folder should be. Rename it first.`,
      )
    }
  }
}

function ignoreExisting(thrown: unknown): void {
  if (errorCode(thrown) !== 'EEXIST') throw thrown
}

/** Every folder on the way is a real one: a link could lead out of what the user chose. */
async function requireInside(root: string, relative: string): Promise<void> {
  const folders = relative.split('/').slice(0, -1)
  if (folders.length > 0) await makeInside(root, folders.join('/'))
}

async function planRemote(
  sftp: SftpClient,
  remotePath: string,
  signal: AbortSignal,
  platform: NodeJS.Platform,
): Promise<CopyPlan> {
  const folders: string[] = []
  const files: PlannedFile[] = []
  let skipped = 0
  const addFile = (source: string, relative: string, { size, mtime, mode }: RemoteStats): void => {
    files.push({ source, relative, size, mtime, mode })
    if (files.length > planMaxFiles) {
      throw new FilesFailure('too_large', `${quoted(remotePath)} has too many files for one copy.`)
    }
  }
  const addFolder = async (path: string, relative: string): Promise<void> => {
    folders.push(relative)
    const handle = await sftp.opendir(path)
    const inner: (() => Promise<void>)[] = []
    try {
      for (let named = await sftp.readdir(handle); named !== null; named = await sftp.readdir(handle)) {
        if (signal.aborted) throw cancelled()
        for (const { name, stats } of named) {
          const source = joinRemote(path, name)
          const target = `${relative}/${localName(name, platform)}`
          if (stats.isFile) addFile(source, target, stats)
          else if (stats.isFolder) inner.push(() => addFolder(source, target))
          else skipped += 1
        }
      }
    } finally {
      await sftp.closeHandle(handle).catch(ignoreEnded)
    }
    for (const add of inner) await add()
  }
  const name = localName(remoteBaseName(remotePath), platform)
  const { path, stats } = await resolveLinks(sftp, remotePath)
  if (stats === null) throw new FilesFailure('not_found', `${quoted(remotePath)} is not there any more.`)
  if (stats.isFolder) await addFolder(path, name)
  else if (stats.isFile) addFile(path, name, stats)
  else skipped += 1
  return { folders, files, skipped }
}
