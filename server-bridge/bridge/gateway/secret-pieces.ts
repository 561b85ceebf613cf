/** What of a target must not reach the workspace. */

/**
 * Shorter texts are words like a region or a flag: to take those out of answers would spoil the answers, and whoever
 * wants to know them can try them all.
 */
export const shortestSecret = 6

/** Words in front of a credential, which everybody knows. */
const schemes = new Set(['basic', 'bearer', 'digest', 'negotiate', 'token', 'apikey'])

/** Revisions of the protocol, media types and names of methods: an answer without them is no MCP. */
const mcpWord =
  /^(\d{4}-\d{2}-\d{2}|(application|text)\/[\w.+-]+|(tools|resources|prompts|notifications|completion|logging|sampling|roots|elicitation|tasks)(\/[a-z_]+)+)$/i
/** Names in messages of JSON-RPC and MCP that are long enough to be taken for a value. */
const mcpNames = new Set([
  'jsonrpc',
  'method',
  'params',
  'result',
  'message',
  'initialize',
  'initialized',
  'capabilities',
  'protocolversion',
  'serverinfo',
  'clientinfo',
  'notifications',
  'resources',
  'resource',
  'prompts',
  'content',
  'structuredcontent',
  'iserror',
  'nextcursor',
  'inputschema',
  'arguments',
  'description',
  'endpoint',
])

function isMcpWord(text: string): boolean {
  return mcpWord.test(text) || mcpNames.has(text.toLowerCase())
}

const credentialName = /token|key|secret|sig|auth|pass|pwd|cred|session|jwt/i

/** Whether a part of an address's query is one, by its name or because nobody would think of it. */
function isCredential(name: string, value: string): boolean {
  if (credentialName.test(name)) return true
  return value.length >= 32 || (value.length >= 16 && /\d/.test(value) && /[a-z]/i.test(value))
}

/** The values as they are sent, without the scheme in front: what must not stand in a header, whatever it breaks. */
export function wholeSecrets(target: { readonly headers: Readonly<Record<string, string>> }): string[] {
  return Object.values(target.headers)
    .flatMap(readings)
    .map((value) => value.trim().replace(/^(\S+)\s+/, (start, word: string) => (isScheme(word) ? '' : start)))
    .filter((value) => [...value].length >= shortestSecret && !isMcpWord(value))
}

function isScheme(word: string): boolean {
  return schemes.has(word.toLowerCase())
}

/**
 * The values themselves, and the parts of them that a server takes apart and may echo alone: the token behind `Bearer`,
 * user and password of `Basic`, the single cookies of several, and the credentials in the server's address. MCP's own
 * words are none.
 */
export function secretPieces(target: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}): string[] {
  const pieces = new Set<string>()
  const add = (text: string): void => {
    if ([...text].length >= shortestSecret && !isMcpWord(text)) pieces.add(text)
  }
  for (const value of Object.values(target.headers).flatMap(readings)) {
    const whole = value.trim()
    add(whole)
    for (const part of whole.split(/[\s;,]+/)) {
      if (isScheme(part)) continue
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
  for (const [name, text] of searchParams) if (isCredential(name, text)) add(text)
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
