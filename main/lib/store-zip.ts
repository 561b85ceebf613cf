/** A zip archive of texts, not compressed: what every system opens, in the few bytes it takes (PKWARE's APPNOTE, 4.3). */
import { crc32 } from 'node:zlib'

export interface ZipEntry {
  /** With `/` between folders. */
  readonly name: string
  readonly bytes: Uint8Array
}

const version = 20
/** Names are UTF-8 (4.4.4, bit 11). */
const flags = 0x0800

/**
 * The archive's bytes.
 *
 * @param modified local time of all entries; zip knows none before 1980.
 */
export function storeZip(entries: readonly ZipEntry[], modified: Date): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8')
    const shared = sharedFields(entry, name, modified)
    const local = Buffer.concat([uint32(0x04034b50), uint16(version), shared, uint16(0), name])
    directory.push(
      Buffer.concat([
        uint32(0x02014b50),
        // Made by Unix, so that the mode below counts.
        uint16((3 << 8) | version),
        uint16(version),
        shared,
        // No extra field, no comment, first disk, no attributes of DOS; a plain file its owner may read and write.
        Buffer.concat([uint16(0), uint16(0), uint16(0), uint16(0)]),
        uint32((0o100600 << 16) >>> 0),
        uint32(offset),
        name,
      ]),
    )
    parts.push(local, Buffer.from(entry.bytes))
    offset += local.length + entry.bytes.length
  }
  const index = Buffer.concat(directory)
  const count = uint16(entries.length)
  const end = [
    uint32(0x06054b50),
    uint16(0),
    uint16(0),
    count,
    count,
    uint32(index.length),
    uint32(offset),
    uint16(0),
  ]
  return Buffer.concat([...parts, index, ...end])
}

/** What the entry itself and the directory both say. */
function sharedFields({ bytes }: ZipEntry, name: Buffer, modified: Date): Buffer {
  const size = uint32(bytes.length)
  const time = (modified.getHours() << 11) | (modified.getMinutes() << 5) | (modified.getSeconds() >> 1)
  const date = ((modified.getFullYear() - 1980) << 9) | ((modified.getMonth() + 1) << 5) | modified.getDate()
  const stored = uint16(0)
  return Buffer.concat([
    uint16(flags),
    stored,
    uint16(time),
    uint16(date),
    uint32(crc32(bytes)),
    size,
    size,
    uint16(name.length),
  ])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
