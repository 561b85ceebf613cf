/** Which headers pass a gateway, each way. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** For one connection only (RFC 9110, 7.6.1), and what older programs take for such. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Meant for the gateway, or about whoever asks it. */
const ours = [
  'authorization',
  'cookie',
  'host',
  'origin',
  'referer',
  'forwarded',
  'via',
  'expect',
  'content-length',
  'accept-encoding',
]
const dropped = new Set([...hopByHop, ...ours])
const droppedPrefixes = ['x-forwarded-', 'proxy-', 'sec-', 'access-control-', 'coder-']

/** Servers that hand headers on as variables (CGI, WSGI) take `X_Key` for `X-Key`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

/**
 * Headers for the MCP server: those of the workspace without what is not meant for it and without any that the user's
 * values stand for, then the values.
 */
export function upstreamHeaders(
  given: IncomingHttpHeaders,
  values: Readonly<Record<string, string>>,
): OutgoingHttpHeaders {
  const replaced = new Set(Object.keys(values).map(plain))
  const named = new Set((given.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
  const headers: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(given)) {
    const key = plain(name)
    if (value === undefined || dropped.has(key) || replaced.has(key) || named.has(name)) continue
    if (droppedPrefixes.some((prefix) => key.startsWith(prefix))) continue
    headers[name] = value
  }
  // What is compressed cannot be looked through for the values.
  return { ...headers, 'accept-encoding': 'identity', ...values }
}

/** All that a client of MCP needs; whatever else a server sends may hold what it was sent. */
const answered = [
  'allow',
  'cache-control',
  'content-length',
  'content-type',
  'mcp-protocol-version',
  'mcp-session-id',
  'retry-after',
]

/** Of no use to a client when anything of them is changed. */
const neededAsTheyAre = new Set(['content-type', 'mcp-session-id'])

/** Headers for the workspace, without the values; two of them are changed only where they hold a whole value. */
export function answerHeaders(
  given: IncomingHttpHeaders,
  mask: (text: string) => string,
  maskWhole: (text: string) => string,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of answered) {
    const value = given[name]
    if (typeof value === 'string') headers[name] = (neededAsTheyAre.has(name) ? maskWhole : mask)(value)
  }
  return headers
}

/** Whether a body of this type can be looked through: MCP's own types and plain text, in UTF-8. */
export function isReadableType(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return false
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';')
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='))
  if (charset !== undefined && !/^charset="?(utf-?8|us-ascii)"?$/.test(charset)) return false
  return /^(application\/(\S+\+)?json|text\/event-stream|text\/plain)$/.test(type.trim())
}
