import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingLogger } from '../testing/recording-logger.ts'
import { FileNotWrittenError, openVersionedFile, type VersionedFileOptions } from './versioned-file.ts'

interface Data {
  colour: string
  count: number
}
let folder: string
let path: string
let notices: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outpost-file-'))
  path = join(folder, 'settings.json')
  notices = []
})
afterEach(async () => {
  await chmod(folder, 0o700)
  await rm(folder, { recursive: true, force: true })
})

const open = (options: Partial<VersionedFileOptions<Data>> = {}) =>
  openVersionedFile<Data>({
    path,
    holds: 'settings',
    version: 2,
    schema: z.object({ colour: z.string(), count: z.int() }),
    defaults: { colour: 'blue', count: 0 },
    migrations: { 1: (data) => ({ ...(data as object), count: 7 }) },
    whenNotWritten: 'keep',
    onNotice: (message) => void notices.push(message),
    clock: createManualClock(),
    logger: createRecordingLogger(),
    ...options,
  })
const onDisk = async () => JSON.parse(await readFile(path, 'utf8'))

describe('a versioned file', () => {
  it('starts with the defaults and writes nothing before the first change', async () => {
    const file = await open()
    expect(file.value.get()).toEqual({ colour: 'blue', count: 0 })
    expect(await readdir(folder)).toEqual([])
    expect(notices).toEqual([])
  })

  it('keeps a change for the next start, readable by its owner only', async () => {
    const file = await open()
    await file.update((data) => ({ ...data, colour: 'red' }))
    expect(await onDisk()).toEqual({ version: 2, data: { colour: 'red', count: 0 } })
    expect((await open()).value.get().colour).toBe('red')
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['settings.json'])
  })

  it('applies changes that come at once in their order, each on the one before', async () => {
    const file = await open()
    await Promise.all(
      Array.from({ length: 20 }, () => file.update((data) => ({ ...data, count: data.count + 1 }))),
    )
    expect((await onDisk()).data.count).toBe(20)
  })

  it('brings an older version forward', async () => {
    await writeFile(path, JSON.stringify({ version: 1, data: { colour: 'green' } }))
    expect((await open()).value.get()).toEqual({ colour: 'green', count: 7 })
  })

  it.each([
    ['half a file', '{"version":2,"data":{"col'],
    ['an empty file', ''],
    ['binary rubbish', '\u0000\u0001\u0002'],
    ['another shape', JSON.stringify({ version: 2, data: { colour: 5 } })],
    ['no version', JSON.stringify({ colour: 'red', count: 1 })],
    ['a version nobody can migrate', JSON.stringify({ version: 0.5, data: {} })],
    ['a list', '[]'],
  ])('sets %s aside, says so and starts fresh', async (_, text) => {
    await writeFile(path, text)
    const file = await open()
    expect(file.value.get()).toEqual({ colour: 'blue', count: 0 })
    expect(await readdir(folder)).toEqual(['settings.corrupt-2026-11-22T12-00-00-000Z.json'])
    expect(await readFile(join(folder, 'settings.corrupt-2026-11-22T12-00-00-000Z.json'), 'utf8')).toBe(text)
    expect(notices).toHaveLength(1)
    expect(notices[0]).toContain(join(folder, 'settings.corrupt-2026-11-22T12-00-00-000Z.json'))
    await file.update((data) => ({ ...data, colour: 'red' }))
    expect((await onDisk()).data.colour).toBe('red')
  })

  it('sets a file aside whose migration fails', async () => {
    await writeFile(path, JSON.stringify({ version: 1, data: {} }))
    await open({
      migrations: {
        1: () => {
          throw new Error('no')
        },
      },
    })
    expect(notices).toHaveLength(1)
  })

  it('never overwrites a file of a newer app', async () => {
    const text = JSON.stringify({ version: 3, data: { new: true } })
    await writeFile(path, text)
    const file = await open()
    expect(notices[0]).toContain('newer Outpost')
    await expect(file.update((data) => ({ ...data, colour: 'red' }))).rejects.toBeInstanceOf(
      FileNotWrittenError,
    )
    expect(await readFile(path, 'utf8')).toBe(text)
    expect(file.value.get().colour).toBe('red')
  })

  it('keeps a change that cannot be written until the app ends, and says so', async () => {
    const file = await open({ path: join(folder, 'missing', 'settings.json') })
    await expect(file.update((data) => ({ ...data, colour: 'red' }))).rejects.toThrow(
      /could not write its settings/,
    )
    expect(file.value.get().colour).toBe('red')
  })

  it('takes a change back that cannot be written, where that is asked for', async () => {
    const file = await open({ path: join(folder, 'missing', 'settings.json'), whenNotWritten: 'revert' })
    const seen: Data[] = []
    file.value.onChange((data) => void seen.push(data))
    await expect(file.update((data) => ({ ...data, colour: 'red' }))).rejects.toBeInstanceOf(
      FileNotWrittenError,
    )
    expect(file.value.get().colour).toBe('blue')
    expect(seen).toEqual([])
  })

  it('goes on after a write that failed', async () => {
    const file = await open()
    await rm(folder, { recursive: true })
    await expect(file.update((data) => ({ ...data, count: 1 }))).rejects.toBeInstanceOf(FileNotWrittenError)
    const { mkdir } = await import('node:fs/promises')
    await mkdir(folder)
    await file.update((data) => ({ ...data, colour: 'red' }))
    expect((await onDisk()).data).toEqual({ colour: 'red', count: 1 })
  })
})
