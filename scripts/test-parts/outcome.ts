/** What a part of the tests came to. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The names of what failed, for the end of the output. */
  readonly failures: readonly string[]
}

export const NOTHING: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [] }

/** One thing that either works or does not. */
export function single(ok: boolean, name: string): Outcome {
  return ok ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1, failures: [name] }
}

/** Adds outcomes up. */
export function sum(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce(
    (total, outcome) => ({
      passed: total.passed + outcome.passed,
      failed: total.failed + outcome.failed,
      skipped: total.skipped + outcome.skipped,
      failures: [...total.failures, ...outcome.failures],
    }),
    NOTHING,
  )
}

/**
 * A test runner's own exit code has the last word: with a bad one, at least one thing failed, even if its report
 * names none (an unhandled rejection, a crash, a file that does not load).
 */
export function withExitCode(outcome: Outcome, code: number | null, name: string): Outcome {
  if (code === 0 || outcome.failed > 0) return outcome
  const reason = code === null ? `${name}: was ended` : `${name}: ended with code ${code}`
  return { ...outcome, failed: 1, failures: [...outcome.failures, reason] }
}

/** The line that ends every run: `12 passed, 0 failed`. */
export function summaryLine({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
