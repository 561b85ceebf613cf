/** Attributes of SFTP version 3 as a client reads and writes them (draft-ietf-secsh-filexfer-02, section 5). */
import { uint32, uint64, type PacketReader } from '../../../lib/sftp-packets.ts'

const has = { size: 0x1, owner: 0x2, permissions: 0x4, times: 0x8, extended: 0x8000_0000 } as const

export interface RemoteStats {
  readonly size: number
  readonly uid: number
  readonly gid: number
  /** `st_mode`, the type among it. */
  readonly mode: number
  readonly isFile: boolean
  readonly isFolder: boolean
  readonly isLink: boolean
  /** Seconds of the epoch. */
  readonly mtime: number
}

export interface NewAttributes {
  readonly permissions?: number
  readonly owner?: { readonly uid: number; readonly gid: number }
  /** Seconds of the epoch. */
  readonly mtime?: number
  readonly size?: number
}

/** What a server leaves out is zero. */
export function readStats(packet: PacketReader): RemoteStats {
  const flags = packet.uint32()
  const size = flags & has.size ? packet.uint64() : 0
  const [uid, gid] = flags & has.owner ? [packet.uint32(), packet.uint32()] : [0, 0]
  const mode = flags & has.permissions ? packet.uint32() : 0
  let mtime = 0
  if (flags & has.times) {
    packet.uint32()
    mtime = packet.uint32()
  }
  if (flags & has.extended) {
    for (let count = packet.uint32(); count > 0; count -= 1) {
      packet.bytes()
      packet.bytes()
    }
  }
  const type = mode & 0o170_000
  return {
    size,
    uid,
    gid,
    mode,
    mtime,
    isFile: type === 0o100_000,
    isFolder: type === 0o040_000,
    isLink: type === 0o120_000,
  }
}

export function encodeNewAttributes({ permissions, owner, mtime, size }: NewAttributes): Buffer {
  const fields: Buffer[] = []
  let flags = 0
  if (size !== undefined) {
    flags |= has.size
    fields.push(uint64(size))
  }
  if (owner !== undefined) {
    flags |= has.owner
    fields.push(uint32(owner.uid), uint32(owner.gid))
  }
  if (permissions !== undefined) {
    flags |= has.permissions
    fields.push(uint32(permissions))
  }
  if (mtime !== undefined) {
    flags |= has.times
    fields.push(uint32(mtime), uint32(mtime))
  }
  return Buffer.concat([uint32(flags), ...fields])
}
