/** What a benchmark is, and what it answers. */

/** One number, beside its reference measured in the same run. */
export interface Measurement {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The same thing without us: a bare Electron, xterm fed directly, a plain shell. Absent where nothing compares. */
  readonly reference: number | null
  /** Value by reference. */
  readonly ratio: number | null
  /** In words, as the architecture states it. Absent: reported only. */
  readonly budget: string | null
  readonly ok: boolean
}

export interface Benchmark {
  readonly name: string
  /** One line for the list of benchmarks. */
  readonly about: string
  run(log: (line: string) => void): Promise<readonly Measurement[]>
}

type Limit =
  | { readonly of: 'ratio' | 'value'; readonly atMost: number }
  | { readonly of: 'ratio' | 'value'; readonly atLeast: number }

/** Puts a measurement together and judges it by its limit. */
export function measurement(input: {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly reference?: number
  readonly limit?: Limit
}): Measurement {
  const { name, unit, limit } = input
  const reference = input.reference ?? null
  const ratio = reference === null || reference === 0 ? null : input.value / reference
  const judged = limit?.of === 'ratio' ? ratio : input.value
  return {
    name,
    value: round(input.value),
    unit,
    reference: reference === null ? null : round(reference),
    ratio: ratio === null ? null : round(ratio),
    budget: limit === undefined ? null : limitWords(limit, unit),
    ok: limit === undefined || (judged !== null && keeps(limit, judged)),
  }
}

function keeps(limit: Limit, judged: number): boolean {
  return 'atMost' in limit ? judged <= limit.atMost : judged >= limit.atLeast
}

function limitWords(limit: Limit, unit: string): string {
  const bound = 'atMost' in limit ? `≤ ${String(limit.atMost)}` : `≥ ${String(limit.atLeast)}`
  return limit.of === 'ratio' ? `${bound} × reference` : `${bound} ${unit}`
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
