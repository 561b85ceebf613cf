/**
 * Runs the journeys on a real Electron: `npm run test:e2e -- [arguments of Playwright]`.
 * OUTPOST_E2E_APP=packaged runs them on the packaged app instead of the built one.
 */
import { existsSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp } from './build.ts'
import { createOrdinaryUser } from './e2e/ordinary-user.ts'
import { type Pass, planPasses } from './e2e/passes.ts'
import { type E2eCounts, addCounts } from './e2e/report.ts'
import { runPlaywright } from './e2e/run-playwright.ts'
import { programName } from './electron-runtime/electron-runtime.ts'
import { resolveElectron } from './electron-runtime/resolve-electron.ts'
import { preparePackagedApp } from './package/packaged-under-test.ts'
import { runScript } from './script-failure.ts'
import { ensureSystemPackages } from './system-packages.ts'

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
  await mkdir(cache, { recursive: true })
  const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0
  const results: E2eCounts[] = []
  for (const pass of planPasses(isRootOnLinux, args)) {
    results.push(await (pass.asOrdinaryUser ? runAsOrdinaryUser(pass, target) : runAsMyself(pass, target)))
  }
  const counts = addCounts(results)
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

async function runAsMyself(pass: Pass, target: Target): Promise<E2eCounts> {
  return runPlaywright(pass, {
    prefix: [],
    project,
    env: process.env,
    output: path.join(project, 'test-results'),
    report: path.join(cache, `e2e-${pass.name}.json`),
    executablePath: path.join(target.folder, target.executable),
    appFolder: target.isPackaged ? undefined : project,
  })
}

/** The user cannot write into the project, so everything it writes lies in its own folder. */
async function runAsOrdinaryUser(pass: Pass, target: Target): Promise<E2eCounts> {
  const user = await createOrdinaryUser(project, target.folder)
  const output = path.join(user.home, 'test-results')
  try {
    return await runPlaywright(pass, {
      prefix: user.prefix,
      project: user.project,
      // Nothing of root's environment but what says where programs are.
      env: { PATH: process.env['PATH'], HOME: user.home, LANG: 'C.UTF-8', CI: process.env['CI'] },
      output,
      report: path.join(user.home, 'report.json'),
      executablePath: path.join(user.electronFolder, target.executable),
      appFolder: target.isPackaged ? undefined : user.project,
    })
  } finally {
    // The user's folder is removed; what its failed tests left is wanted.
    if (existsSync(output))
      await cp(output, path.join(project, 'test-results', 'ordinary-user'), { recursive: true })
    await user.remove()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const counts = await runE2e(process.argv.slice(2))
    for (const failure of counts.failures) console.error(`Failed: ${failure}`)
    console.log(`${counts.passed} passed, ${counts.failed} failed`)
    return counts.failed === 0 ? 0 : 1
  })
}
