/** What of a target must not reach the workspace. */

/**
 * Shorter texts are words like a region or a flag: to take those out of answers would spoil the answers, and whoever
 * wants to know them can try them all.
 */
export const shortestSecret = 6

/** Words in front of a credential, which everybody knows. */
const schemes = new Set(['basic', 'bearer', 'digest', 'negotiate', 'token', 'apikey'])

/**
 * The values themselves, and the parts of them that a server takes apart and may echo alone: the token behind `Bearer`,
 * user and password of `Basic`, the single cookies of several, and the credentials in the server's address.
 */
export function secretPieces(target: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}): string[] {
  const pieces = new Set<string>()
  const add = (text: string): void => {
    if ([...text].length >= shortestSecret) pieces.add(text)
  }
  for (const value of Object.values(target.headers).flatMap(readings)) {
    const whole = value.trim()
    add(whole)
    for (const part of whole.split(/[\s;,]+/)) {
      if (schemes.has(part.toLowerCase())) continue
      add(part)
      add(part.slice(part.indexOf('=') + 1))
    }
    const [, credentials] = /^basic\s+(\S+)$/i.exec(whole) ?? []
    if (credentials !== undefined) {
      const decoded = Buffer.from(credentials, 'base64').toString('utf8')
      add(decoded)
      add(decoded.slice(decoded.indexOf(':') + 1))
    }
  }
  const { username, password, searchParams } = new URL(target.url)
  for (const text of [username, password]) add(percentDecoded(text))
  for (const text of searchParams.values()) add(text)
  return [...pieces]
}

/** What an address says, where it says anything: a `%` that begins no code stands for itself. */
function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

/** A value is one character a byte; most servers take the bytes for what they say in UTF-8. */
function readings(value: string): string[] {
  const decoded = Buffer.from(value, 'latin1').toString('utf8')
  return decoded === value ? [value] : [value, decoded]
}
