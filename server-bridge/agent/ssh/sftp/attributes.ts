import type { Stats } from 'node:fs'
import { encodePacket, packetType, uint32, uint64, type PacketReader } from '../../../lib/sftp-packets.ts'

const has = { size: 0x1, owner: 0x2, permissions: 0x4, times: 0x8, extended: 0x8000_0000 } as const

/** What a client wants a file to be like; what is absent stays. */
export interface FileAttributes {
  readonly size?: number
  readonly owner?: { readonly uid: number; readonly gid: number }
  readonly permissions?: number
  /** Seconds of the epoch. */
  readonly times?: { readonly accessed: number; readonly modified: number }
}

/** Reads the attributes that end a request. */
export function readAttributes(packet: PacketReader): FileAttributes {
  // Some old clients leave them out where all are optional.
  if (packet.isAtEnd) return {}
  const flags = packet.uint32()
  const size = flags & has.size ? packet.uint64() : undefined
  const owner = flags & has.owner ? { uid: packet.uint32(), gid: packet.uint32() } : undefined
  const permissions = flags & has.permissions ? packet.uint32() & 0o7777 : undefined
  const times = flags & has.times ? { accessed: packet.uint32(), modified: packet.uint32() } : undefined
  if (flags & has.extended) {
    for (let count = packet.uint32(); count > 0; count -= 1) {
      packet.bytes()
      packet.bytes()
    }
  }
  return {
    ...(size !== undefined && { size }),
    ...(owner !== undefined && { owner }),
    ...(permissions !== undefined && { permissions }),
    ...(times !== undefined && { times }),
  }
}

export function encodeAttributes(stats: Stats): Buffer {
  return Buffer.concat([
    uint32(has.size | has.owner | has.permissions | has.times),
    uint64(stats.size),
    uint32(clamp(stats.uid)),
    uint32(clamp(stats.gid)),
    uint32(clamp(stats.mode)),
    uint32(clamp(stats.atimeMs / 1000)),
    uint32(clamp(stats.mtimeMs / 1000)),
  ])
}

/** Version 3 has 32 bits for these: a time before 1970 or after 2106 does not fit. */
function clamp(value: number): number {
  return Math.min(Math.max(Math.floor(value), 0), 0xffff_ffff)
}

/** The answer to `stat` and its kin. */
export function attributesAnswer(id: number, stats: Stats): Buffer {
  return encodePacket(packetType.attrs, uint32(id), encodeAttributes(stats))
}

/** One line of a long listing as `ls -l` has it: clients show it as it is. */
export function longName(name: string, stats: Stats): string {
  const links = String(stats.nlink).padStart(4)
  const owner = `${String(stats.uid).padEnd(8)} ${String(stats.gid).padEnd(8)}`
  const size = String(stats.size).padStart(8)
  return `${modeText(stats)} ${links} ${owner} ${size} ${dateText(stats.mtime)} ${name}`
}

function modeText(stats: Stats): string {
  const bit = (mask: number, letter: string): string => ((stats.mode & mask) === 0 ? '-' : letter)
  const execute = (mask: number, special: number, letter: string): string => {
    if ((stats.mode & special) === 0) return bit(mask, 'x')
    return (stats.mode & mask) === 0 ? letter.toUpperCase() : letter
  }
  const kinds: readonly (readonly [boolean, string])[] = [
    [stats.isDirectory(), 'd'],
    [stats.isSymbolicLink(), 'l'],
    [stats.isFIFO(), 'p'],
    [stats.isSocket(), 's'],
    [stats.isCharacterDevice(), 'c'],
    [stats.isBlockDevice(), 'b'],
  ]
  return [
    kinds.find(([is]) => is)?.[1] ?? '-',
    bit(0o400, 'r') + bit(0o200, 'w') + execute(0o100, 0o4000, 's'),
    bit(0o040, 'r') + bit(0o020, 'w') + execute(0o010, 0o2000, 's'),
    bit(0o004, 'r') + bit(0o002, 'w') + execute(0o001, 0o1000, 't'),
  ].join('')
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The form for old files, which needs no look at the clock: clients take the time itself from the attributes. */
function dateText(date: Date): string {
  return `${months[date.getMonth()] ?? ''} ${String(date.getDate()).padStart(2)}  ${String(date.getFullYear())}`
}
