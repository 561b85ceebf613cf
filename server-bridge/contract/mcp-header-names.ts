/** What the names and values of HTTP headers may be: one rule for forms, the local deployment and whoever sends them. */

/** RFC 9110, 5.6.2: what a field name may be made of. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** They belong to the connection or to the protocol itself; a server or proxy would misread the request. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** A line break would start a header of its own, a NUL ends the text in half of all programs. */
export const UNSAFE_VALUE = /[\r\n\0]/

/** Header names are compared so (RFC 9110, 5.1). */
export const canonical = (name: string): string => name.trim().toLowerCase()

/** Why no request could carry a header of this name, as a sentence. The name is taken as it is, spaces included. */
export function headerNameProblem(name: string): string | undefined {
  if (!TOKEN.test(name)) return `${JSON.stringify(name)} is not a valid header name.`
  // Maps of headers travel as JSON objects, and parsers of those drop this key without a word.
  if (name === '__proto__') return `A header cannot be called ${JSON.stringify(name)}.`
  if (RESERVED.has(canonical(name)))
    return `The header ${JSON.stringify(name)} is set by the connection itself.`
  return undefined
}
