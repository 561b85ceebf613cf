import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createJournalSync } from './journal-sync.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-journal-'))
  path = join(folder, 'outpost.db')
  writeFileSync(`${path}-wal`, '')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Syncs that end when a test says so. */
function heldSyncs() {
  const running: ((error: Error | null) => void)[] = []
  const journal = createJournalSync(path, (_file, done) => running.push(done))
  const told: string[] = []
  const wait = (name: string): void =>
    void journal.done().then(
      () => told.push(name),
      (error: unknown) => told.push(`${name}: ${String(error)}`),
    )
  return { journal, running, told, wait }
}

it('syncs again what came while it did, once, and nothing after its end', () => {
  const { journal, running } = heldSyncs()
  journal.begin()
  expect(running).toHaveLength(1)
  journal.begin()
  journal.begin()
  expect(running).toHaveLength(1)
  running[0]?.(null)
  expect(running).toHaveLength(2)
  running[1]?.(null)
  expect(running).toHaveLength(2)
  journal.begin()
  journal.close()
  running[2]?.(null)
  journal.begin()
  expect(running).toHaveLength(3)
})

it('tells who waits once what was begun before is on disk, and of a disk that failed', async () => {
  const { journal, running, told, wait } = heldSyncs()
  await journal.done()
  journal.begin()
  wait('first')
  journal.begin()
  wait('second')
  running[0]?.(null)
  await expect.poll(() => told).toEqual(['first'])
  journal.close()
  running[1]?.(new Error('EIO'))
  await expect.poll(() => told).toEqual(['first', 'second: Error: EIO'])
})

it('tells the next who waits, once, of what failed while nobody did', async () => {
  const { journal, running } = heldSyncs()
  journal.begin()
  running[0]?.(new Error('EIO'))
  await expect(journal.done()).rejects.toThrow('EIO')
  await journal.done()
  rmSync(`${path}-wal`)
  const lost = createJournalSync(path)
  lost.begin()
  await expect(lost.done()).rejects.toThrow('ENOENT')
  writeFileSync(`${path}-wal`, '')
  lost.begin()
  await lost.done()
  lost.close()
  journal.close()
})

it('has a real file kept', async () => {
  const journal = createJournalSync(path)
  journal.begin()
  journal.begin()
  await journal.done()
  journal.close()
})
