/** One run of Playwright; each of its tests brings a display of its own. */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type RunResult, runCommand } from '../run-command.ts'
import type { Pass } from './passes.ts'
import { type E2eCounts, readCounts } from './report.ts'

const PASS_TIMEOUT_MS = 40 * 60_000

/** Who runs the journeys, on what, and where it writes. */
export interface Runner {
  /** Put in front of every command; empty to run as the present user. */
  readonly prefix: readonly string[]
  readonly project: string
  readonly env: NodeJS.ProcessEnv
  /** Where screenshots and logs of failed tests go. */
  readonly output: string
  readonly report: string
  /** The program under test; the app's folder comes with a bare Electron only. */
  readonly executablePath: string
  readonly appFolder: string | undefined
}

/** Runs the pass to its end and answers its counts. */
export async function runPlaywright(pass: Pass, runner: Runner): Promise<E2eCounts> {
  await rm(runner.report, { force: true })
  const env = {
    ...runner.env,
    // Read by e2e/fixtures/running-outpost.ts and e2e/playwright.config.ts.
    OUTPOST_E2E_EXECUTABLE: runner.executablePath,
    OUTPOST_E2E_APP_FOLDER: runner.appFolder,
    OUTPOST_E2E_OUTPUT: runner.output,
    // Playwright's own variable; it holds for `--reporter=line,json` on the command line too.
    PLAYWRIGHT_JSON_OUTPUT_FILE: runner.report,
  }
  const playwright = [
    process.execPath,
    path.join(runner.project, 'node_modules/@playwright/test/cli.js'),
    'test',
  ]
  const config = ['--config', path.join(runner.project, 'e2e/playwright.config.ts'), '--pass-with-no-tests']
  const [command = '', ...args] = [...runner.prefix, ...playwright, ...config, ...pass.playwrightArguments]
  const options = { cwd: runner.project, env, output: 'inherit', timeoutMs: PASS_TIMEOUT_MS } as const
  const result = await runCommand(command, args, options)
  if (result.timedOut) console.error(`The pass "${pass.name}" did not end within 40 minutes and was stopped.`)
  return judge(pass, result, await readCounts(runner.report))
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
