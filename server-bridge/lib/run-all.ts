/**
 * Runs all of them, whatever becomes of the others: of those who are told the same, none must miss it for another's
 * failure.
 *
 * @throws what the first that failed has thrown, once all have run
 */
export function runAll(works: Iterable<() => void>): void {
  const thrown: unknown[] = []
  for (const work of works) {
    try {
      work()
    } catch (error) {
      thrown.push(error)
    }
  }
  if (thrown.length > 0) throw thrown[0]
}
