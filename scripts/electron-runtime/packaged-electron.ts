/** The `electron` package's own program: there already, or downloaded by the package's own installer. */
import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { runCommand } from '../run-command.ts'
import { type ElectronRuntime, programName } from './electron-runtime.ts'

const PROBE_TIMEOUT_MS = 8_000
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000
const REFUSAL_LASTS_MS = 24 * 60 * 60_000

/** The folder of the `electron` package in node_modules. */
function packageFolder(): string {
  return path.dirname(createRequire(import.meta.url).resolve('electron/package.json'))
}

/** The version package.json pins. */
export function pinnedElectronVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(packageFolder(), 'package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}

/** Answers the program when the package has already downloaded it, undefined otherwise. */
export function findPackagedElectron(
  folder = packageFolder(),
  platform = process.platform,
): ElectronRuntime | undefined {
  const distFolder = path.join(folder, 'dist')
  const versionFile = path.join(distFolder, 'version')
  const executablePath = path.join(distFolder, programName(platform))
  if (!existsSync(versionFile) || !existsSync(executablePath)) return undefined
  const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
  return { kind: 'package', version, executablePath, distFolder }
}

/**
 * Lets the package download its program. A refused download is remembered for a day in `cacheFolder`, so that later
 * starts lose no time on it. Answers undefined when the download is refused or fails.
 */
export async function downloadPackagedElectron(
  cacheFolder: string,
  log: (line: string) => void,
): Promise<ElectronRuntime | undefined> {
  const version = pinnedElectronVersion()
  const marker = path.join(cacheFolder, `refused-${version}-${process.platform}-${process.arch}`)
  if (await isRecent(marker, Date.now())) return undefined

  if (!(await isInDownloadCache(version)) && !(await isReachable(downloadUrl(version, process.env)))) {
    await writeFile(marker, new Date().toISOString())
    log(`Electron ${version} cannot be downloaded from here. Asking again tomorrow.`)
    return undefined
  }
  log(`Downloading Electron ${version}.`)
  const installer = path.join(packageFolder(), 'install.js')
  const result = await runCommand(process.execPath, [installer], { timeoutMs: DOWNLOAD_TIMEOUT_MS })
  const found = findPackagedElectron()
  if (result.code === 0 && found !== undefined) {
    await rm(marker, { force: true })
    return found
  }
  await writeFile(marker, new Date().toISOString())
  log(`Electron ${version} could not be downloaded: ${firstLine(result.stderr)}`)
  return undefined
}

/** Whether a refusal was written down less than a day ago; a time in the future does not count. */
export async function isRecent(marker: string, nowMs: number): Promise<boolean> {
  if (!existsSync(marker)) return false
  const age = nowMs - Date.parse(await readFile(marker, 'utf8'))
  return age >= 0 && age < REFUSAL_LASTS_MS
}

/** The address the package's installer will use; it honours the same mirror variable. */
export function downloadUrl(version: string, env: NodeJS.ProcessEnv): string {
  const base =
    env['ELECTRON_MIRROR'] ??
    env['npm_config_electron_mirror'] ??
    'https://github.com/electron/electron/releases/download/'
  return `${base}v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`
}

/** A request of its own with a short limit: the installer itself has none and would hang behind a silent firewall. */
async function isReachable(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    return answer.ok
  } catch {
    // Refused, unresolved or timed out: all mean the same here, and the caller says so.
    return false
  }
}

/** @electron/get keeps archives under a hash of their address; any of them with the right name will do. */
async function isInDownloadCache(version: string): Promise<boolean> {
  const root = process.env['electron_config_cache'] ?? path.join(os.homedir(), '.cache', 'electron')
  if (!existsSync(root)) return false
  const wanted = `electron-v${version}-${process.platform}-${process.arch}.zip`
  return (await readdir(root, { recursive: true })).some((file) => path.basename(file) === wanted)
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? 'no reason given'
}
