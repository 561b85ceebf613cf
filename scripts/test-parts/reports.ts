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

const NOT_RUN = new Set(['pending', 'skipped', 'todo', 'disabled'])

function countTest(status: string, name: string): Outcome {
  if (status === 'passed') return { ...NOTHING, passed: 1 }
  if (NOT_RUN.has(status)) return { ...NOTHING, skipped: 1 }
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

/** Reads the report of a run of vitest; a run that wrote none has failed. */
export async function readVitestReport(file: string, name: string): Promise<Outcome> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return single(false, `${name}: wrote no report`)
  }
  return countVitest(JSON.parse(text))
}
