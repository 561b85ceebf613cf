import { posix } from 'node:path'
import { TemplateError } from './template-error.ts'

/** Coder's limit for an archive, packed and unpacked. */
const maxBytes = 100 * 1024 * 1024
const maxFiles = 10_000
const blockBytes = 512

/** The regular files of an archive by their path, with `/` and without a leading `./`. */
export type ArchiveFiles = ReadonlyMap<string, Uint8Array>

/**
 * Reads a tar archive (ustar, with the long names of GNU tar and pax). Nothing is unpacked to disk, so links are
 * skipped and a path that leaves the archive is refused rather than followed.
 *
 * @throws {TemplateError} when it is no usable archive.
 */
export function readArchive(archive: Uint8Array): ArchiveFiles {
  if (archive.length > maxBytes) throw new TemplateError('The template archive is larger than 100 MiB.')
  const files = new Map<string, Uint8Array>()
  let longName: string | undefined
  for (let offset = 0; offset + blockBytes <= archive.length;) {
    const header = archive.subarray(offset, offset + blockBytes)
    // Two empty blocks end an archive; one is enough to know.
    if (header.every((byte) => byte === 0)) break
    if (!hasValidChecksum(header))
      throw new TemplateError('The template is not a valid tar archive. Upload it again.')
    const size = readNumber(header, 124, 12)
    const start = offset + blockBytes
    if (start + size > archive.length)
      throw new TemplateError('The template archive is cut off. Upload it again.')
    const content = archive.subarray(start, start + size)
    offset = start + Math.ceil(size / blockBytes) * blockBytes

    const type = String.fromCharCode(header[156] ?? 0)
    if (type === 'L') longName = readText(content, 0, content.length)
    else if (type === 'x') longName = readPaxPath(content) ?? longName
    else {
      if (type === '0' || type === '\0') addFile(files, longName ?? readName(header), content)
      longName = undefined
    }
  }
  return files
}

function addFile(files: Map<string, Uint8Array>, name: string, content: Uint8Array): void {
  const path = posix.normalize(name)
  if (
    name === '' ||
    name.includes('\\') ||
    posix.isAbsolute(path) ||
    path === '..' ||
    path.startsWith('../')
  ) {
    throw new TemplateError(
      `The template archive holds the path ${JSON.stringify(name)}, which leaves the archive.`,
    )
  }
  if (files.size >= maxFiles)
    throw new TemplateError(`The template archive holds more than ${maxFiles} files.`)
  files.set(path, content)
}

/** The sum over the header with the sum's own field as blanks (POSIX ustar). */
function hasValidChecksum(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0)
  return sum === readNumber(header, 148, 8)
}

function readName(header: Uint8Array): string {
  const name = readText(header, 0, 100)
  const isUstar = readText(header, 257, 5) === 'ustar'
  const prefix = isUstar ? readText(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function readText(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end))
}

/** Octal text; what is not is too large for any limit here, or garbage. */
function readNumber(header: Uint8Array, start: number, length: number): number {
  const text = readText(header, start, length).trim()
  if (!/^[0-7]*$/.test(text))
    throw new TemplateError('The template is not a valid tar archive. Upload it again.')
  return text === '' ? 0 : Number.parseInt(text, 8)
}

/** Pax records are `length key=value\n`. */
function readPaxPath(content: Uint8Array): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(new TextDecoder().decode(content))?.[1]
}
