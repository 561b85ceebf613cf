import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeTar } from '../../provisioner/tar-writer.ts'
import { ApiError } from '../api-error.ts'
import { tarToZip } from './tar-to-zip.ts'
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
    entry.writeUInt32LE(crc32(text), 16)
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

  it('with a wrong checksum, a wrong size or a password is refused', () => {
    const zip = storedZip({ 'main.tf': 'locals {}' })
    const entryAt = zip.indexOf('PK\x01\x02', 0, 'latin1')
    for (const [offset, value] of [
      [16, 1],
      [24, 3],
      [8, 1],
    ] as const) {
      const changed = Buffer.from(zip)
      changed.writeUInt16LE(value, entryAt + offset)
      expect(() => zipToTar(changed, 1000)).toThrow('Failed to read the zip archive.')
    }
  })

  it('that is made of a tar is the same tar again', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,20}(\/[a-zé]{1,60}){0,3}$/), fc.uint8Array(), {
          maxKeys: 8,
        }),
        (files) => {
          const paths = Object.keys(files)
          // A folder and a file cannot have one name; nothing to learn from it here.
          fc.pre(!paths.some((path) => paths.some((other) => other.startsWith(`${path}/`))))
          const tar = writeTar(Object.entries(files).map(([path, content]) => ({ path, content })))
          expect(Buffer.from(zipToTar(tarToZip(tar), 100_000)).equals(tar)).toBe(true)
        },
      ),
    )
  })

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)(
    'of ours is one that other programs read',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'outpost-zip-'))
      try {
        const path = join(folder, 'a.zip')
        writeFileSync(path, tarToZip(writeTar([{ path: 'sub/é.tf', content: Buffer.from('locals {}\n') }])))
        const script =
          'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; ' +
          "print(z.namelist()[0] == 'sub/\\u00e9.tf', z.read(z.namelist()[0]).decode())"
        expect(execFileSync('python3', ['-c', script, path]).toString().trim()).toBe('True locals {}')
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )

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
