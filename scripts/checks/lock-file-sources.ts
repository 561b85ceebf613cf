import type { Check } from './check.ts'
import { type LockFile, type LockedPackage, lockedPackages, readLockFile } from './lock-file.ts'

const EXACT_VERSION = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/
const OTHER_SOURCE = /^(git|github:|gitlab:|bitbucket:|https?:|file:|link:)|^[\w-]+\/[\w.-]+(#|$)/

function findingsOf(name: string, locked: LockedPackage): string[] {
  const findings: string[] = []
  if (locked.link === true) findings.push(`${name} is a link to a folder`)
  else if (locked.integrity === undefined && locked.inBundle !== true)
    findings.push(`${name} has no integrity hash, so its content may change`)
  // A host in the file would tie every clone to one mirror.
  if (locked.resolved !== undefined) findings.push(`${name} names where it was downloaded; remove "resolved"`)
  for (const [dependency, range] of Object.entries({
    ...locked.dependencies,
    ...locked.optionalDependencies,
  })) {
    if (OTHER_SOURCE.test(range)) findings.push(`${name} takes ${dependency} from "${range}"`)
  }
  return findings
}

/**
 * npm writes a lock file without a platform's binaries when it could not find them, and then refuses to install from
 * it on every platform.
 */
function findMissingOptionals(lock: LockFile): string[] {
  const packages = lockedPackages(lock)
  const present = new Set(packages.map(([name]) => name))
  return packages.flatMap(([name, locked]) =>
    Object.keys(locked.optionalDependencies ?? {})
      .filter((optional) => !present.has(optional))
      .map(
        (optional) => `${optional}, which ${name} may use, is not in the lock file: \`npm ci\` would fail`,
      ),
  )
}

/** Finds dependencies that do not come from the registry, or that are not pinned to one content. */
export function findForeignSources(lock: LockFile): string[] {
  const root = lock.packages['']
  const asked = Object.entries({ ...root?.dependencies, ...root?.devDependencies })
  return [
    ...(lock.lockfileVersion === 3 ? [] : [`package-lock.json has version ${lock.lockfileVersion}, not 3`]),
    ...asked
      .filter(([, range]) => !EXACT_VERSION.test(range))
      .map(([name, range]) => `${name} is asked for as "${range}": pin one exact version`),
    ...lockedPackages(lock).flatMap(([name, locked]) => findingsOf(name, locked)),
    ...findMissingOptionals(lock),
  ]
}

/** The lock file holds packages of the registry only, each by its hash. */
export const lockFileSources: Check = {
  name: 'lock file',
  find: async (repository) => findForeignSources(await readLockFile(repository)),
}
