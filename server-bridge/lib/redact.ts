/**
 * Keeps secrets out of logs, reports and messages. Two nets: by the name of a key or header, whatever its case, and by
 * the look of a value, wherever it stands in a text.
 */
export const redacted = '[redacted]'

/** Keys whose values are secret, compared without case, hyphens and underscores. */
const secretNames = new Set([
  'accesskey',
  'accesstoken',
  'agenttoken',
  'apikey',
  'authorization',
  'codersessiontoken',
  'cookie',
  'csrftoken',
  'passphrase',
  'password',
  'privatekey',
  'proxyauthorization',
  'refreshtoken',
  'secret',
  'sessiontoken',
  'setcookie',
  'token',
  'xapikey',
  'xcsrftoken',
])

/** Endings that make a longer name secret as well, such as `github_token`. */
const secretEndings = [
  'token',
  'password',
  'passwd',
  'secret',
  'secretkey',
  'passphrase',
  'apikey',
  'accesskey',
  'privatekey',
  'credentials',
]

/** Whether a field or header of this name must not be shown. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '')
  return secretNames.has(plain) || secretEndings.some((ending) => plain.endsWith(ending))
}

const privateKeyBlock = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g
/** Coder's credential: an id of 10 and a secret of 22 alphanumeric characters. */
const coderToken = /(?<![A-Za-z0-9])[A-Za-z0-9]{10}-[A-Za-z0-9]{22}(?![A-Za-z0-9])/g
const bearer = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi
const userInfo = /([a-z][a-z0-9+.-]{0,31}:\/\/)[^/?#\s@]+@/gi
/** `name=`, `Name: `, `"name": `: of an address, a form, an environment, a header, JSON, and JSON inside of JSON. */
const nameBefore = /([A-Za-z][\w.-]{0,63})\\{0,3}["']?\s{0,3}[:=]\s{0,3}/g
/** What a value in quotes is: up to the same quote, escaped as often, or to the end of the line without one. */
const quoted = String.raw`(\\{0,3}["'])(?:[\s\S]*?(?<!\\)\1|[^\r\n]*)`
const word = String.raw`(?:[^&\s"';\\]|\\(?!["'nrt\\]))+`
/** Headers whose value is a credential as a whole, spaces and all. */
const credentialHeader = /(?:authorization|cookie)$/i

/** A text without the secrets that can be recognised in it. */
export function redactText(text: string): string {
  return redactNamed(
    text
      .replaceAll(privateKeyBlock, redacted)
      .replaceAll(coderToken, redacted)
      .replaceAll(bearer, (_, scheme: string) => `${scheme} ${redacted}`)
      .replaceAll(userInfo, (_, scheme: string) => `${scheme}${redacted}@`),
  )
}

/** Takes out the value behind every secret name. Other values are looked into: an address in one may hold a token. */
function redactNamed(text: string): string {
  const names = new RegExp(nameBefore)
  let clean = ''
  let from = 0
  for (let match = names.exec(text); match !== null; match = names.exec(text)) {
    const [, name = ''] = match
    if (!isSecretName(name)) continue
    const at = names.lastIndex
    const value = new RegExp(`${quoted}|${credentialHeader.test(name) ? String.raw`[^\r\n]+` : word}`, 'y')
    value.lastIndex = at
    const [found, quote = ''] = value.exec(text) ?? []
    if (found === undefined || found === redacted || found.startsWith('//')) continue
    clean += `${text.slice(from, at)}${quote}${redacted}${quote}`
    from = at + found.length
    names.lastIndex = from
  }
  return clean + text.slice(from)
}

const maxDepth = 8
const maxEntries = 200

/**
 * A copy of a value that is safe to write down: secrets replaced, errors as plain objects, cycles and depths cut. Never
 * throws, also not for getters that do.
 */
export function redactValue(value: unknown): unknown {
  return copy(value, 0, new Set())
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`
  if (typeof value !== 'object' || value === null) return value
  return opaque(value) ?? copyObject(value, depth, above)
}

/** Objects that are one value. */
function opaque(value: object): string | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  return value instanceof URL ? redactText(value.href) : undefined
}

function copyObject(value: object, depth: number, above: Set<object>): unknown {
  if (above.has(value)) return '[circular]'
  if (depth >= maxDepth) return '[deep]'
  above.add(value)
  try {
    return Array.isArray(value)
      ? value.slice(0, maxEntries).map((item) => copy(item, depth + 1, above))
      : copyEntries(value, depth, above)
  } finally {
    above.delete(value)
  }
}

function copyEntries(value: object, depth: number, above: Set<object>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, read] of entriesOf(value)) {
    if (isSecretName(name)) {
      out[name] = redacted
      continue
    }
    try {
      out[name] = copy(read(), depth + 1, above)
    } catch {
      out[name] = '[unreadable]'
    }
  }
  return out
}

function entriesOf(value: object): [string, () => unknown][] {
  if (value instanceof Map || (typeof Headers !== 'undefined' && value instanceof Headers)) {
    return [...(value as Iterable<[unknown, unknown]>)]
      .slice(0, maxEntries)
      .map(([name, item]) => [String(name), () => item])
  }
  if (value instanceof Set) return [['values', () => [...(value as Set<unknown>)]]]
  const own = Object.keys(value)
    .slice(0, maxEntries)
    .map((name): [string, () => unknown] => [name, () => (value as Record<string, unknown>)[name]])
  if (!(value instanceof Error)) return own
  // These are not enumerable, and they are what a log is for.
  const parts: [string, () => unknown][] = [
    ['name', () => value.name],
    ['message', () => value.message],
    ['stack', () => value.stack],
  ]
  if (value.cause !== undefined) parts.push(['cause', () => value.cause])
  return [...parts, ...own]
}
