import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentLogger } from '../../lib/logger.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { startDailyBackups } from './daily-backups.ts'
import { openDatabase, type OpenedDatabase } from './open-database.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')
const HOUR = 3_600_000

let folder: string
let db: OpenedDatabase
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-daily-'))
  db = openDatabase(folder)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})
const names = () => readdirSync(join(folder, 'backups')).sort()

it('makes one a day and none after it was ended', () => {
  const clock = createFakeClock(NOON)
  const stop = startDailyBackups({ db, dataDir: folder, clock, logger: silentLogger })
  clock.advance(2 * HOUR)
  expect(names()).toEqual(['outpost-2026-03-01.db'])
  clock.advance(24 * HOUR)
  expect(names()).toEqual(['outpost-2026-03-01.db', 'outpost-2026-03-02.db'])
  stop()
  expect(clock.pending).toBe(0)
})

it('goes on when the clock is set back', () => {
  const later = createFakeClock(NOON + 1000 * 24 * HOUR)
  startDailyBackups({ db, dataDir: folder, clock: later, logger: silentLogger })
  later.advance(HOUR)
  const clock = createFakeClock(NOON)
  startDailyBackups({ db, dataDir: folder, clock, logger: silentLogger })
  clock.advance(24 * HOUR)
  expect(names()).toEqual(['outpost-2026-03-01.db', 'outpost-2026-03-02.db', 'outpost-2028-11-25.db'])
})

it('says that it failed, and tries again', () => {
  const clock = createFakeClock(NOON)
  const error = vi.fn()
  writeFileSync(join(folder, 'backups'), 'in the way')
  startDailyBackups({ db, dataDir: folder, clock, logger: { ...silentLogger, error } })
  clock.advance(HOUR)
  expect(error).toHaveBeenCalledWith('The database could not be backed up', expect.anything())
  rmSync(join(folder, 'backups'))
  clock.advance(HOUR)
  expect(names()).toEqual(['outpost-2026-03-01.db'])
})
