import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../api-error.ts'
import { zipToTar } from './zip-to-tar.ts'

/** A zip of stored files whose directory may claim what it likes. */
function storedZip(files: Readonly<Record<string, string>>, claimedSize?: number): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt32LE(Buffer.byteLength(text), 20)
    entry.writeUInt32LE(claimedSize ?? Buffer.byteLength(text), 24)
    entry.writeUInt16LE(Buffer.byteLength(name), 28)
    entry.writeUInt32LE(offset, 42)
    const bytes = Buffer.concat([local, Buffer.from(name), Buffer.from(text)])
    offset += bytes.length
    locals.push(bytes)
    directory.push(entry, Buffer.from(name))
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, list, end])
}

describe('a zip', () => {
  it('becomes a tar with the same files', () => {
    const tar = Buffer.from(
      zipToTar(storedZip({ 'main.tf': 'locals {}', 'a/b.txt': 'x', 'empty/': '' }), 1000),
    )
    expect(tar.toString('latin1', 0, 5)).toBe('a/b.t')
    expect(tar.includes('locals {}')).toBe(true)
    expect(tar.includes('empty/')).toBe(false)
    expect(tar.length % 512).toBe(0)
  })

  it('may not hold names that lead out of the folder, nor more than is allowed', () => {
    for (const name of ['../x', '/etc/passwd', 'a/../../x', String.raw`a\..\x`]) {
      expect(() => zipToTar(storedZip({ [name]: 'x' }), 1000)).toThrow(ApiError)
    }
    expect(() => zipToTar(storedZip({ a: 'x' }, 2000), 1000)).toThrow('Request body too large.')
  })

  it('that is damaged anywhere is refused, and nothing else happens', () => {
    const zip = storedZip({ 'main.tf': 'locals {}', 'b.tf': 'x' })
    fc.assert(
      fc.property(fc.nat(zip.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const damaged = Buffer.from(zip)
        damaged[at] = byte
        try {
          zipToTar(damaged, 10_000)
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError)
        }
      }),
    )
  })
})
