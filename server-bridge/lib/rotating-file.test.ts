import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRotatingFile } from './rotating-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-log-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('a rotating file', () => {
  it('keeps the newest lines in files of a bounded size, and no more files than asked', () => {
    const path = join(folder, 'logs', 'main.log')
    const file = createRotatingFile({ path, maxBytes: 100, maxFiles: 3 })
    for (let at = 0; at < 100; at += 1) file.write(`line ${String(at).padStart(4, '0')}\n`)
    file.close()
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['main.log', 'main.log.1', 'main.log.2'])
    for (const name of readdirSync(join(folder, 'logs'))) {
      expect(statSync(join(folder, 'logs', name)).size).toBeLessThanOrEqual(100)
    }
    const kept = ['main.log.2', 'main.log.1', 'main.log'].map((name) =>
      readFileSync(join(folder, 'logs', name), 'utf8'),
    )
    const lines = kept.join('').trimEnd().split('\n')
    expect(lines.at(-1)).toBe('line 0099')
    expect(lines).toEqual(lines.toSorted())
  })

  it('goes on in the file of an earlier run, and only the user can read it', () => {
    const path = join(folder, 'main.log')
    for (const line of ['one\n', 'two\n']) {
      const file = createRotatingFile({ path })
      file.write(line)
      file.close()
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('keeps one file when asked for one', () => {
    const path = join(folder, 'main.log')
    const file = createRotatingFile({ path, maxBytes: 10, maxFiles: 1 })
    for (const line of ['12345678\n', 'abcdefgh\n']) file.write(line)
    file.close()
    expect(readdirSync(folder)).toEqual(['main.log'])
    expect(readFileSync(path, 'utf8')).toBe('abcdefgh\n')
  })

  it('says once that it cannot write, and never throws', () => {
    writeFileSync(join(folder, 'blocker'), '')
    const failures: Error[] = []
    const file = createRotatingFile({
      path: join(folder, 'blocker', 'main.log'),
      onFailure: (error) => failures.push(error),
    })
    file.write('one\n')
    file.write('two\n')
    file.close()
    expect(failures).toHaveLength(1)
  })
})
