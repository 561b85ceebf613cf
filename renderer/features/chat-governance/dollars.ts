const microsOfDollar = 1_000_000
/** The most the deployment takes: a million dollars. */
const maxMicros = 1_000_000_000_000

/** What was typed as an amount: how many millionths of a dollar, or what is wrong with it. */
export type DollarsRead = { readonly micros: number } | { readonly problem: string }

/** Reads `25`, `2.50`, `$1,250.75`. By digits alone: a binary fraction has no ten cents. */
export function readDollars(text: string): DollarsRead {
  const match = /^\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/.exec(text.trim())
  if (match === null) return { problem: 'Write an amount in dollars, such as 25 or 2.50.' }
  const [, whole = '', fraction = ''] = match
  if (fraction.length > 6) return { problem: 'Write at most six digits after the point.' }
  const dollars = Number(whole.replaceAll(',', ''))
  const micros = dollars * microsOfDollar + Number(fraction.padEnd(6, '0'))
  if (micros === 0) return { problem: 'Write more than zero. An empty field means no limit.' }
  if (micros > maxMicros) return { problem: 'Write at most 1,000,000 dollars.' }
  return { micros }
}

/** An amount as it stands in a field: `25`, `2.50`, `0.000125`. {@link readDollars} reads it back as it was. */
export function dollarsText(micros: number): string {
  const whole = Math.floor(micros / microsOfDollar)
  const rest = micros % microsOfDollar
  if (rest === 0) return String(whole)
  const fraction = String(rest).padStart(6, '0').replace(/0+$/, '').padEnd(2, '0')
  return `${String(whole)}.${fraction}`
}
