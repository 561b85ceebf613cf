/**
 * Runs the journeys on a real Electron: `npm run test:e2e -- [arguments of Playwright]`.
 * OUTPOST_E2E_APP=packaged runs them on the packaged app instead of the built one.
 */
import { existsSync } from 'node:fs'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp } from './build.ts'
import { type E2eCounts, addCounts, readCounts } from './e2e/report.ts'
import { type OrdinaryUser, createOrdinaryUser } from './e2e/ordinary-user.ts'
import { type Pass, planPasses } from './e2e/passes.ts'
import { programName } from './electron-runtime/electron-runtime.ts'
import { resolveElectron } from './electron-runtime/resolve-electron.ts'
import { preparePackagedApp } from './package/packaged-under-test.ts'
import { type RunResult, runCommand } from './run-command.ts'
import { runScript } from './script-failure.ts'
import { ensureSystemPackages } from './system-packages.ts'
import { startVirtualDisplay } from './virtual-display.ts'

const PASS_TIMEOUT_MS = 20 * 60_000
const project = fileURLToPath(new URL('../', import.meta.url))
const cache = path.join(project, '.cache')

/** The program under test and the folder it lies in. */
interface Target {
  readonly folder: string
  readonly executable: string
  readonly isPackaged: boolean
}

/** Runs every pass and answers the sum; the same is in `.cache/e2e-results.json`. */
export async function runE2e(args: readonly string[]): Promise<E2eCounts> {
  await ensureSystemPackages(['app', 'runtime', 'tests'])
  const target = await prepareTarget()
  const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0
  const results: E2eCounts[] = []
  for (const pass of planPasses(isRootOnLinux, args)) results.push(await runPass(pass, target))
  const counts = addCounts(results)
  await mkdir(cache, { recursive: true })
  await writeFile(path.join(cache, 'e2e-results.json'), `${JSON.stringify(counts, null, 2)}\n`)
  return counts
}

async function prepareTarget(): Promise<Target> {
  const electron = await resolveElectron()
  await buildApp()
  if (process.env['OUTPOST_E2E_APP'] === 'packaged') {
    const executablePath = await preparePackagedApp(project, electron)
    return {
      folder: path.dirname(executablePath),
      executable: path.basename(executablePath),
      isPackaged: true,
    }
  }
  return { folder: electron.distFolder, executable: programName(process.platform), isPackaged: false }
}

async function runPass(pass: Pass, target: Target): Promise<E2eCounts> {
  if (!pass.asOrdinaryUser) return runPlaywright(pass, target, project, undefined)
  const user = await createOrdinaryUser(project, target.folder)
  try {
    return await runPlaywright(pass, { ...target, folder: user.electronFolder }, user.project, user)
  } finally {
    await user.remove()
  }
}

async function runPlaywright(
  pass: Pass,
  target: Target,
  where: string,
  user: OrdinaryUser | undefined,
): Promise<E2eCounts> {
  const prefix = user?.prefix ?? []
  const report =
    user === undefined ? path.join(cache, `e2e-${pass.name}.json`) : path.join(user.home, 'report.json')
  await rm(report, { force: true })
  const display = process.platform === 'linux' ? await startVirtualDisplay({ prefix }) : undefined
  const output = path.join(user?.home ?? project, 'test-results')
  try {
    const env = {
      ...(user === undefined ? process.env : userEnvironment(user)),
      ...(display === undefined
        ? {}
        : { DISPLAY: display.name, XAUTHORITY: undefined, WAYLAND_DISPLAY: undefined }),
      ...targetEnvironment(target, where),
      // The user cannot write into the project, so everything it writes lies in its own folder.
      OUTPOST_E2E_OUTPUT: output,
      OUTPOST_E2E_REPORT: report,
    }
    const playwright = [process.execPath, path.join(where, 'node_modules/@playwright/test/cli.js'), 'test']
    const config = ['--config', path.join(where, 'e2e/playwright.config.ts'), '--pass-with-no-tests']
    const [command = '', ...rest] = [...prefix, ...playwright, ...config, ...pass.playwrightArguments]
    const result = await runCommand(command, rest, {
      cwd: where,
      env,
      output: 'inherit',
      timeoutMs: PASS_TIMEOUT_MS,
    })
    if (result.timedOut)
      console.error(`The pass "${pass.name}" did not end within 20 minutes and was stopped.`)
    return judge(pass, result, await readCounts(report))
  } finally {
    await display?.stop()
    if (user !== undefined && existsSync(output)) await keepResults(output)
  }
}

/** What e2e/fixtures/running-outpost.ts reads. */
function targetEnvironment(target: Target, where: string): NodeJS.ProcessEnv {
  return {
    OUTPOST_E2E_EXECUTABLE: path.join(target.folder, target.executable),
    OUTPOST_E2E_APP_FOLDER: target.isPackaged ? undefined : where,
  }
}

/** The user's folder is removed at the end; what its failed tests left is wanted. */
async function keepResults(output: string): Promise<void> {
  await cp(output, path.join(project, 'test-results', 'ordinary-user'), { recursive: true })
}

/** Nothing of root's environment reaches the user but what says where programs are. */
function userEnvironment(user: OrdinaryUser): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: user.home, LANG: 'C.UTF-8', CI: process.env['CI'] }
}

/** A run that failed without a failed test, by a time limit for example, must not look green. */
function judge(pass: Pass, result: RunResult, counts: E2eCounts): E2eCounts {
  if (result.code === 0 || counts.failed > 0) return counts
  return {
    ...counts,
    failed: 1,
    failures: [`The pass "${pass.name}" ended with code ${String(result.code)}`],
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const counts = await runE2e(process.argv.slice(2))
    console.log(`${counts.passed} passed, ${counts.failed} failed`)
    return counts.failed === 0 ? 0 : 1
  })
}
