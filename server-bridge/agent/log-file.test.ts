import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLogFile } from './log-file.ts'

let folder: string
let problems: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-log-file-'))
  problems = []
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const open = (path = join(folder, 'run.log')) => openLogFile(path, (reason) => problems.push(reason))

test('keeps what is written until it is closed, and holds nobody back afterwards', async () => {
  const file = open()
  let drains = 0
  file.onDrain(() => (drains += 1))
  expect(file.write(Buffer.from('kept\n'))).toBe(true)
  const closed = file.close()
  expect(file.write(Buffer.from('too late\n'))).toBe(true)
  await closed
  expect(file.write(Buffer.from('too late\n'))).toBe(true)
  expect(readFileSync(join(folder, 'run.log'), 'utf8')).toBe('kept\n')
  expect(drains).toBeGreaterThan(0)
  expect(problems).toEqual([])
})

test('lets whoever waits for the disk go on when it is closed', async () => {
  const file = open()
  let drains = 0
  file.onDrain(() => (drains += 1))
  expect(file.write(Buffer.alloc(1024 * 1024))).toBe(false)
  const closed = file.close()
  expect(drains).toBe(1)
  await closed
  expect(readFileSync(join(folder, 'run.log'))).toHaveLength(1024 * 1024)
})

test('takes a file that was there away from other readers', async () => {
  const path = join(folder, 'run.log')
  writeFileSync(path, 'before', { mode: 0o644 })
  chmodSync(path, 0o644)
  const file = open()
  file.write(Buffer.from('secret'))
  await file.close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toBe('secret')
})
