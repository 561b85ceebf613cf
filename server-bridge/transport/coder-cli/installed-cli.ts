/**
 * The deployment's own command line on this computer: downloaded when the deployment has another version, the one from
 * before kept and used while no new one can be had.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CliPlace, CliSignaturePolicy } from '../../contract/coder-cli.ts'
import type { Clock } from '../../lib/clock.ts'
import { cliName } from './cli-name.ts'
import { CliProblem } from './cli-problem.ts'
import { downloadCli, type Fetch } from './download-cli.ts'
import { withDownloadLock } from './download-lock.ts'
import { readCliVersion } from './run-cli.ts'

export interface InstallOptions extends CliPlace {
  readonly baseUrl: string
  /** The deployment's. */
  readonly version: string
  readonly fetch: Fetch
  readonly plainFetch: Fetch
  readonly publicKey?: string
  readonly clock: Clock
  /** What the program is run with. */
  readonly environment: Readonly<Record<string, string>>
  readonly platform?: NodeJS.Platform
  readonly arch?: string
  readonly signal: AbortSignal
  readonly onProgress: (received: number, total: number | undefined) => void
}

export interface InstalledCli {
  readonly program: string
  readonly version: string
  /** Why it is not the deployment's version, where it is not: a sentence. */
  readonly outdated?: string
}

/**
 * Answers a program that can be run, downloading it if need be.
 *
 * @throws {CliProblem}
 */
export async function ensureCli(options: InstallOptions): Promise<InstalledCli> {
  const { platform = process.platform, arch = process.arch } = options
  if (options.chosen !== undefined) return useChosen(options.chosen, options, platform)
  const name = cliName(platform, arch)
  if (name === undefined)
    throw new CliProblem('not_offered', `Coder has no command line for ${platform} on ${arch}.`)
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const found = await findMatching(options, name)
  if (found !== undefined) return found
  const lock = { path: join(options.folder, '.lock'), clock: options.clock, signal: options.signal }
  return withDownloadLock(lock, async () => {
    // Another instance may have downloaded it meanwhile.
    const now = await findMatching(options, name)
    if (now !== undefined) return now
    await removeParts(options.folder)
    try {
      return await install(options, name, platform)
    } catch (thrown) {
      if (!(thrown instanceof CliProblem) || thrown.code === 'aborted') throw thrown
      const before = await findAny(options, name)
      if (before === undefined) throw thrown
      return { ...before, outdated: thrown.message }
    }
  })
}

/** What was not checked has another name, so that it is not taken for what was once checks are wanted. */
const namesOf = (name: string, signature: CliSignaturePolicy): readonly string[] =>
  signature === 'none' ? [name, `unchecked-${name}`] : [name]

async function useChosen(
  chosen: string,
  { environment }: InstallOptions,
  platform: NodeJS.Platform,
): Promise<InstalledCli> {
  const isFolder = await stat(chosen).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const program = isFolder ? join(chosen, platform === 'win32' ? 'coder.exe' : 'coder') : chosen
  return { program, version: await readCliVersion(program, environment) }
}

async function findMatching(options: InstallOptions, name: string): Promise<InstalledCli | undefined> {
  for (const one of namesOf(name, options.signature)) {
    const found = await tryProgram(join(options.folder, one), options)
    if (found?.version === options.version) return found
  }
  return undefined
}

/** One that runs, of whatever version; the one before the last as well. */
async function findAny(options: InstallOptions, name: string): Promise<InstalledCli | undefined> {
  for (const one of namesOf(name, options.signature).flatMap((each) => [each, `old-${each}`])) {
    const found = await tryProgram(join(options.folder, one), options)
    if (found !== undefined) return found
  }
  return undefined
}

async function tryProgram(program: string, options: InstallOptions): Promise<InstalledCli | undefined> {
  try {
    await stat(program)
    return { program, version: await readCliVersion(program, options.environment) }
  } catch {
    // Not there, or damaged: another one takes its place.
    return undefined
  }
}

async function install(
  options: InstallOptions,
  name: string,
  platform: NodeJS.Platform,
): Promise<InstalledCli> {
  const own = options.signature === 'none' ? `unchecked-${name}` : name
  const program = join(options.folder, own)
  const part = join(options.folder, `.part-${randomUUID()}${platform === 'win32' ? '.exe' : ''}`)
  try {
    const isNew = await downloadCli({
      ...options,
      name,
      platform,
      known: await digestOf(program),
      target: part,
      now: options.clock.now(),
    })
    // The deployment says that this is its own, whatever version it tells.
    if (!isNew) return { program, version: await readCliVersion(program, options.environment) }
    const version = await readCliVersion(part, options.environment)
    // The first one has none before it; without a fallback the new one is as good.
    await rename(program, join(options.folder, `old-${own}`)).catch(() => undefined)
    await rename(part, program)
    return { program, version }
  } finally {
    await rm(part, { force: true })
  }
}

async function digestOf(path: string): Promise<string | undefined> {
  const digest = createHash('sha1')
  try {
    for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer)
  } catch {
    // Not there: then all of it comes.
    return undefined
  }
  return digest.digest('hex')
}

/** Of instances that were killed while they downloaded. Called while the lock is held. */
async function removeParts(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith('.part-')) await rm(join(folder, name), { force: true })
}
