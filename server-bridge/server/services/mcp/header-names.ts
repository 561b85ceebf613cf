import { ApiError } from '../../api-error.ts'

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

/** @throws {ApiError} 400 for a name that no request could carry. */
export function requireHeaderName(name: string, field: string): void {
  if (!TOKEN.test(name)) throw refuse(field, `${JSON.stringify(name)} is not a valid header name.`)
  if (RESERVED.has(canonical(name)))
    throw refuse(field, `The header ${JSON.stringify(name)} is set by the connection itself.`)
}

/** A 400 that names the field, for forms. */
export function refuse(field: string, detail: string): ApiError {
  return new ApiError(400, {
    message: 'Invalid MCP server configuration.',
    detail,
    validations: [{ field, detail }],
  })
}

/** The administrator's own headers, names trimmed. @throws {ApiError} 400 */
export function parseAdminHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  // A null prototype, since a header may be called like a property of objects.
  const parsed = Object.create(null) as Record<string, string>
  const seen = new Set<string>()
  for (const [raw, value] of Object.entries(headers)) {
    const name = raw.trim()
    if (name === '') throw refuse('custom_headers', 'A header needs a name.')
    requireHeaderName(name, 'custom_headers')
    if (seen.has(canonical(name)))
      throw refuse('custom_headers', `The header ${JSON.stringify(name)} is there twice.`)
    if (UNSAFE_VALUE.test(value))
      throw refuse(
        'custom_headers',
        `The value of ${JSON.stringify(name)} has a line break or a NUL character in it.`,
      )
    seen.add(canonical(name))
    parsed[name] = value
  }
  return parsed
}
