/** Builds the app: `tsx scripts/build.ts [--dev] [--force] [part…]`. Parts whose inputs are unchanged are left alone. */
import { existsSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { checkPart, readBuiltFiles } from './build/bundle-checks.ts'
import { hashInputs, isUpToDate, writeStamp } from './build/build-stamp.ts'
import { type BuildPlace, PART_NAMES, type PartName, partConfig } from './build/parts.ts'
import { withFolderLock } from './electron-runtime/folder-lock.ts'
import { ScriptFailure, runScript } from './script-failure.ts'

/** Files a part needs beside its code, from the project to the part's folder. */
const COPIES: Readonly<Partial<Record<PartName, { from: string; to: string; leaveOut: RegExp }>>> = {
  // The drawings the icons were made from stay at home.
  main: { from: 'main/shell/assets', to: 'assets', leaveOut: /\.(?:svg|md)$/ },
  'server-bridge': { from: 'server-bridge/provisioner/templates', to: 'templates', leaveOut: /\.ts$/ },
}

/** What to build and where; everything into `dist` when nothing is said. */
export interface BuildOptions {
  readonly project?: string
  readonly outFolder?: string
  readonly parts?: readonly PartName[]
  readonly dev?: boolean
  /** Build even what is up to date. */
  readonly force?: boolean
  readonly log?: (line: string) => void
}

/** Builds the parts that changed and answers their names. */
export async function buildApp(options: BuildOptions = {}): Promise<readonly PartName[]> {
  const project = options.project ?? fileURLToPath(new URL('../', import.meta.url))
  const place: BuildPlace = {
    project,
    outFolder: options.outFolder ?? path.join(project, 'dist'),
    dev: options.dev ?? false,
  }
  const log = options.log ?? console.log
  const lockParent = path.join(project, '.cache')
  await mkdir(lockParent, { recursive: true })
  return withFolderLock(path.join(lockParent, 'build.lock'), async () =>
    buildParts(options.parts ?? PART_NAMES, place, options.force ?? false, log),
  )
}

async function buildParts(
  parts: readonly PartName[],
  place: BuildPlace,
  force: boolean,
  log: (line: string) => void,
): Promise<readonly PartName[]> {
  const built: PartName[] = []
  // One after the other: Rolldown uses all cores by itself, and the first failure stays the last thing on the screen.
  for (const part of parts) {
    const inputs = await hashInputs(part, place)
    if (!force && (await isUpToDate(part, place, inputs))) continue
    const startedMs = performance.now()
    await buildPart(part, place)
    await writeStamp(part, place, inputs)
    built.push(part)
    log(`Built ${part} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`)
  }
  if (built.length === 0) log('The build is up to date.')
  return built
}

async function buildPart(part: PartName, place: BuildPlace): Promise<void> {
  await build(partConfig(part, place))
  const folder = path.join(place.outFolder, part)
  const copy = COPIES[part]
  const source = copy === undefined ? undefined : path.join(place.project, copy.from)
  if (copy !== undefined && source !== undefined && existsSync(source)) {
    await cp(source, path.join(folder, copy.to), {
      recursive: true,
      filter: (file) => !copy.leaveOut.test(file),
    })
  }
  const problems = checkPart(part, await readBuiltFiles(folder), place.dev)
  if (problems.length > 0)
    throw new ScriptFailure(`The build of ${part} is not fit to run:\n  ${problems.join('\n  ')}`)
}

/** Reads the command line. */
export function readBuildArguments(args: readonly string[]): BuildOptions {
  const names = args.filter((argument) => !argument.startsWith('--'))
  const unknown = [
    ...names.filter((name) => !PART_NAMES.some((part) => part === name)),
    ...args.filter((argument) => argument.startsWith('--') && argument !== '--dev' && argument !== '--force'),
  ]
  if (unknown.length > 0) {
    throw new ScriptFailure(
      `Unknown: ${unknown.join(', ')}. Use: build [--dev] [--force] [${PART_NAMES.join('|')}]…`,
    )
  }
  const parts = PART_NAMES.filter((part) => names.length === 0 || names.includes(part))
  return { parts, dev: args.includes('--dev'), force: args.includes('--force') }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    await buildApp(readBuildArguments(process.argv.slice(2)))
    return 0
  })
}
