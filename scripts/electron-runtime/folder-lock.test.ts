import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LockDeps, withFolderLock } from './folder-lock.ts'

let folder: string
let lock: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'outpost-lock-'))
  lock = path.join(folder, 'lock')
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function deps(overrides: Partial<LockDeps> = {}): LockDeps {
  return {
    pid: 1000,
    isAlive: () => true,
    wait: async () => Promise.reject(new Error('waited')),
    onWaiting: () => undefined,
    ...overrides,
  }
}

describe('withFolderLock', () => {
  it('holds the lock while it works and frees it afterwards', async () => {
    const owner = await withFolderLock(lock, async () => readFile(path.join(lock, 'pid'), 'utf8'), deps())
    expect(owner).toBe('1000')
    expect(existsSync(lock)).toBe(false)
  })

  it('frees the lock when the work fails', async () => {
    await expect(
      withFolderLock(lock, async () => Promise.reject(new Error('broken')), deps()),
    ).rejects.toThrow('broken')
    expect(existsSync(lock)).toBe(false)
  })

  it('waits for a living owner, says so once, and then has its turn', async () => {
    await mkdir(lock)
    await writeFile(path.join(lock, 'pid'), '77')
    const announced: number[] = []
    let waits = 0
    const result = await withFolderLock(
      lock,
      async () => Promise.resolve('mine'),
      deps({
        onWaiting: (pid) => announced.push(pid),
        wait: async () => {
          waits += 1
          if (waits === 3) await rm(lock, { recursive: true })
        },
      }),
    )
    expect(result).toBe('mine')
    expect(announced).toEqual([77])
  })

  it('takes over the lock of an owner that is gone', async () => {
    await mkdir(lock)
    await writeFile(path.join(lock, 'pid'), '77')
    const result = await withFolderLock(
      lock,
      async () => Promise.resolve('mine'),
      deps({ isAlive: (pid) => pid !== 77 }),
    )
    expect(result).toBe('mine')
  })
})
