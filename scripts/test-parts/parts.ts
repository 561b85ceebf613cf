import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../run-command.ts'
import { runLintBeside, runQuickChecks } from './check-steps.ts'
import { NOTHING, type Outcome, single, withExitCode } from './outcome.ts'
import { readVitestReport } from './reports.ts'
import { searchSecrets } from './secret-search.ts'
import { CACHE, REPOSITORY, toolArguments } from './tools.ts'

/** A part of `npm test`. */
export interface Part {
  readonly name: string
  /** Parts that run before it even when it is asked for alone; when one of them fails, it fails unrun. */
  readonly needs: readonly string[]
  /** Runs while the others do, from the beginning of the run, on the processor time that they leave. */
  readonly beside?: boolean
  readonly run: (filters: readonly string[]) => Promise<Outcome>
}

const MINUTE_MS = 60_000

async function runScriptPart(
  script: string,
  args: readonly string[],
  minutes: number,
): Promise<number | null> {
  const { code, timedOut } = await runCommand(process.execPath, toolArguments('tsx', [script, ...args]), {
    cwd: REPOSITORY,
    output: 'inherit',
    timeoutMs: minutes * MINUTE_MS,
  })
  if (timedOut) console.error(`${script} did not end within ${minutes} minutes.`)
  return code
}

function vitestPart(name: string, projects: readonly string[], minutes: number): Part {
  return {
    name,
    needs: [],
    run: async (filters) => {
      const report = join(CACHE, `${name}-results.json`)
      await rm(report, { force: true })
      const { code, timedOut } = await runCommand(
        process.execPath,
        toolArguments('vitest', [
          'run',
          '--config=scripts/vitest/vitest.config.ts',
          ...projects.map((project) => `--project=${project}`),
          // The plain reporter: one line a file, the same in a terminal and in a log.
          '--reporter=dot',
          '--reporter=json',
          `--outputFile.json=${report}`,
          ...filters,
        ]),
        { cwd: REPOSITORY, output: 'inherit', timeoutMs: minutes * MINUTE_MS },
      )
      if (timedOut) console.error(`vitest did not end within ${minutes} minutes.`)
      return withExitCode(await readVitestReport(report, name), code, name)
    },
  }
}

const journeys: Part = {
  name: 'e2e',
  needs: ['system-packages', 'build'],
  run: async (filters) => {
    // Loaded when it is needed: checks and unit tests must run where no Electron can.
    const { runE2e } = await import('../e2e.ts')
    return runE2e(filters)
  },
}

/** All parts, in the order of `npm test`: cheap before dear, so that a typo is told in seconds. */
export const PARTS: readonly Part[] = [
  {
    name: 'system-packages',
    needs: [],
    run: async () =>
      single(
        (await runScriptPart('scripts/system-packages.ts', ['--for=tests'], 15)) === 0,
        'system-packages',
      ),
  },
  { name: 'lint', needs: [], beside: true, run: runLintBeside },
  { name: 'check', needs: [], run: runQuickChecks },
  vitestPart('unit', ['unit', 'shell', 'renderer'], 15),
  vitestPart('conformance', ['conformance', 'soak'], 15),
  {
    name: 'build',
    needs: [],
    run: async () => single((await runScriptPart('scripts/build.ts', [], 10)) === 0, 'build'),
  },
  journeys,
  {
    name: 'secrets',
    needs: [],
    run: async () => searchSecrets([join(REPOSITORY, 'test-results')], CACHE),
  },
]

/** What a part comes to when one it needs has failed. */
export function unrun(part: Part, broken: string): Outcome {
  return { ...NOTHING, failed: 1, failures: [`${part.name}: not run, because ${broken} failed`] }
}
