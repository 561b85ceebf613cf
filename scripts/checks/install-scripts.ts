import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Check } from './check.ts'
import { type LockFile, lockedPackages, readLockFile } from './lock-file.ts'

/**
 * Packages whose install script has to run, with the reason. None does today: keytar and esbuild load their prebuilt
 * programs without it, and electron-winstaller is of no use to us.
 */
const HAS_TO_RUN: Readonly<Record<string, string>> = {}

/** What package.json says about install scripts, in npm's own field. */
export type ScriptDecisions = Readonly<Record<string, boolean>>

const packageSchema = z.object({ allowScripts: z.record(z.string(), z.boolean()).default({}) })

/** Finds packages with an install script that nobody has decided about, or that may run without a reason. */
export function findUnknownInstallScripts(lock: LockFile, decisions: ScriptDecisions): string[] {
  return lockedPackages(lock)
    .filter(([, locked]) => locked.hasInstallScript === true)
    .flatMap(([alias, locked]) => {
      const name = locked.name ?? alias
      const decision = decisions[name]
      if (decision === undefined)
        return [`${name} has an install script: read it, then decide by \`npm install-scripts deny ${name}\``]
      if (decision && !(name in HAS_TO_RUN))
        return [`${name} may run its install script: say why in scripts/checks/install-scripts.ts`]
      return []
    })
}

/** Install scripts are decided about one by one. */
export const installScripts: Check = {
  name: 'install scripts',
  find: async (repository) => {
    const manifest: unknown = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'))
    return findUnknownInstallScripts(
      await readLockFile(repository),
      packageSchema.parse(manifest).allowScripts,
    )
  },
}
