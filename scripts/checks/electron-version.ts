import type { Check } from './check.ts'
import { readLockFile } from './lock-file.ts'

type Version = readonly [major: number, minor: number, patch: number]

/**
 * The first release of each maintained line with all known fixes (advisories read in November 2026, see
 * docs/security-model.md). Lines not named here get no fixes; newer lines start with them.
 */
const FIRST_SAFE: Readonly<Record<number, Version>> = { 41: [41, 10, 6], 42: [42, 9, 2], 43: [43, 4, 1] }
const NEWER_LINES_FROM = 44

/** Says why a version of Electron must not be shipped; nothing when it may. */
export function findElectronRisk(version: string): string | undefined {
  const parts = version.split('.').map(Number)
  const [major = 0, minor = 0, patch = 0] = parts
  if (major >= NEWER_LINES_FROM) return undefined
  const safe = FIRST_SAFE[major]
  if (safe === undefined) return `Electron ${version} gets no security fixes any more`
  const isSafe = minor > safe[1] || (minor === safe[1] && patch >= safe[2])
  return isSafe ? undefined : `Electron ${version} has open advisories: take ${safe.join('.')} or newer`
}

/** The pinned Electron has the fixes for the advisories we know. */
export const electronVersion: Check = {
  name: 'Electron version',
  find: async (repository) => {
    const version = (await readLockFile(repository)).packages['node_modules/electron']?.version
    if (version === undefined) return ['package-lock.json has no electron']
    const risk = findElectronRisk(version)
    return risk === undefined ? [] : [risk]
  },
}
