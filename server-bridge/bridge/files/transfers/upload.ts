/** From this computer's disk to a workspace. */
import { createHash, type Hash } from 'node:crypto'
import { lstat, open, opendir, stat, type FileHandle } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { joinRemote, remoteBaseName, remoteParent } from '../../../contract/remote-names.ts'
import { makeFolders } from '../change-files.ts'
import { existsFailure, FilesFailure, quoted } from '../files-failure.ts'
import { ignoreEnded } from '../list-folder.ts'
import { pipelinedWrite } from '../pipeline.ts'
import { cancelled } from '../place-connection.ts'
import { lstatOrNull } from '../resolve-links.ts'
import { createPacketMemory, type PacketMemory } from '../sftp/packet-memory.ts'
import { openFlag, type SftpClient } from '../sftp/sftp-client.ts'
import {
  partSuffix,
  planMaxFiles,
  uncertainBytes,
  type CopyDirection,
  type CopyPlan,
  type CopyRequest,
  type PlannedFile,
} from './copy-direction.ts'
import type { RemoteHasher } from './remote-hasher.ts'

export function createUpload(input: {
  readonly localPath: string
  /** The target itself. */
  readonly remotePath: string
  readonly isFolder: boolean
  readonly sftp: SftpClient
  readonly hasher: RemoteHasher | null
  readonly signal: AbortSignal
}): CopyDirection {
  const { sftp, hasher, signal } = input
  const root = remoteParent(input.remotePath)
  const at = (relative: string): string => joinRemote(root, relative)

  return {
    plan: () => planLocal(input.localPath, remoteBaseName(input.remotePath), signal),
    makeFolder: (relative) => makeFolders(sftp, at(relative)),
    async lookAt(relative) {
      const stats = await lstatOrNull(sftp, at(relative))
      return stats === null ? null : { size: stats.size, mtime: stats.mtime, isFolder: stats.isFolder }
    },
    async copy(request) {
      const { file, relative } = request
      const target = at(relative)
      const part = `${target}${partSuffix}`
      const source = await open(file.source, 'r')
      try {
        const { from, hash } = await usablePart({ sftp, hasher, part, source, size: file.size })
        request.onBytes(from)
        await send({ ...request, sftp, source, part, from, hash, signal })
        await requireSame(file)
        const verified = await verify(sftp, hasher, part, { size: file.size, sha256: hash.digest('hex') })
        await putInPlace(sftp, part, target, request.mayReplace)
        return verified
      } finally {
        await source.close()
      }
    },
    async removePart(relative) {
      await sftp.remove(`${at(relative)}${partSuffix}`).catch(ignoreEnded)
    },
  }
}

/** How much of a part can be kept, and the hash of that much. */
async function usablePart(given: {
  readonly sftp: SftpClient
  readonly hasher: RemoteHasher | null
  readonly part: string
  readonly source: FileHandle
  readonly size: number
}): Promise<{ readonly from: number; readonly hash: Hash }> {
  const { sftp, hasher, part, source, size } = given
  const stats = await lstatOrNull(sftp, part)
  if (stats !== null && !stats.isFile) {
    throw new FilesFailure('not_a_file', `${quoted(part)} on the workspace is in the way. Remove it first.`)
  }
  const from = Math.min(stats?.size ?? 0, size) - uncertainBytes
  const hash = createHash('sha256')
  if (from <= 0 || hasher === null) return { from: 0, hash }
  for await (const chunk of chunksOf(source, { from: 0, to: from, chunkBytes: 1024 * 1024 }))
    hash.update(chunk)
  if ((await hasher.hash(part, from)) === hash.copy().digest('hex')) return { from, hash }
  return { from: 0, hash: createHash('sha256') }
}

interface Sending extends CopyRequest {
  readonly sftp: SftpClient
  readonly source: FileHandle
  readonly part: string
  readonly from: number
  readonly hash: Hash
  readonly signal: AbortSignal
}

