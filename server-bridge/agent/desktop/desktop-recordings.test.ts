import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { maxRecordingBytes } from '../../contract/desktop-actions.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { folderPrefix, socketFolder } from '../left-folders.ts'
import { createDesktopRecordings, type DesktopRecordings, type RecordedScreen } from './desktop-recordings.ts'

let folder: string
let recordings: DesktopRecordings
let screen: RecordedScreen

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-films-'))
  mkdirSync(join(folder, 'bin'))
  const place = { homeDir: folder, agentName: 'main' }
  recordings = createDesktopRecordings({ place, clock: systemClock, logger: silentLogger })
  screen = {
    width: 640,
    height: 400,
    cwd: folder,
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, DISPLAY: ':9' },
  }
})
afterEach(async () => {
  await recordings.close()
  expect(readdirSync(socketFolder()).filter((name) => name.startsWith(prefix()))).toEqual([])
  rmSync(folder, { recursive: true })
})
const prefix = (): string => folderPrefix('rec', { homeDir: folder, agentName: 'main' })

/** A stand-in for the program: it notes its arguments, and does the rest with the last of them. */
const program = (text: string): void =>
  writeFileSync(
    join(folder, 'bin', 'ffmpeg'),
    `#!/bin/sh\nfor last; do :; done\necho "$DISPLAY $*" >> ${folder}/started\n${text}\n`,
    { mode: 0o755 },
  )
/** Whole lines: the file is there before anything is in it. */
const started = (): string[] =>
  existsSync(join(folder, 'started'))
    ? readFileSync(join(folder, 'started'), 'utf8').split('\n').slice(0, -1)
    : []
const untilStopped = 'read word; echo "film until $word" > "$last"'
const isThere = (count: number) => waitFor('its start', () => started().length === count || undefined)

test('there are none without the program, and none of what did not begin', async () => {
  recordings.begin('a', { ...screen, env: { PATH: join(folder, 'bin') } })
  expect(await recordings.take('a')).toBeUndefined()
})

test('a film goes on until it is taken, and is taken once', async () => {
  program(untilStopped)
  recordings.begin('a', screen)
  recordings.begin('a', screen)
  await isThere(1)
  const [words = ''] = started()
  expect(words).toContain(':9 ')
  expect(words).toContain('-video_size 640x400 -i :9')
  expect(Number(/-fs (\d+)/.exec(words)?.[1])).toBeLessThan(maxRecordingBytes)
  // `read` is in want of a line; the end of the input is one.
  expect((await recordings.take('a'))?.toString()).toContain('film until')
  expect(await recordings.take('a')).toBeUndefined()
  recordings.begin('a', screen)
  await isThere(2)
})

test('a program that fails, or films too much, leaves nothing', async () => {
  program('echo "no display" >&2; exit 1')
  recordings.begin('a', screen)
  expect(await recordings.take('a')).toBeUndefined()
  program(`head -c ${maxRecordingBytes + 1} /dev/zero > "$last"`)
  recordings.begin('b', screen)
  expect(await recordings.take('b')).toBeUndefined()
})

test('two are made at a time, and of those that nobody takes a few are kept', async () => {
  program('echo film > "$last"')
  for (const [at, chat] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    await waitFor('its turn', () => {
      recordings.begin(chat, screen)
      return started().length === at + 1 || undefined
    })
  }
  expect(await recordings.take('a')).toBeUndefined()
  expect((await recordings.take('e'))?.toString()).toBe('film\n')
  program(untilStopped)
  const before = started().length
  for (const chat of ['x', 'y']) recordings.begin(chat, screen)
  await isThere(before + 2)
  await new Promise((resolve) => systemClock.after(5, () => resolve(undefined)))
  recordings.begin('x', screen)
  recordings.begin('z', screen)
  await isThere(before + 3)
  // The one of the chat that did nothing since has ended, and is kept.
  for (const chat of ['x', 'y', 'z'])
    expect((await recordings.take(chat))?.toString()).toContain('film until')
})
