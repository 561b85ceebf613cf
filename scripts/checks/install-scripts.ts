import type { Check } from './check.ts'
import { type LockFile, lockedPackages, readLockFile } from './lock-file.ts'

/** Packages that may run code while they are installed, with the reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  esbuild: 'checks that the binary of its platform package starts; tsx needs it',
  keytar: 'falls back to a build from source where no prebuilt addon fits',
  'electron-winstaller': "picks the 7-Zip of the machine's architecture; electron-builder brings it",
  fsevents: 'builds the file watcher of macOS; optional, never installed elsewhere',
}

/** Finds packages with an install script that nobody has looked at. */
export function findUnknownInstallScripts(lock: LockFile): string[] {
  return lockedPackages(lock)
    .filter(([name, locked]) => locked.hasInstallScript === true && !(name in ALLOWED))
    .map(([name]) => `${name} runs a script when installed: read it, then allow it with the reason`)
}

/** Install scripts are approved one by one. */
export const installScripts: Check = {
  name: 'install scripts',
  find: async (repository) => findUnknownInstallScripts(await readLockFile(repository)),
}