async function send({ sftp, source, file, part, from, hash, signal, onBytes }: Sending): Promise<void> {
  const flags = openFlag.write | openFlag.create | (from === 0 ? openFlag.truncate : 0)
  const handle = await sftp.open(part, flags, { permissions: 0o600 })
  const memory = createPacketMemory()
  try {
    await pipelinedWrite(
      sftp,
      { handle, position: from },
      async function* () {
        for await (const chunk of chunksOf(
          source,
          { from, to: file.size, chunkBytes: sftp.maxWriteBytes },
          memory,
        )) {
          if (signal.aborted) throw cancelled()
          hash.update(chunk)
          yield chunk
        }
      },
      (chunk) => {
        onBytes(chunk.length)
        memory.giveBack(chunk)
      },
    )
    // The part of an earlier attempt may have been longer.
    await sftp.fsetstat(handle, { size: file.size, permissions: file.mode & 0o777, mtime: file.mtime })
    await sftp.fsync(handle)
  } finally {
    await sftp.closeHandle(handle).catch(ignoreEnded)
  }
}

/** Reads ahead of what is taken, so that the disk and the network work at the same time. */
async function* chunksOf(
  file: FileHandle,
  { from, to, chunkBytes }: { readonly from: number; readonly to: number; readonly chunkBytes: number },
  memory: Pick<PacketMemory, 'allocate'> = { allocate: Buffer.allocUnsafe },
): AsyncGenerator<Buffer> {
  const read = async (at: number): Promise<Buffer> => {
    const buffer = memory.allocate(Math.min(chunkBytes, to - at))
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, at + length)
      if (bytesRead === 0) throw new FilesFailure('failed', 'The file became shorter while it was copied.')
      length += bytesRead
    }
    return buffer
  }
  let at = from
  let next = at < to ? read(at) : null
  while (next !== null) {
    const chunk = await next
    at += chunk.length
    next = at < to ? read(at) : null
    next?.catch(() => undefined)
    yield chunk
  }
}

async function requireSame(file: PlannedFile): Promise<void> {
  const now = await stat(file.source)
  if (now.size === file.size && Math.floor(now.mtimeMs / 1000) === file.mtime) return
  throw new FilesFailure('failed', `${quoted(file.source)} was changed while it was copied. Start it again.`)
}

async function verify(
  sftp: SftpClient,
  hasher: RemoteHasher | null,
  part: string,
  expected: { readonly size: number; readonly sha256: string },
): Promise<'sha256' | 'size'> {
  const hash = (await hasher?.hash(part)) ?? null
  const { size } = await sftp.stat(part)
  if (size !== expected.size || (hash !== null && hash !== expected.sha256)) {
    await sftp.remove(part)
    throw new FilesFailure(
      'failed',
      'What arrived is not what was sent, so it was thrown away. Start it again.',
    )
  }
  return hash === null ? 'size' : 'sha256'
}

async function putInPlace(
  sftp: SftpClient,
  part: string,
  target: string,
  mayReplace: boolean,
): Promise<void> {
  if (mayReplace && sftp.has('posix-rename@openssh.com')) {
    await sftp.replace(part, target)
    return
  }
  if (mayReplace) await sftp.remove(target).catch(ignoreEnded)
  try {
    await sftp.rename(part, target)
  } catch (thrown) {
    if ((await lstatOrNull(sftp, target)) !== null) throw existsFailure(target)
    throw thrown
  }
}

/** The chosen thing itself may be a link; links inside of a folder could lead anywhere and are left out. */
async function planLocal(localPath: string, name: string, signal: AbortSignal): Promise<CopyPlan> {
  const folders: string[] = []
  const files: PlannedFile[] = []
  let skipped = 0
  const add = async (path: string, relative: string, isTop: boolean): Promise<void> => {
    if (signal.aborted) throw cancelled()
    const stats = await (isTop ? stat(path) : lstat(path))
    if (stats.isDirectory()) {
      folders.push(relative)
      for await (const entry of await opendir(path)) {
        await add(join(path, entry.name), `${relative}/${entry.name}`, false)
      }
    } else if (stats.isFile()) {
      const mtime = Math.floor(stats.mtimeMs / 1000)
      files.push({ source: path, relative, size: stats.size, mtime, mode: stats.mode })
    } else skipped += 1
    if (files.length > planMaxFiles) {
      throw new FilesFailure('too_large', `${quoted(basename(localPath))} has too many files for one copy.`)
    }
  }
  await add(localPath, name, true)
  return { folders, files, skipped }
}
