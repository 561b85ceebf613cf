export interface TarEntry {
  readonly name: string
  readonly content: Uint8Array
}

const BLOCK = 512
const NAME_LENGTH = 100
const PREFIX_LENGTH = 155

/** Splits a long path at a slash, as ustar has it: up to 155 bytes, a slash that is not written, up to 100 bytes. */
function splitName(name: string): readonly [prefix: string, rest: string] {
  if (Buffer.byteLength(name) <= NAME_LENGTH) return ['', name]
  for (let at = name.indexOf('/'); at !== -1; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)]
    if (Buffer.byteLength(rest) <= NAME_LENGTH && Buffer.byteLength(prefix) <= PREFIX_LENGTH) return [prefix, rest]
  }
  throw new RangeError(`The path is too long for an archive: ${name}`)
}

function header({ name, content }: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  }
  const [prefix, rest] = splitName(name)
  block.write(rest, 0)
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(content.byteLength, 124, 12)
  // No time: the same files give the same bytes, and with them the same stored file.
  octal(0, 136, 12)
  block.write('        ', 148)
  block.write('0', 156)
  block.write('ustar\x0000', 257, 'latin1')
  block.write(prefix, 345)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** A ustar archive (POSIX.1-1988) of plain files. @throws {RangeError} for a path that does not fit. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    const padding = (BLOCK - (entry.content.byteLength % BLOCK)) % BLOCK
    parts.push(header(entry), entry.content, Buffer.alloc(padding))
  }
  parts.push(Buffer.alloc(2 * BLOCK))
  return Buffer.concat(parts)
}
