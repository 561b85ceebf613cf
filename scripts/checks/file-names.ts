import type { Check } from './check.ts'
import { listFiles } from './source-files.ts'

const CODE = /^(server-bridge|preload|main|renderer|e2e|bench|scripts)\/.*\.(tsx?|js|css)$/
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(d\.ts|tsx?|js|css)$/
const SAYS_NOTHING = /^(utils?|helpers?|manager|types?|common|misc)\./
const BARREL = /(^|\/)index\.tsx?$/
/** An entry point, or the public face of a feature. */
const ALLOWED_INDEX =
  /^(main|preload)\/index\.ts$|^renderer\/index\.tsx?$|^renderer\/features\/[^/]+\/index\.tsx?$/

/** Finds files and folders whose names break the rules of this code base. */
export function findBadNames(paths: readonly string[]): string[] {
  const findings: string[] = []
  for (const path of paths.filter((candidate) => CODE.test(candidate))) {
    const folders = path.split('/')
    const file = folders.pop() ?? ''
    if (!KEBAB_CASE.test(file)) findings.push(`${path}: file names are kebab-case`)
    if (folders.some((folder) => !/^[a-z0-9_]+(-[a-z0-9_]+)*$/.test(folder)))
      findings.push(`${path}: folder names are kebab-case`)
    if (SAYS_NOTHING.test(file)) findings.push(`${path}: name the file after what it exports`)
    if (BARREL.test(path) && !ALLOWED_INDEX.test(path))
      findings.push(`${path}: no barrels, import the file that has it`)
  }
  return findings
}

/** Names say what is inside and are safe on disks that do not tell upper from lower case. */
export const fileNames: Check = {
  name: 'file names',
  find: async (repository) => findBadNames(await listFiles(repository)),
}
