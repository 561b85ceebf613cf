import { existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Backup, copyWhole, listBackups } from './backups.ts'
import { findDamage } from './find-damage.ts'

/** The database cannot be used and there is nothing to go back to. The message is for the user. */
export class DamagedDatabaseError extends Error {
  override readonly name = 'DamagedDatabaseError'
}

const COMPANIONS = ['', '-wal', '-shm']

/**
 * Makes sure that `path` holds a sound database, or none where a deployment begins. One that is damaged, or gone while
 * its backups are there, is replaced by the newest good backup; what was damaged is kept beside it.
 *
 * @returns a sentence for the user when something was replaced.
 * @throws {DamagedDatabaseError} when it is damaged and no backup is good. Nothing was moved then.
 */
export function ensureSoundDatabase(path: string, dataDir: string, nowMs: number): string | undefined {
  const exists = existsSync(path) && statSync(path).size > 0
  const problem = exists ? findDamage(path) : undefined
  if (exists && problem === undefined) return undefined
  const backups = listBackups(dataDir)
  if (!exists && backups.length === 0) return undefined
  const good = backups.find((backup) => findDamage(backup.path) === undefined)
  if (!good) throw nothingGood(path, backups, problem)
  const kept = setAside(path, nowMs)
  copyWhole(good.path, path, dataDir)
  const reason = exists
    ? `The database of the local deployment was damaged (${problem ?? ''}).`
    : 'The database of the local deployment was missing.'
  const aside = kept === undefined ? '' : ` The damaged one was kept as ${kept}.`
  return `${reason} It was replaced by the backup ${good.name}: what was changed after that is gone.${aside}`
}

/** The name of what was put aside. The database goes first: without it, what is left of the others means nothing. */
function setAside(path: string, nowMs: number): string | undefined {
  const suffix = `.corrupt-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')}`
  let name: string | undefined
  for (const companion of COMPANIONS) {
    const file = `${path}${companion}`
    if (!existsSync(file)) continue
    renameSync(file, `${path}${suffix}${companion}`)
    name ??= `outpost.db${suffix}${companion}`
  }
  return name
}

function nothingGood(
  path: string,
  backups: readonly Backup[],
  problem: string | undefined,
): DamagedDatabaseError {
  const state = problem === undefined ? 'missing' : `damaged (${problem})`
  const tried = backups.length === 0 ? 'there is no backup of it' : 'none of its backups is sound'
  const names = COMPANIONS.map((companion) => `outpost.db${companion}`).join(', ')
  return new DamagedDatabaseError(
    `The database of the local deployment is ${state}, and ${tried}. It was left as it is. Put a good copy in its place as ${path}; or, to begin with an empty deployment, move ${names} and the folder backups out of ${join(path, '..')}.`,
  )
}
