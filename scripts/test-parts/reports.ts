import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { NOTHING, type Outcome, single, sum } from './outcome.ts'

const vitestReportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

interface PlaywrightSuite {
  readonly title: string
  readonly suites?: readonly PlaywrightSuite[] | undefined
  readonly specs: readonly { title: string; tests: readonly { status: string }[] }[]
}
const playwrightSuiteSchema: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    title: z.string(),
    suites: z.array(playwrightSuiteSchema).optional(),
    specs: z.array(z.object({ title: z.string(), tests: z.array(z.object({ status: z.string() })) })),
  }),
)
const playwrightReportSchema = z.object({
  suites: z.array(playwrightSuiteSchema),
  errors: z.array(z.object({ message: z.string().optional() })),
})

function countTest(status: string, name: string): Outcome {
  if (status === 'passed' || status === 'expected') return { ...NOTHING, passed: 1 }
  if (status === 'pending' || status === 'skipped' || status === 'todo' || status === 'disabled')
    return { ...NOTHING, skipped: 1 }
  // Playwright's `flaky` too: a journey that works at the second try is broken.
  return { ...NOTHING, failed: 1, failures: [name] }
}

/** Counts what vitest's JSON reporter wrote. A file that failed without a failing test (it did not load) counts. */
export function countVitest(report: unknown): Outcome {
  const { testResults } = vitestReportSchema.parse(report)
  return sum(
    testResults.flatMap((file) => {
      const tests = file.assertionResults.map(({ status, fullName }) => countTest(status, fullName))
      const broken = file.status === 'failed' && tests.every(({ failed }) => failed === 0)
      return broken ? [...tests, single(false, file.name)] : tests
    }),
  )
}

/** Counts what Playwright's JSON reporter wrote. */
export function countPlaywright(report: unknown): Outcome {
  const { suites, errors } = playwrightReportSchema.parse(report)
  const count = (suite: PlaywrightSuite): Outcome =>
    sum([
      ...suite.specs.flatMap(({ title, tests }) => tests.map(({ status }) => countTest(status, title))),
      ...(suite.suites ?? []).map(count),
    ])
  const outside = errors.map(({ message }) =>
    single(false, message?.split('\n')[0] ?? 'an error outside of any test'),
  )
  return sum([...suites.map(count), ...outside])
}

/** Reads a report; a runner that wrote none has failed. */
export async function readReport(
  file: string,
  count: (report: unknown) => Outcome,
  name: string,
): Promise<Outcome> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return single(false, `${name}: wrote no report`)
  }
  return count(JSON.parse(text))
}
