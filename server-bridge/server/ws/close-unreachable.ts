import type { WebSocket } from 'ws'

const INTERNAL_ERROR = 1011
/** The reason of a close frame has at most 123 bytes (RFC 6455, 5.5). */
const MAX_REASON_BYTES = 123

/** Closes a socket whose agent cannot be reached, in Coder's words. */
export function closeUnreachable(socket: WebSocket, error: unknown): void {
  if (socket.readyState !== socket.OPEN) return
  const reason = error instanceof Error ? error.message : String(error)
  socket.close(INTERNAL_ERROR, cutReason(`dial workspace agent: ${reason}`))
}

/** What fits, without a cut character at the end. */
export function cutReason(reason: string): string {
  return Buffer.from(reason).subarray(0, MAX_REASON_BYTES).toString('utf8').replaceAll('\uFFFD', '')
}
