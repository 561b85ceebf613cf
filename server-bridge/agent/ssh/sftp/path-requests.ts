import { link, lstat, mkdir, readlink, rename, rmdir, stat, symlink, unlink } from 'node:fs/promises'
import { errorCode } from '../../../lib/to-error.ts'
import { attributesAnswer, readAttributes } from './attributes.ts'
import { nameAnswer } from './file-requests.ts'
import { packetType, uint32 } from '../../../lib/sftp-packets.ts'
import { realPath } from './paths.ts'
import { applyAttributes, pathTarget } from './set-attributes.ts'
import type { SftpHandlers } from './sftp-request.ts'
import { encodeStatus, SftpStatusError, statusCode } from './status.ts'

const directoryMode = 0o777
/** No attributes at all: only the name counts. */
const noAttributes = uint32(0)

/** Requests about paths. */
export const pathRequests: SftpHandlers = {
  [packetType.stat]: async ({ id, packet, resolve }) =>
    attributesAnswer(id, await stat(resolve(packet.bytes()))),

  [packetType.lstat]: async ({ id, packet, resolve }) =>
    attributesAnswer(id, await lstat(resolve(packet.bytes()))),

  [packetType.setstat]: async ({ id, packet, resolve }) => {
    const path = resolve(packet.bytes())
    await applyAttributes(pathTarget(path), readAttributes(packet))
    return success(id)
  },

  [packetType.remove]: async ({ id, packet, resolve }) => {
    await unlink(resolve(packet.bytes()))
    return success(id)
  },

  [packetType.mkdir]: async ({ id, packet, resolve }) => {
    const path = resolve(packet.bytes())
    await mkdir(path, readAttributes(packet).permissions ?? directoryMode)
    return success(id)
  },

  [packetType.rmdir]: async ({ id, packet, resolve }) => {
    await rmdir(resolve(packet.bytes()))
    return success(id)
  },

  [packetType.realpath]: async ({ id, packet, resolve }) =>
    pathAnswer(id, await realPath(resolve(packet.bytes()))),

  [packetType.rename]: async ({ id, packet, resolve }) => {
    const from = resolve(packet.bytes())
    await renameUnlessThere(from, resolve(packet.bytes()))
    return success(id)
  },

  [packetType.readlink]: async ({ id, packet, resolve }) =>
    pathAnswer(id, await readlink(resolve(packet.bytes()), { encoding: 'buffer' })),

  [packetType.symlink]: async ({ id, packet, resolve, linkComesFirst }) => {
    const first = packet.bytes()
    const second = packet.bytes()
    const [target, path] = linkComesFirst ? [second, first] : [first, second]
    // The target is text of the link, not a path of ours.
    await symlink(target, resolve(path))
    return success(id)
  },
}

export function success(id: number): Buffer {
  return encodeStatus(id, statusCode.ok, 'Success')
}

/** One path and nothing about it. */
export function pathAnswer(id: number, path: Buffer): Buffer {
  return nameAnswer(id, [{ name: path, longName: path, attributes: noAttributes }])
}

/**
 * Version 3's rename never replaces a file. A hard link holds that without a gap in time; where there can be none (a
 * directory, or a file system without them) a look beforehand has to do, as in OpenSSH's server.
 */
async function renameUnlessThere(from: Buffer, to: Buffer): Promise<void> {
  if ((await lstat(from)).isFile()) {
    try {
      await link(from, to)
      await unlink(from)
      return
    } catch (error) {
      if (!linkIsImpossible.has(errorCode(error) ?? '')) throw error
    }
  }
  if (await exists(to)) throw new SftpStatusError(statusCode.failure, 'File already exists')
  await rename(from, to)
}

const linkIsImpossible = new Set(['EPERM', 'EMLINK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV'])

async function exists(path: Buffer): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}
