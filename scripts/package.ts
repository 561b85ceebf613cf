/**
 * Packs the app: `npm run package -- --linux dir deb`. Arguments are electron-builder's own; the Electron that is packed
 * is the one the app was tested with.
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp } from './build.ts'
import type { ElectronRuntime } from './electron-runtime/electron-runtime.ts'
import { resolveElectron } from './electron-runtime/resolve-electron.ts'
import { checkPackage } from './package/check-package.ts'
import { describeTool, findInstalledTools } from './package/installed-tools.ts'
import { packagedLayout, unpackedFolder } from './package/unpacked-folder.ts'
import { ScriptFailure, runScript } from './script-failure.ts'
import { ensureSystemPackages } from './system-packages.ts'

const projectFolder = fileURLToPath(new URL('../', import.meta.url))
const PLATFORMS = { '--linux': 'linux', '--mac': 'darwin', '--win': 'win32' } as const

/** What to pack. */
export interface PackageOptions {
  readonly electron: ElectronRuntime
  readonly platform: 'linux' | 'darwin' | 'win32'
  /** electron-builder's target names; those of the configuration when empty. */
  readonly targets: readonly string[]
  readonly project?: string
}

/** Builds and packs, then checks what came out. Answers the folder of the unpacked app and the finished files. */
export async function packageApp(
  options: PackageOptions,
): Promise<{ folder: string; artifacts: readonly string[] }> {
  const project = options.project ?? projectFolder
  await buildApp({ project })
  // Loaded here: it is by far the slowest import, and the journeys on the built app do not need it.
  const { Platform, build } = await import('electron-builder')
  const platform = { linux: Platform.LINUX, darwin: Platform.MAC, win32: Platform.WINDOWS }[options.platform]
  Object.assign(process.env, findInstalledTools(process.env))
  const artifacts = await build({
    projectDir: project,
    targets: platform.createTarget(options.targets.length === 0 ? null : [...options.targets]),
    publish: 'never',
    config: {
      extends: path.join(projectFolder, 'electron-builder.yml'),
      // A foreign platform's Electron has to be downloaded; our own is at hand.
      ...(options.platform === process.platform ? { electronDist: options.electron.distFolder } : {}),
      electronVersion: options.electron.version,
      afterPack: removeDefaultApp,
    },
  }).catch((error: unknown) => {
    const tool = describeTool(options.targets)
    if (tool === undefined) throw error
    throw new ScriptFailure(`${error instanceof Error ? error.message : String(error)}\n\n${tool}`)
  })
  const folder = path.join(project, 'release', unpackedFolder(options.platform, process.arch))
  if (options.platform === process.platform) {
    const problems = await checkPackage(folder, options.platform)
    if (problems.length > 0)
      throw new ScriptFailure(`The package is not fit to ship:\n  ${problems.join('\n  ')}`)
  }
  return { folder, artifacts }
}

/** Electron's own default app is of no use in a packaged one, and it would run any folder it is given. */
async function removeDefaultApp(context: { appOutDir: string; electronPlatformName: string }): Promise<void> {
  const { resources } = packagedLayout(context.electronPlatformName as NodeJS.Platform)
  await rm(path.join(context.appOutDir, resources, 'default_app.asar'), { force: true })
}

/** Reads the command line: a platform, this one when none is named, then targets. */
export function readPackageArguments(args: readonly string[]): Pick<PackageOptions, 'platform' | 'targets'> {
  const platforms = args.filter((argument) => argument.startsWith('--'))
  const [flag] = platforms
  const known = Object.entries(PLATFORMS).find(([name]) => name === flag)
  if (platforms.length > 1 || (flag !== undefined && known === undefined)) {
    throw new ScriptFailure('Use: package [--linux|--mac|--win] [dir|deb|rpm|AppImage|tar.gz|dmg|zip|nsis]…')
  }
  const own = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux'
  return { platform: known?.[1] ?? own, targets: args.filter((argument) => !argument.startsWith('--')) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const options = readPackageArguments(process.argv.slice(2))
    await ensureSystemPackages(['app'])
    const { folder, artifacts } = await packageApp({ ...options, electron: await resolveElectron() })
    console.log(`The app is in ${path.relative(process.cwd(), folder)}.`)
    for (const artifact of artifacts) console.log(`Made ${path.relative(process.cwd(), artifact)}.`)
    return 0
  })
}
