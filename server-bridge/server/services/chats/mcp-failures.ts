import { toError } from '../../../lib/to-error.ts'
import type { McpServerRow } from '../mcp/server-secrets.ts'

/** Said to people and to models as it is. */
export class McpUnusableError extends Error {
  override readonly name = 'McpUnusableError'
}

/** Why a server cannot be used. What it sends itself stays out of it: it may hold what was sent to the server. */
export function unusableReason(thrown: unknown): string {
  return thrown instanceof McpUnusableError
    ? thrown.message
    : `${toError(thrown).name}: it could not be connected.`
}

/** What a failed connection comes to: how a server answered says what its user can do about it, and nothing that was sent. */
export async function connectFailure(thrown: unknown): Promise<unknown> {
  const { SdkHttpError } = await import('@modelcontextprotocol/client')
  if (!(thrown instanceof SdkHttpError)) return thrown
  const { status } = thrown
  return new McpUnusableError(
    status === 401 || status === 403
      ? `It refused what it was given with HTTP ${status}. Check your values for it, or your sign-in.`
      : `It answered HTTP ${status}.`,
  )
}

/** What a model is told of a call to a server that could not be connected. */
export function cannotUse(row: Pick<McpServerRow, 'display_name'>, thrown: unknown): McpUnusableError {
  return new McpUnusableError(
    `The MCP server ${JSON.stringify(row.display_name)} cannot be used now: ${unusableReason(thrown)}`,
  )
}

const MAX_REFUSAL_CHARS = 2000
/** Shorter ones are in any text. */
const MIN_SECRET_CHARS = 6

/**
 * What a model is told of a call that failed after the server was connected. An answer of the server to the call itself is
 * given to it, as a tool's result would be, unless what was sent along is in it.
 */
export async function callFailure(
  row: Pick<McpServerRow, 'display_name'>,
  headers: Readonly<Record<string, string>>,
  thrown: unknown,
): Promise<McpUnusableError> {
  const { ProtocolError, SdkError, SdkErrorCode } = await import('@modelcontextprotocol/client')
  const server = `The MCP server ${JSON.stringify(row.display_name)}`
  if (thrown instanceof ProtocolError && !holdsAny(thrown.message, headers))
    return new McpUnusableError(`${server} refused the call: ${thrown.message.slice(0, MAX_REFUSAL_CHARS)}`)
  if (thrown instanceof SdkError && thrown.code === SdkErrorCode.RequestTimeout)
    return new McpUnusableError(`${server} did not answer the call in time.`)
  return new McpUnusableError(`${server} did not answer the call: ${toError(thrown).name}.`)
}

/** Whether a value is in the text, also without the scheme before it. */
function holdsAny(text: string, headers: Readonly<Record<string, string>>): boolean {
  return Object.values(headers)
    .flatMap((value) => value.split(/\s+/))
    .some((piece) => piece.length >= MIN_SECRET_CHARS && text.includes(piece))
}
