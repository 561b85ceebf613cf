import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const versions = z.record(z.string(), z.string()).optional()

const lockedPackageSchema = z.object({
  /** The real name of a package that is installed under another one. */
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  // Old packages list several: any of them may be chosen.
  license: z.union([z.string(), z.array(z.string()).transform((all) => all.join(' OR '))]).optional(),
  hasInstallScript: z.boolean().optional(),
  inBundle: z.boolean().optional(),
  link: z.boolean().optional(),
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
})
const lockFileSchema = z.object({
  lockfileVersion: z.number(),
  packages: z.record(z.string(), lockedPackageSchema),
})

export type LockedPackage = z.infer<typeof lockedPackageSchema>
export type LockFile = z.infer<typeof lockFileSchema>

/** Reads package-lock.json. */
export async function readLockFile(repository: string): Promise<LockFile> {
  return lockFileSchema.parse(JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')))
}

/** The installed packages as `[name, package]`; the root is not one of them. */
export function lockedPackages(lock: LockFile): [name: string, locked: LockedPackage][] {
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, locked]) => [path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), locked])
}
