const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const cents = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 4,
})

/** Millionths of a USD as money; less than a cent with the digits that say something. */
export function formatMicros(micros: number): string {
  const amount = micros / 1_000_000
  return amount > 0 && amount < 0.01 ? cents.format(amount) : dollars.format(amount)
}
