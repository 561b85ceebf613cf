/** Builds the app: `tsx scripts/build.ts [--dev] [--force] [part…]`. Parts whose inputs are unchanged are left alone. */
import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { checkPart, readBuiltFiles } from './build/bundle-checks.ts'
import { hashInputs, isUpToDate, writeStamp } from './build/build-stamp.ts'
import { type BuildPlace, PART_NAMES, type PartName, partConfig } from './build/parts.ts'
import { withFolderLock } from './electron-runtime/folder-lock.ts'
import { ScriptFailure, runScript } from './script-failure.ts'

/** Files a part needs beside its code, from the project to the part's folder. */
const COPIES: Readonly<Partial<Record<PartName, readonly { from: string; to: string }[]>>> = {
  main: [{ from: 'main/shell/assets', to: 'assets' }],
  'server-bridge': [{ from: 'server-bridge/provisioner/templates', to: 'templates' }],
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
  for (const { from, to } of COPIES[part] ?? []) {
    const source = path.join(place.project, from)
    if (!existsSync(source)) continue
    await rm(path.join(folder, to), { recursive: true, force: true })
    await cp(source, path.join(folder, to), { recursive: true, filter: (file) => !file.endsWith('.test.ts') })
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
