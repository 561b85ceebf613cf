import { ScriptFailure } from '../script-failure.ts'
import type { Part } from './parts.ts'

/** What the command line of `npm test` asks for. */
export interface Selection {
  readonly parts: readonly Part[]
  /** Passed on to the runner: file names, or options such as `--update`. */
  readonly filters: readonly string[]
}

/** Reads `[PART…] [FILTER…]`: parts come first, what follows narrows them down. No part means all of them. */
export function selectParts(args: readonly string[], all: readonly Part[]): Selection {
  const isPart = (arg: string): boolean => all.some(({ name }) => name === arg)
  const firstFilter = args.findIndex((arg) => !isPart(arg))
  const names = firstFilter === -1 ? args : args.slice(0, firstFilter)
  const filters = firstFilter === -1 ? [] : args.slice(firstFilter)
  if (names.length === 0 && filters.length > 0)
    throw new ScriptFailure(
      `"${filters[0] ?? ''}" is not a part. There are: ${all.map(({ name }) => name).join(', ')}`,
    )
  const wanted = names.length === 0 ? all.map(({ name }) => name) : [...names]
  const needed = all.filter(({ name }) => wanted.includes(name)).flatMap(({ needs }) => needs)
  return { parts: all.filter(({ name }) => wanted.includes(name) || needed.includes(name)), filters }
}
