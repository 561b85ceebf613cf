import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../lib/clock.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { followOwnLinks } from './follow-own-links.ts'
import { openLogFile } from './log-file.ts'

let folder: string
let problems: string[]
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'outpost-log-file-')))
  problems = []
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const onError = (reason: string): void => void problems.push(reason)
const open = (path = join(folder, 'run.log')) => openLogFile(path, { clock: systemClock, onError })

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

const uid = process.getuid?.()

test.skipIf(uid === undefined)('neither opens a pipe nor waits for its reader, and says why', async () => {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const write = async (): Promise<void> => {
    const file = open(path)
    file.write(Buffer.from('output'))
    await file.close()
  }
  await write()
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  await write()
  closeSync(reader)
  const reason = `${path} is not a regular file.`
  expect(problems).toEqual([reason, reason])
})

test.skipIf(uid === undefined)('writes into nothing but a regular file with one name', async () => {
  const device = open('/dev/null')
  await device.close()
  expect(problems.splice(0)[0]).toMatch(/^(?:EACCES.*|\/dev\/null is not a regular file\.)$/)
  writeFileSync(join(folder, 'precious'), 'precious')
  linkSync(join(folder, 'precious'), join(folder, 'run.log'))
  await open().close()
  expect(problems).toEqual([`${folder}/run.log has a second name.`])
  expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious')
})

test.skipIf(uid === undefined)('follows a link of the user’s own, for the file and on the way', async () => {
  mkdirSync(join(folder, 'real'))
  symlinkSync('real', join(folder, 'folder'))
  symlinkSync(join(folder, 'folder', 'target'), join(folder, 'run.log'))
  const file = open()
  file.write(Buffer.from('kept'))
  await file.close()
  expect(problems).toEqual([])
  expect(readFileSync(join(folder, 'real', 'target'), 'utf8')).toBe('kept')
  symlinkSync('loop', join(folder, 'loop'))
  await expect(followOwnLinks(join(folder, 'loop', 'x'))).rejects.toThrow('leads through too many links')
})

test.skipIf(uid === undefined || uid === 0)('follows no link of another user', async () => {
  symlinkSync('victim', join(folder, 'run.log'))
  // Seen by somebody else, the link of this test is another user's.
  const seenByOther = followOwnLinks(join(folder, 'run.log'), (uid ?? 0) + 1)
  await expect(seenByOther).rejects.toThrow('link of another user')
})

test.runIf(uid === 0)('follows no planted link and takes no planted file', async () => {
  const victim = join(folder, 'victim')
  writeFileSync(victim, 'precious')
  symlinkSync(victim, join(folder, 'planted'))
  lchownSync(join(folder, 'planted'), 12_345, 12_345)
  await open(join(folder, 'planted')).close()
  writeFileSync(join(folder, 'file'), 'before')
  chownSync(join(folder, 'file'), 12_345, 12_345)
  await open(join(folder, 'file')).close()
  expect(problems).toEqual([
    `${folder}/planted is a link of another user.`,
    `${folder}/file belongs to another user.`,
  ])
  expect(readFileSync(victim, 'utf8')).toBe('precious')
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('before')
})

test('waits no longer than two seconds for a disk that hangs', async () => {
  const clock = createFakeClock()
  const hanging = new Promise<number>(() => undefined)
  const file = openLogFile(join(folder, 'run.log'), { clock, onError, open: () => hanging })
  file.write(Buffer.from('lost'))
  const closed = file.close()
  clock.advance(2_000)
  await closed
  expect(problems).toEqual(['The disk takes too long: the end of the output is missing in it.'])
})
