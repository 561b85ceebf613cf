import type { Check } from '../checks/check.ts'
import { REPOSITORY_CHECKS } from '../checks/repository-checks.ts'
import { findViolations } from '../layers/find-violations.ts'
import { runCommand } from '../run-command.ts'
import { type Outcome, single, sum } from './outcome.ts'
import { REPOSITORY, toolArguments } from './tools.ts'

interface StepResult {
  readonly ok: boolean
  readonly output: string
}
interface Step {
  readonly name: string
  readonly run: () => Promise<StepResult>
}

const TOOL_TIMEOUT_MS = 10 * 60_000
/** The longest of all, and the only one that can wait: it may take a whole run of the tests, on what they leave. */
const LINT_TIMEOUT_MS = 60 * 60_000
/** Two are long, and each uses one core. */
const AT_ONCE = 2

function toolStep(
  name: string,
  tool: Parameters<typeof toolArguments>[0],
  args: readonly string[],
  options: { low?: boolean; timeoutMs: number } = { timeoutMs: TOOL_TIMEOUT_MS },
): Step {
  return {
    name,
    run: async () => {
      const result = await runCommand(process.execPath, toolArguments(tool, args), {
        cwd: REPOSITORY,
        ...options,
      })
      const late = result.timedOut ? `It did not end within ${options.timeoutMs / 60_000} minutes.` : ''
      return { ok: result.code === 0, output: [result.stdout, result.stderr, late].join('\n').trim() }
    },
  }
}

const layersStep: Step = {
  name: 'layers',
  run: async () => {
    const { violations } = await findViolations(REPOSITORY)
    const lines = violations.map(({ rule, from, to, comment }) => `${from} → ${to}\n  ${rule}: ${comment}`)
    return { ok: lines.length === 0, output: lines.join('\n') }
  },
}

function repositoryStep(check: Check): Step {
  return {
    name: check.name,
    run: async () => {
      const findings = await check.find(REPOSITORY)
      const warnings = (await check.warn?.(REPOSITORY)) ?? []
      const lines = [...findings, ...warnings.map((warning) => `(warning) ${warning}`)]
      return { ok: findings.length === 0, output: lines.join('\n') }
    },
  }
}

const LINT = 'lint'
const LINT_ARGUMENTS = [
  '--max-warnings=0',
  '--cache',
  '--cache-strategy=content',
  '--cache-location=.cache/eslint/',
  '.',
]

const STEPS: readonly Step[] = [
  toolStep('types', 'tsc', ['--build', '--pretty', 'false']),
  toolStep(LINT, 'eslint', LINT_ARGUMENTS),
  layersStep,
  toolStep('unused code', 'knip', ['--config', 'scripts/knip.json', '--no-progress']),
  toolStep('format', 'prettier', [
    '--check',
    '--log-level=warn',
    '--cache',
    '--cache-location=.cache/prettier',
    '.',
  ]),
  ...REPOSITORY_CHECKS.map(repositoryStep),
]

async function runStep(step: Step): Promise<Outcome> {
  const startedMs = performance.now()
  const result = await step
    .run()
    .catch((error: unknown): StepResult => ({ ok: false, output: String(error) }))
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${result.ok ? '✓' : '✗'} ${step.name} (${seconds} s)`)
  if (result.output !== '' && (!result.ok || result.output.includes('(warning)'))) {
    console.log(result.output.replaceAll(/^/gm, '    '))
  }
  return single(result.ok, step.name)
}

/** Runs all checks that need neither a build nor a test runner, or those with the given names. */
export async function runChecks(only: readonly string[] = []): Promise<Outcome> {
  return runSteps(STEPS.filter(({ name }) => only.length === 0 || only.includes(name)))
}

/** The checks but lint, which takes longer than all the others together. */
export const runQuickChecks = async (): Promise<Outcome> =>
  runSteps(STEPS.filter(({ name }) => name !== LINT))

/** Lint, beside other work: it takes only the processor time that others leave. */
export const runLintBeside = async (): Promise<Outcome> =>
  runStep(toolStep(LINT, 'eslint', LINT_ARGUMENTS, { low: true, timeoutMs: LINT_TIMEOUT_MS }))

async function runSteps(steps: readonly Step[]): Promise<Outcome> {
  const waiting = [...steps]
  const outcomes: Outcome[] = []
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      outcomes.push(await runStep(step))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return sum(outcomes)
}

/** The names `npm run check -- NAME…` takes. */
export const CHECK_NAMES: readonly string[] = STEPS.map(({ name }) => name)
