/** Programs electron-builder would download, taken from the system where they are installed. */
import { existsSync } from 'node:fs'
import path from 'node:path'

/** electron-builder's variable for each tool, and the names under which systems install it. */
const TOOLS: readonly { readonly variable: string; readonly programs: readonly string[] }[] = [
  { variable: 'CUSTOM_FPM_PATH', programs: ['fpm'] },
  { variable: 'ELECTRON_BUILDER_7ZIP_PATH', programs: ['7za', '7zz', '7z'] },
]

/** Answers the variables to set: those that are not set yet and whose program is installed. */
export function findInstalledTools(
  env: NodeJS.ProcessEnv,
  exists: (file: string) => boolean = existsSync,
): Readonly<Record<string, string>> {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '')
  return Object.fromEntries(
    TOOLS.filter(({ variable }) => env[variable] === undefined).flatMap(({ variable, programs }) => {
      const candidates = programs.flatMap((program) => folders.map((folder) => path.join(folder, program)))
      const found = candidates.find(exists)
      return found === undefined ? [] : [[variable, found]]
    }),
  )
}

/** What to install for a target that electron-builder makes by a tool it downloads; undefined for all others. */
export function describeTool(targets: readonly string[]): string | undefined {
  if (targets.some((target) => ['deb', 'rpm', 'pacman', 'apk'].includes(target))) {
    return 'deb and rpm packages are made by fpm, which electron-builder downloads. Without GitHub, install fpm or name it in CUSTOM_FPM_PATH.'
  }
  if (targets.some((target) => target === 'zip' || target.startsWith('tar.'))) {
    return 'Archives are made by 7-Zip, which electron-builder downloads. Without GitHub, install p7zip-full.'
  }
  if (targets.some((target) => ['AppImage', 'snap', 'flatpak', 'nsis', 'dmg'].includes(target))) {
    return 'This target is made by tools that electron-builder downloads from GitHub, so it can be made only where GitHub can be reached.'
  }
  return undefined
}
