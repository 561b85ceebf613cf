const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const finer = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 4,
})

/** Millionths of a dollar to read: `$1,250.75`; below a cent with the digits that say something, and never as nothing. */
export function formatDollars(micros: number): string {
  const amount = micros / 1_000_000
  if (amount > 0 && amount < 0.0001) return '< $0.0001'
  return amount > 0 && amount < 0.01 ? finer.format(amount) : cents.format(amount)
}
