import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { storeZip } from './store-zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'outpost-zip-'))
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('is an archive that another program finds whole, with names, times and contents', () => {
  const file = join(folder, 'a.zip')
  const modified = new Date(2026, 10, 26, 23, 58, 58)
  const long = 'ä'.repeat(100_000)
  writeFileSync(
    file,
    storeZip(
      [
        { name: 'README.txt', bytes: Buffer.from('hello') },
        { name: 'logs/größe.log', bytes: Buffer.from(long) },
        { name: 'empty', bytes: new Uint8Array() },
      ],
      modified,
    ),
  )
  const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps({
  "broken": z.testzip(),
  "files": [[i.filename, i.file_size, list(i.date_time), oct(i.external_attr >> 16)] for i in z.infolist()],
  "text": z.read("README.txt").decode(), "long": z.read("logs/größe.log").decode() == "ä" * 100000,
}))`
  const said: unknown = JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }))
  const time = [2026, 11, 26, 23, 58, 58]
  expect(said).toEqual({
    broken: null,
    files: [
      ['README.txt', 5, time, '0o100600'],
      ['logs/größe.log', 200_000, time, '0o100600'],
      ['empty', 0, time, '0o100600'],
    ],
    text: 'hello',
    long: true,
  })
})
