const blockBytes = 512

export interface TarFile {
  readonly path: string
  readonly content: Uint8Array
}

/**
 * A ustar archive that depends on nothing but its files: no times, no owners, in the order of the paths. So the same
 * template is the same bytes on every machine, and an upload of it is recognised.
 *
 * @throws {RangeError} for a path that does not fit: 100 bytes for the name, 155 for the folders before it.
 */
export function writeTar(files: readonly TarFile[]): Uint8Array {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const blocks = sorted.flatMap(({ path, content }) => [
    createHeader(path, content.length),
    content,
    new Uint8Array((blockBytes - (content.length % blockBytes)) % blockBytes),
  ])
  return Buffer.concat([...blocks, new Uint8Array(2 * blockBytes)])
}

function createHeader(path: string, size: number): Uint8Array {
  const header = Buffer.alloc(blockBytes)
  const { prefix, name } = splitPath(path)
  header.write(name, 0)
  header.write(prefix, 345)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\0', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** A long path is split at a slash, which is not written (POSIX ustar). */
function splitPath(path: string): { readonly prefix: string; readonly name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path }
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100 && prefix !== '' && name !== '')
      return { prefix, name }
  }
  throw new RangeError(`The path ${path} is too long for a ustar archive.`)
}
