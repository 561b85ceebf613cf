const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** How many tokens: `12.4M`. */
export function formatTokens(count: number): string {
  return compact.format(count)
}

/** How long: `under a minute`, `42 min`, `3.5 h`. */
export function formatWorkTime(ms: number): string {
  const minutes = ms / 60_000
  if (ms <= 0) return 'None'
  if (minutes < 1) return 'Under a minute'
  return minutes < 120 ? `${String(Math.round(minutes))} min` : `${compact.format(minutes / 60)} h`
}
