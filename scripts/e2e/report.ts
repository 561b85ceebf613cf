/** What Playwright's JSON report says, cut down to what is added up over several passes. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** The counts of one pass or of all of them. */
export interface E2eCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly failures: readonly string[]
}

interface ReportSuite {
  readonly specs?: readonly {
    readonly title: string
    readonly file: string
    readonly tests: readonly { readonly status: string }[]
  }[]
  readonly suites?: readonly ReportSuite[]
}

interface Report {
  readonly suites?: readonly ReportSuite[]
  readonly errors?: readonly { readonly message?: string }[]
}

/** Reads a report; a pass that wrote none counts as one failure, so that a crash is never taken for success. */
export async function readCounts(file: string): Promise<E2eCounts> {
  if (!existsSync(file)) {
    return { passed: 0, failed: 1, skipped: 0, failures: ['Playwright ended without a report'] }
  }
  return countReport(JSON.parse(await readFile(file, 'utf8')) as Report)
}

/** Counts the tests of a report. Errors outside any test, such as a spec that cannot be loaded, are failures too. */
export function countReport(report: Report): E2eCounts {
  const tests = (report.suites ?? []).flatMap(listTests)
  const failures = [
    ...tests
      .filter((test) => test.status === 'unexpected' || test.status === 'flaky')
      .map((test) => test.title),
    ...(report.errors ?? []).map((error) => error.message?.split('\n')[0] ?? 'an error without a message'),
  ]
  return {
    passed: tests.filter((test) => test.status === 'expected').length,
    skipped: tests.filter((test) => test.status === 'skipped').length,
    failed: failures.length,
    failures,
  }
}

/** Adds passes up. */
export function addCounts(all: readonly E2eCounts[]): E2eCounts {
  const sum = (pick: (counts: E2eCounts) => number): number =>
    all.reduce((total, counts) => total + pick(counts), 0)
  return {
    passed: sum((counts) => counts.passed),
    failed: sum((counts) => counts.failed),
    skipped: sum((counts) => counts.skipped),
    failures: all.flatMap((counts) => counts.failures),
  }
}

function listTests(suite: ReportSuite): { title: string; status: string }[] {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({ title: `${spec.file}: ${spec.title}`, status: test.status })),
  )
  return [...own, ...(suite.suites ?? []).flatMap(listTests)]
}
