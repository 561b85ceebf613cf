import { crc32, inflateRawSync } from 'node:zlib'
import { type TarFile, writeTar } from '../../provisioner/tar-writer.ts'
import { ApiError, badRequest } from '../api-error.ts'

// PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_HEADER = 0x04034b50
const END_LENGTH = 22
const MAX_COMMENT = 65_535
/** As many as an import takes. */
const MAX_FILES = 10_000
const ENCRYPTED = 0x0001
const STORED = 0
const DEFLATED = 8
const UNIX_TYPE_MASK = 0o170000
const UNIX_REGULAR = 0o100000

const damaged = (why: string): ApiError => badRequest('Failed to read the zip archive.', why)

/** Turns a zip into the ustar archive that is stored. Only plain files are taken over. @throws {ApiError} 400, 413 */
export function zipToTar(zip: Uint8Array, maxBytes: number): Uint8Array {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength)
  const entries: TarFile[] = []
  let total = 0
  try {
    for (const entry of listEntries(bytes)) {
      const content = extract(bytes, entry, maxBytes - total)
      total += content.byteLength
      entries.push({ path: entry.name, content })
    }
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw damaged(error instanceof Error ? error.message : String(error))
  }
  try {
    return writeTar(entries)
  } catch (error) {
    if (error instanceof RangeError) throw damaged(error.message)
    throw error
  }
}

interface ZipEntry {
  readonly name: string
  readonly isEncrypted: boolean
  readonly method: number
  readonly checksum: number
  readonly compressedSize: number
  readonly size: number
  readonly headerOffset: number
}

function listEntries(bytes: Buffer): ZipEntry[] {
  const end = findEnd(bytes)
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index += 1) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw damaged('Its directory is damaged.')
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const unixType = (bytes.readUInt32LE(at + 38) >>> 16) & UNIX_TYPE_MASK
    const isFile = !name.endsWith('/') && (unixType === 0 || unixType === UNIX_REGULAR)
    if (isFile) {
      if (entries.length >= MAX_FILES) throw damaged(`It holds more than ${MAX_FILES} files.`)
      entries.push({
        name: checkedName(name),
        isEncrypted: (bytes.readUInt16LE(at + 8) & ENCRYPTED) !== 0,
        method: bytes.readUInt16LE(at + 10),
        checksum: bytes.readUInt32LE(at + 16),
        compressedSize: bytes.readUInt32LE(at + 20),
        size: bytes.readUInt32LE(at + 24),
        headerOffset: bytes.readUInt32LE(at + 42),
      })
    }
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return entries
}

function findEnd(bytes: Buffer): number {
  const last = bytes.byteLength - END_LENGTH
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at -= 1) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at
  }
  throw damaged('It is not a zip archive.')
}

function checkedName(name: string): string {
  const parts = name.split('/')
  if (name.startsWith('/') || name.includes('\\') || name.includes('\0') || parts.includes('..')) {
    throw damaged(`It holds a file with an unsafe name: ${JSON.stringify(name)}.`)
  }
  return name
}

function extract(bytes: Buffer, entry: ZipEntry, maxBytes: number): Uint8Array {
  // The size in the directory is a claim; unpacking stops at it.
  if (entry.size > maxBytes) throw new ApiError(413, { message: 'Request body too large.' })
  if (entry.isEncrypted) throw damaged('It is protected by a password.')
  const content = unpack(bytes, entry)
  if (content.byteLength !== entry.size || crc32(content) !== entry.checksum) {
    throw damaged(`Its file ${JSON.stringify(entry.name)} is damaged.`)
  }
  return content
}

function unpack(bytes: Buffer, entry: ZipEntry): Uint8Array {
  if (bytes.readUInt32LE(entry.headerOffset) !== LOCAL_HEADER) throw damaged('One of its files is damaged.')
  const start =
    entry.headerOffset +
    30 +
    bytes.readUInt16LE(entry.headerOffset + 26) +
    bytes.readUInt16LE(entry.headerOffset + 28)
  const packed = bytes.subarray(start, start + entry.compressedSize)
  if (entry.method === STORED) return packed
  if (entry.method !== DEFLATED) throw damaged(`It uses the compression method ${entry.method}.`)
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) })
}
