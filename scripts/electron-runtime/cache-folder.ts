/** Where prepared runtimes live: per user, outside the checkout, so that a second clone does not download again. */
import { accessSync, constants, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout this script belongs to. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url))

/** Names the folders to try, best first. */
export function cacheCandidates(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  home: string,
  project: string,
): readonly string[] {
  const chosen = env['OUTPOST_CACHE']
  if (chosen !== undefined && chosen !== '') return [path.resolve(chosen)]
  const inProject = path.join(project, '.cache', 'electron-runtime')
  if (platform === 'win32') {
    return [
      path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'outpost-electron', 'Cache'),
      inProject,
    ]
  }
  if (platform === 'darwin') return [path.join(home, 'Library', 'Caches', 'outpost-electron'), inProject]
  // The specification says a relative XDG_CACHE_HOME is invalid and has to be ignored.
  const xdg = env['XDG_CACHE_HOME']
  const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache')
  return [path.join(base, 'outpost-electron'), inProject]
}

/** Creates and answers the first candidate that can be written to. */
export function openCacheFolder(): string {
  const candidates = cacheCandidates(process.env, process.platform, os.homedir(), projectFolder)
  for (const [index, folder] of candidates.entries()) {
    try {
      mkdirSync(folder, { recursive: true })
      accessSync(folder, constants.W_OK)
      return folder
    } catch (error) {
      if (index === candidates.length - 1) throw error
    }
  }
  throw new Error('No cache folder was named')
}
