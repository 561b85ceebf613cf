/** Templates are foreign input: what one evaluation may cost. */
const maxSteps = 500_000
const maxProducedChars = 32 * 1024 * 1024
const maxDepth = 200
/** All regular expressions of one evaluation together. */
const maxRegexMs = 1_000

/** The template wants more work than any honest one does. */
export class BudgetError extends Error {
  constructor(what: string) {
    super(`the template ${what}. Simplify it`)
    this.name = 'BudgetError'
  }
}

/** Counts what an evaluation uses and stops it at the limit. */
export class Budget {
  #steps = 0
  #chars = 0
  #depth = 0
  #regexMs = 0

  spend(steps: number): void {
    this.#steps += steps
    if (this.#steps > maxSteps) throw new BudgetError('takes too many steps to evaluate')
  }

  /** Text that is made, before it is made. */
  produce(chars: number): void {
    this.#chars += chars
    if (this.#chars > maxProducedChars) throw new BudgetError('produces too much text')
  }

  /** Runs a match and counts how long it took. */
  timed<T>(match: () => T): T {
    if (this.#regexMs > maxRegexMs) throw new BudgetError('spends too long on regular expressions')
    const start = performance.now()
    try {
      return match()
    } finally {
      this.#regexMs += performance.now() - start
    }
  }

  nested<T>(run: () => T): T {
    this.#depth += 1
    if (this.#depth > maxDepth) throw new BudgetError('is nested too deeply')
    try {
      return run()
    } finally {
      this.#depth -= 1
    }
  }
}
