import { ConversionError, type Value } from '../value.ts'

/** Checks how many arguments there are; `max` absent means exactly `min`. */
export function expectCount(args: readonly Value[], min: number, max = min): void {
  if (args.length >= min && args.length <= max) return
  const wanted =
    max === Number.POSITIVE_INFINITY ? `at least ${min}` : min === max ? String(min) : `${min} to ${max}`
  throw new ConversionError(`takes ${wanted} argument${max === 1 ? '' : 's'}, not ${args.length}`)
}

/** The argument at this place; the count is checked before. */
export function argument(args: readonly Value[], index: number): Value {
  return args[index] ?? null
}
