/** Finds an Electron without anyone having to think: the pinned one where it can be had, else the offline runtime. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ScriptFailure } from '../script-failure.ts'
import { openCacheFolder } from './cache-folder.ts'
import { type ElectronRuntime, programName } from './electron-runtime.ts'
import { hasOfflineElectron, prepareOfflineElectron } from './offline-electron.ts'
import { downloadPackagedElectron, findPackagedElectron, pinnedElectronVersion } from './packaged-electron.ts'

/** The steps of the search; replaced in tests. */
export interface ResolveSteps {
  chosen(): ElectronRuntime | undefined
  installed(): ElectronRuntime | undefined
  download(): Promise<ElectronRuntime | undefined>
  offline(): Promise<ElectronRuntime>
  readonly hasOffline: boolean
  log(line: string): void
}

/** Answers the runtime to use and says in one line which it is. */
export async function resolveElectron(log: (line: string) => void = console.log): Promise<ElectronRuntime> {
  const cacheFolder = openCacheFolder()
  return searchElectron({
    chosen: () => chosenElectron(process.env['ELECTRON_OVERRIDE_DIST_PATH'], process.platform),
    installed: () => findPackagedElectron(),
    download: async () => downloadPackagedElectron(cacheFolder, log),
    offline: async () => prepareOfflineElectron(cacheFolder, log),
    hasOffline: hasOfflineElectron(process.platform, process.arch),
    log,
  })
}

/** The order of the search. */
export async function searchElectron(steps: ResolveSteps): Promise<ElectronRuntime> {
  const found = steps.chosen() ?? steps.installed() ?? (await steps.download())
  if (found === undefined && !steps.hasOffline) {
    throw new ScriptFailure(
      `Electron ${pinnedElectronVersion()} could not be downloaded, and there is no offline runtime for this platform. ` +
        `Run "npx install-electron" where GitHub can be reached, set ELECTRON_MIRROR, or name a folder that holds an ` +
        `Electron in ELECTRON_OVERRIDE_DIST_PATH.`,
    )
  }
  const runtime = found ?? (await steps.offline())
  steps.log(`Using Electron ${runtime.version} (${describe(runtime)}).`)
  return runtime
}

/** Electron's own variable: a folder that holds a whole Electron. A wrong one is an error, never silently passed over. */
export function chosenElectron(
  folder: string | undefined,
  platform: NodeJS.Platform,
): ElectronRuntime | undefined {
  if (folder === undefined || folder === '') return undefined
  const executablePath = path.join(folder, programName(platform))
  const versionFile = path.join(folder, 'version')
  if (!existsSync(executablePath) || !existsSync(versionFile)) {
    throw new ScriptFailure(`ELECTRON_OVERRIDE_DIST_PATH is ${folder}, but no Electron is there.`)
  }
  const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
  return { kind: 'chosen', version, executablePath, distFolder: folder }
}

function describe(runtime: ElectronRuntime): string {
  if (runtime.kind === 'chosen') return runtime.distFolder
  return runtime.kind === 'package' ? 'the pinned version' : 'the offline runtime'
}
