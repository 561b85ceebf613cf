/** The value below which the share `p` (0 to 1) of the sorted samples lies: the nearest rank, never interpolated. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * p) - 1))]
  if (value === undefined) throw new RangeError('There are no samples.')
  return value
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}
