const SHOWN = 4

/** What may be shown of a key: its two ends, and of a short one nothing. */
export function maskKey(key: string): string {
  if (key.length < SHOWN * 4) return '****'
  return `${key.slice(0, SHOWN)}...${key.slice(-SHOWN)}`
}
