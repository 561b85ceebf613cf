import type { LatencySample } from '#ipc/diagnostics'

/** `12 ms`, and tenths where that is all there is. */
export function milliseconds(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1).replace(/\.0$/, '')} ms` : `${Math.round(ms).toLocaleString('en')} ms`
}

/** `93.4 Mbit/s` of bytes and the milliseconds they took. */
export function megabits({ bytes, ms }: { readonly bytes: number; readonly ms: number }): string {
  const rate = ms === 0 ? 0 : (bytes * 8) / 1000 / ms
  return `${rate >= 100 ? Math.round(rate).toLocaleString('en') : rate.toFixed(1)} Mbit/s`
}

/** The value in the middle; of an even number the lower one, so that it is one that was measured. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
}

/** What latencies were, or nothing without one. */
export function latencyFigures(samples: readonly LatencySample[]) {
  const values = samples.map(({ latencyMs }) => latencyMs)
  const last = values.at(-1)
  if (last === undefined) return undefined
  return { min: Math.min(...values), median: median(values), max: Math.max(...values), last }
}
