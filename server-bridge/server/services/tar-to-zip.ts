import { crc32, deflateRawSync } from 'node:zlib'
import { readArchive } from '../../provisioner/archive.ts'

const DEFLATED = 8
const NAMES_ARE_UTF8 = 0x0800
const VERSION_NEEDED = 20
/** 1980-01-01, the first day a zip can name: the tar's own times do not matter to anybody. */
const DOS_DATE = 0x0021

/**
 * The regular files of a tar as a zip (PKWARE APPNOTE 6.3.10).
 *
 * @throws {TemplateError} when the tar cannot be read.
 */
export function tarToZip(tar: Uint8Array): Uint8Array {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, content] of readArchive(tar)) {
    const name = Buffer.from(path)
    const packed = deflateRawSync(content)
    const common = commonHeader(name, content, packed)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed])
    locals.push(local)
    // Comment length, disk, internal and external attributes, then where the local header is.
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    const madeBy = Buffer.from([VERSION_NEEDED, 0])
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, common, rest, name]))
    offset += local.byteLength
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(entries.byteLength, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, entries, end])
}

/** What the header beside a file and its entry in the directory share. */
function commonHeader(name: Buffer, content: Uint8Array, packed: Buffer): Buffer {
  const header = Buffer.alloc(26)
  header.writeUInt16LE(VERSION_NEEDED, 0)
  header.writeUInt16LE(NAMES_ARE_UTF8, 2)
  header.writeUInt16LE(DEFLATED, 4)
  header.writeUInt16LE(DOS_DATE, 8)
  header.writeUInt32LE(crc32(content), 10)
  header.writeUInt32LE(packed.byteLength, 14)
  header.writeUInt32LE(content.byteLength, 18)
  header.writeUInt16LE(name.byteLength, 22)
  return header
}
