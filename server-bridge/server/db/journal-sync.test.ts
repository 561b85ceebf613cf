import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createJournalSync } from './journal-sync.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-journal-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('syncs again what came while it did, once, and nothing after its end', () => {
  const path = join(folder, 'outpost.db')
  writeFileSync(`${path}-wal`, '')
  const running: (() => void)[] = []
  const journal = createJournalSync(path, (_file, done) => running.push(() => done(null)))
  journal.begin()
  expect(running).toHaveLength(1)
  journal.begin()
  journal.begin()
  expect(running).toHaveLength(1)
  running[0]?.()
  expect(running).toHaveLength(2)
  running[1]?.()
  expect(running).toHaveLength(2)
  journal.begin()
  journal.begin()
  journal.close()
  running[2]?.()
  journal.begin()
  expect(running).toHaveLength(3)
})
