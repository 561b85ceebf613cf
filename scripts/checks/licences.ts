import type { Check } from './check.ts'
import { type LockFile, lockedPackages, readLockFile } from './lock-file.ts'

/** Licences that let the app be given away under MIT. MPL-2.0 and OFL-1.1 bind their own files only. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT/X11',
  'MPL-2.0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
])

/** A licence field that is no SPDX expression, with what the package's own licence file says. */
const SPELLED_OTHERWISE: Readonly<Record<string, string>> = { 'MIT,Apache2': 'MIT OR Apache-2.0' }

/** Packages that name their licence in npm's old field, which the lock file leaves out. Read in their package.json. */
const NAMED_ELSEWHERE: Readonly<Record<string, string>> = {
  buildcheck: 'MIT',
  'cpu-features': 'MIT',
  ssh2: 'MIT',
}

/** Whether an SPDX expression can be met with allowed licences: one of each `OR`, all of each `AND`. */
export function isAllowedLicence(expression: string): boolean {
  const plain = (SPELLED_OTHERWISE[expression] ?? expression).replaceAll(/[()]/g, '').trim()
  return plain
    .split(/ OR /i)
    .some((choice) => choice.split(/ AND /i).every((licence) => ALLOWED.has(licence.trim())))
}

/** Finds packages whose licence is missing or not allowed. */
export function findForbiddenLicences(lock: LockFile): string[] {
  return lockedPackages(lock).flatMap(([name, locked]) => {
    const licence = locked.license ?? NAMED_ELSEWHERE[name]
    if (licence !== undefined && isAllowedLicence(licence)) return []
    return [`${name} has the licence "${licence ?? 'none'}", which is not on our list`]
  })
}

/** Every dependency has a licence we may ship or build with. */
export const licences: Check = {
  name: 'licences',
  find: async (repository) => findForbiddenLicences(await readLockFile(repository)),
}
