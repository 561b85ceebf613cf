import { type Outcome, sum, summaryLine } from './outcome.ts'
import { type Part, unrun } from './parts.ts'
import type { Selection } from './select-parts.ts'

interface Finished {
  readonly part: Part
  readonly outcome: Outcome
  readonly seconds: number
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

async function runPart(part: Part, filters: readonly string[], done: readonly Finished[]): Promise<Finished> {
  const startedMs = performance.now()
  const finish = (outcome: Outcome): Finished => ({
    ...{ part, outcome },
    seconds: (performance.now() - startedMs) / 1000,
  })
  const broken = done.find((other) => part.needs.includes(other.part.name) && other.outcome.failed > 0)
  if (broken !== undefined) return finish(unrun(part, broken.part.name))
  try {
    return finish(await part.run(filters))
  } catch (error) {
    return finish({ passed: 0, failed: 1, skipped: 0, failures: [`${part.name}: ${describe(error)}`] })
  }
}

/**
 * Runs the parts one after the other, whatever becomes of them, those that may run beside others from the beginning, and
 * ends with the summary line.
 */
export async function runParts(
  { parts, filters }: Selection,
  print: (line: string) => void,
): Promise<Outcome> {
  const done: Finished[] = []
  const beside = parts.filter((part) => part.beside === true).map(async (part) => runPart(part, filters, []))
  for (const part of parts.filter((each) => each.beside !== true)) {
    print(`\n── ${part.name} ──`)
    done.push(await runPart(part, filters, done))
  }
  done.push(...(await Promise.all(beside)))

  print('')
  for (const { part, outcome, seconds } of done) {
    const mark = outcome.failed > 0 ? '✗' : '✓'
    print(`${mark} ${part.name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s   ${summaryLine(outcome)}`)
  }
  const total = sum(done.map(({ outcome }) => outcome))
  if (total.failed > 0) {
    print(
      `\nFailed in ${done
        .filter(({ outcome }) => outcome.failed > 0)
        .map(({ part }) => part.name)
        .join(', ')}:`,
    )
    for (const failure of total.failures) print(`  ${failure}`)
  }
  print(`\n${summaryLine(total)}`)
  return total
}
