import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listBackups, writeBackup } from './backups.ts'
import { openDatabase } from './open-database.ts'
import { DamagedDatabaseError } from './restore-database.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-restore-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const path = () => join(folder, 'outpost.db')
const remember = (value: string) => {
  const database = openDatabase(folder)
  database.run(database.sql.deleteFrom('deployment_settings').where('key', '=', 'remembered'))
  database.run(database.sql.insertInto('deployment_settings').values({ key: 'remembered', value }))
  return database
}
const remembered = (database: ReturnType<typeof openDatabase>) =>
  database.first(
    database.sql.selectFrom('deployment_settings').select('value').where('key', '=', 'remembered'),
  )?.value
/** Pages in the middle that hold something else: the header is sound, so that opening succeeds. */
const damage = (file: string): void => {
  const bytes = readFileSync(file)
  bytes.fill(0xab, 4096, bytes.length)
  writeFileSync(file, bytes)
}

describe('a damaged database', () => {
  it('is replaced by the newest good backup, and kept', () => {
    const first = remember('old')
    writeBackup(first, folder, 'outpost-2026-01-01.db')
    first.close()
    const second = remember('newer')
    writeBackup(second, folder, 'outpost-2026-01-02.db')
    second.close()
    remember('newest').close()
    damage(path())
    const reopened = openDatabase(folder)
    expect(remembered(reopened)).toBe('newer')
    expect(reopened.notices).toEqual([
      expect.stringMatching(
        /was damaged .* replaced by the backup outpost-2026-01-02\.db.* kept as outpost\.db\.corrupt-/,
      ),
    ])
    reopened.close()
    expect(readdirSync(folder).filter((name) => /^outpost\.db\.corrupt-[\dTZ-]+$/.test(name))).toHaveLength(1)
    const again = openDatabase(folder)
    expect([remembered(again), again.notices]).toEqual(['newer', []])
    again.close()
  })

  it('passes over a backup that is damaged too', () => {
    const first = remember('old')
    writeBackup(first, folder, 'outpost-2026-01-01.db')
    writeBackup(first, folder, 'outpost-2026-01-02.db')
    first.close()
    damage(join(folder, 'backups', 'outpost-2026-01-02.db'))
    writeFileSync(path(), 'no database at all, but long enough to look like a file of somebody')
    const reopened = openDatabase(folder)
    expect(remembered(reopened)).toBe('old')
    expect(reopened.notices[0]).toMatch(/outpost-2026-01-01\.db/)
    reopened.close()
  })

  it('without a backup is refused and left as it is, again and again', () => {
    remember('only').close()
    damage(path())
    const before = readFileSync(path())
    for (let tries = 0; tries < 2; tries += 1) {
      expect(() => openDatabase(folder)).toThrow(DamagedDatabaseError)
      expect(() => openDatabase(folder)).toThrow(/there is no backup of it.*left as it is/)
    }
    expect(readFileSync(path()).equals(before)).toBe(true)
  })

  it('whose backups are all damaged says that', () => {
    const database = remember('only')
    writeBackup(database, folder, 'outpost-2026-01-01.db')
    database.close()
    damage(path())
    damage(join(folder, 'backups', 'outpost-2026-01-01.db'))
    expect(() => openDatabase(folder)).toThrow(/none of its backups is sound/)
  })

  it('keeps what the restored one is given afterwards', () => {
    const database = remember('old')
    writeBackup(database, folder, 'outpost-2026-01-01.db')
    database.close()
    damage(path())
    remember('after').close()
    const reopened = openDatabase(folder)
    expect(remembered(reopened)).toBe('after')
    reopened.close()
  })
})

describe('a database that is gone', () => {
  it('comes back from its backup instead of beginning empty', () => {
    const database = remember('mine')
    writeBackup(database, folder, 'outpost-2026-01-01.db')
    database.close()
    rmSync(path())
    const reopened = openDatabase(folder)
    expect(remembered(reopened)).toBe('mine')
    expect(reopened.notices[0]).toMatch(/was missing/)
    reopened.close()
  })

  it('is a new one where there never was a backup', () => {
    const database = openDatabase(folder)
    expect([remembered(database), database.notices]).toEqual([undefined, []])
    database.close()
  })
})

describe('a backup', () => {
  it('is for its owner alone, and counted by its own number whatever the clock says', () => {
    const database = remember('x')
    for (const day of ['2030-01-01', '2026-01-01', '2026-01-02'])
      writeBackup(database, folder, `outpost-${day}.db`)
    database.close()
    expect(listBackups(folder).map(({ name }) => name)).toEqual([
      'outpost-2026-01-02.db',
      'outpost-2026-01-01.db',
      'outpost-2030-01-01.db',
    ])
    expect(statSync(join(folder, 'backups')).mode & 0o777).toBe(0o700)
    for (const { path: file } of listBackups(folder)) expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is one of the last seven', () => {
    const database = remember('x')
    for (let day = 10; day < 20; day += 1) writeBackup(database, folder, `outpost-2026-01-${day}.db`)
    database.close()
    expect(listBackups(folder).map(({ name }) => name.slice(16, 18))).toEqual([
      '19',
      '18',
      '17',
      '16',
      '15',
      '14',
      '13',
    ])
  })

  it('that was cut off is removed at the next start, and never taken for one', () => {
    openDatabase(folder).close()
    mkdirSync(join(folder, 'backups'), { recursive: true })
    writeFileSync(join(folder, 'backups', 'outpost-2026-01-01.db.unfinished'), 'half')
    openDatabase(folder).close()
    expect(readdirSync(join(folder, 'backups'))).toEqual([])
  })

  it('that fails leaves the last one and no trace', () => {
    const database = remember('x')
    writeBackup(database, folder, 'outpost-2026-01-01.db')
    mkdirSync(join(folder, 'backups', 'outpost-2026-01-02.db'))
    expect(() => writeBackup(database, folder, 'outpost-2026-01-02.db')).toThrow()
    database.close()
    expect(readdirSync(join(folder, 'backups')).sort()).toEqual([
      'outpost-2026-01-01.db',
      'outpost-2026-01-02.db',
    ])
  })
})
