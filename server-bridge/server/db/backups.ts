import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Database } from './database.ts'

/** Where backups are, below the data folder. */
export const BACKUP_FOLDER = 'backups'
/** Days that can be gone back to. */
export const DAILY_KEPT = 7
const BEFORE_UPDATE_KEPT = 3

const DAILY = /^outpost-\d{4}-\d{2}-\d{2}\.db$/
const BEFORE_UPDATE = /^outpost-before-schema-\d+\.db$/
/** Part of the name of what may be removed after a crash. */
export const UNFINISHED = '.unfinished'
/** `user_version` in the header of an SQLite file, big endian (sqlite.org/fileformat2.html, section 1.3). */
const USER_VERSION_OFFSET = 60

export interface Backup {
  readonly name: string
  readonly path: string
  /** Counts up with every backup of one deployment; file times and names would follow a clock that was set wrong. */
  readonly sequence: number
}

/** The name of a day's backup. The day is that of UTC. */
export function dailyBackupName(nowMs: number): string {
  return `outpost-${new Date(nowMs).toISOString().slice(0, 10)}.db`
}

/** The name of the backup that an update of the schema begins with. */
export function beforeSchemaName(version: number): string {
  return `outpost-before-schema-${version}.db`
}

/**
 * Writes a whole, compact copy of the database and gives it its name only when all of it is on disk. Takes about two
 * milliseconds a megabyte, in which the server answers nothing else.
 *
 * @throws what SQLite and the file system throw; the backups that were there stay as they are.
 */
export function writeBackup(database: Database, dataDir: string, name: string): void {
  const folder = join(dataDir, BACKUP_FOLDER)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  database.script(`PRAGMA user_version = ${readUserVersion(database) + 1}`)
  placeBackup(database, dataDir, name)
  removeOld(dataDir)
}

/** Writes a compact copy of the database and gives it the name, in the place of what has it. @throws as `writeBackup` */
export function placeBackup(database: Database, dataDir: string, name: string): void {
  const folder = join(dataDir, BACKUP_FOLDER)
  const unfinished = join(folder, `${name}${UNFINISHED}`)
  try {
    rmSync(unfinished, { force: true })
    // SQLite fills an empty file; made here, nobody else can ever read it.
    closeSync(openSync(unfinished, 'wx', 0o600))
    database.script(`VACUUM INTO '${unfinished.replaceAll("'", "''")}'`)
    syncFile(unfinished)
    renameSync(unfinished, join(folder, name))
    syncFolder(folder)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

/** Every finished backup, the newest first. */
export function listBackups(dataDir: string): Backup[] {
  const folder = join(dataDir, BACKUP_FOLDER)
  return readNames(folder)
    .filter((name) => DAILY.test(name) || BEFORE_UPDATE.test(name))
    .map((name) => ({ name, path: join(folder, name), sequence: readSequence(join(folder, name)) }))
    .sort((a, b) => b.sequence - a.sequence || (a.name < b.name ? 1 : -1))
}

/** Removes what a server left that ended in the middle of a backup. */
export function removeUnfinishedBackups(dataDir: string): void {
  const folder = join(dataDir, BACKUP_FOLDER)
  for (const name of readNames(folder)) {
    if (name.includes(UNFINISHED)) rmSync(join(folder, name), { force: true })
  }
}

/** Copies a file so that `to` is there as a whole or not at all, also when the machine stops. */
export function copyWhole(from: string, to: string, folder: string): void {
  const unfinished = `${to}${UNFINISHED}`
  rmSync(unfinished, { force: true })
  copyFileSync(from, unfinished, constants.COPYFILE_EXCL)
  chmodSync(unfinished, 0o600)
  syncFile(unfinished)
  renameSync(unfinished, to)
  syncFolder(folder)
}

function removeOld(dataDir: string): void {
  const backups = listBackups(dataDir)
  const surplus = [
    ...backups.filter(({ name }) => DAILY.test(name)).slice(DAILY_KEPT),
    ...backups.filter(({ name }) => BEFORE_UPDATE.test(name)).slice(BEFORE_UPDATE_KEPT),
  ]
  for (const { path } of surplus) rmSync(path, { force: true })
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function readUserVersion(database: Database): number {
  return database.pragma('user_version')
}

/** Read from the file itself, so that listing opens no database. A file too short to be one comes last. */
function readSequence(path: string): number {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(4)
    return readSync(file, bytes, 0, 4, USER_VERSION_OFFSET) === 4 ? bytes.readUInt32BE(0) : 0
  } finally {
    closeSync(file)
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A rename is on disk when its folder is. Windows knows no such thing, and cannot open folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
