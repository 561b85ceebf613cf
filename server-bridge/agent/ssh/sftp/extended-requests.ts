import type { StatsFs } from 'node:fs'
import { link, rename, statfs } from 'node:fs/promises'
import { readAttributes } from './attributes.ts'
import { unsupported } from './file-requests.ts'
import { maxOpenHandles } from './open-handles.ts'
import {
  encodePacket,
  maxDataBytes,
  maxPacketBytes,
  packetType,
  string,
  uint32,
  uint64,
} from '../../../lib/sftp-packets.ts'
import { pathAnswer, success } from './path-requests.ts'
import { expandHome, realPath } from './paths.ts'
import { applyAttributes, linkTarget } from './set-attributes.ts'
import type { SftpHandler } from './sftp-request.ts'

/** Names longer than this exist on no system we run on. */
const maxNameBytes = 255

interface Extension {
  /** As announced: OpenSSH's version of it (its PROTOCOL file, section 4). */
  readonly version: string
  readonly handle: SftpHandler
}

const extensions: Readonly<Record<string, Extension>> = {
  'posix-rename@openssh.com': {
    version: '1',
    handle: async ({ id, packet, resolve }) => {
      const from = resolve(packet.bytes())
      await rename(from, resolve(packet.bytes()))
      return success(id)
    },
  },
  'hardlink@openssh.com': {
    version: '1',
    handle: async ({ id, packet, resolve }) => {
      const from = resolve(packet.bytes())
      await link(from, resolve(packet.bytes()))
      return success(id)
    },
  },
  'fsync@openssh.com': {
    version: '1',
    handle: async ({ id, packet, handles }) => {
      await handles.file(packet.bytes()).file.sync()
      return success(id)
    },
  },
  'lsetstat@openssh.com': {
    version: '1',
    handle: async ({ id, packet, resolve }) => {
      const path = resolve(packet.bytes())
      await applyAttributes(linkTarget(path), readAttributes(packet))
      return success(id)
    },
  },
  'statvfs@openssh.com': {
    version: '2',
    handle: async ({ id, packet, resolve }) => spaceAnswer(id, await statfs(resolve(packet.bytes()))),
  },
  'limits@openssh.com': {
    version: '1',
    handle: async ({ id }) =>
      encodePacket(
        packetType.extendedReply,
        uint32(id),
        ...[maxPacketBytes, maxDataBytes, maxDataBytes, maxOpenHandles].map(uint64),
      ),
  },
  'expand-path@openssh.com': {
    version: '1',
    handle: async ({ id, packet, resolve, homeDirectory }) =>
      pathAnswer(id, await realPath(resolve(expandHome(homeDirectory, packet.bytes())))),
  },
}

/** What the answer to `init` announces. */
export function announcedExtensions(): Buffer {
  return Buffer.concat(
    Object.entries(extensions).flatMap(([name, { version }]) => [string(name), string(version)]),
  )
}

/** Answers a request of the extended kind by its name. */
export const answerExtended: SftpHandler = async (request) => {
  const name = request.packet.text()
  const extension = Object.hasOwn(extensions, name) ? extensions[name] : undefined
  if (extension === undefined) throw unsupported(`The extension ${JSON.stringify(name.slice(0, 100))}`)
  return extension.handle(request)
}

/** Space and files of a file system in the fields of statvfs(3). Node tells neither its id nor its flags. */
function spaceAnswer(id: number, space: StatsFs): Buffer {
  const fields = [
    space.bsize,
    space.bsize,
    space.blocks,
    space.bfree,
    space.bavail,
    space.files,
    space.ffree,
    space.ffree,
    0,
    0,
    maxNameBytes,
  ]
  return encodePacket(packetType.extendedReply, uint32(id), ...fields.map(uint64))
}
