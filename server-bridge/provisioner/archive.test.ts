import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readArchive } from './archive.ts'
import { writeTar } from './tar-writer.ts'
import { TemplateError } from './template-error.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

test.each(['ustar', 'gnu', 'pax'])('reads what tar writes in the %s format', (format) => {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-tar-'))
  try {
    const long = `${'long-name-'.repeat(9)}/${'file-'.repeat(10)}.txt`
    mkdirSync(join(folder, 'long-name-'.repeat(9)))
    writeFileSync(join(folder, 'main.tf'), 'locals {}\n')
    writeFileSync(join(folder, long), 'deep')
    symlinkSync('/etc/passwd', join(folder, 'link'))
    const archive = execFileSync('tar', ['-c', `--format=${format}`, '.'], { cwd: folder })
    const files = readArchive(archive)
    expect([...files.keys()].sort()).toEqual([long, 'main.tf'])
    expect(Buffer.from(files.get(long) ?? []).toString()).toBe('deep')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('writes what it reads, and tar reads it too', () => {
  const archive = writeTar([
    { path: 'sub/b.txt', content: bytes('b'.repeat(513)) },
    { path: 'main.tf', content: bytes('') },
  ])
  expect([...readArchive(archive)].map(([path, content]) => [path, content.length])).toEqual([
    ['main.tf', 0],
    ['sub/b.txt', 513],
  ])
  const listing = execFileSync('tar', ['-t'], { input: archive }).toString()
  expect(listing).toBe('main.tf\nsub/b.txt\n')
})

test.each(['../evil.tf', '/etc/passwd', 'a/../../evil', '..', 'a\\..\\evil'])(
  'refuses the path %s',
  (path) => {
    expect(() => readArchive(writeTar([{ path, content: bytes('x') }]))).toThrow(/leaves the archive/)
  },
)

test('refuses an archive that is cut off or is none', () => {
  const archive = writeTar([{ path: 'main.tf', content: bytes('x'.repeat(2000)) }])
  expect(() => readArchive(archive.subarray(0, 1500))).toThrow(/cut off/)
  expect(() => readArchive(Buffer.alloc(2048, 'z'))).toThrow(/not a valid tar archive/)
})

test('ends on any bytes with files or a template error', () => {
  const archive = writeTar([{ path: 'main.tf', content: bytes('x'.repeat(600)) }])
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const broken = Buffer.from(archive)
      for (const [at, value] of changes) broken[at] = value
      try {
        readArchive(broken)
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
      }
    }),
  )
})
