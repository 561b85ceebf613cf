/** What a workspace may ask of a gateway. Bounds are for programs gone wild; a busy agent stays far below them. */
export interface GatewayLimits {
  /** One message of MCP. */
  readonly bodyBytes: number
  /** Request line and headers together. */
  readonly headerBytes: number
  /** Requests being answered at a time: event streams stay open for hours. */
  readonly openRequests: number
  readonly connections: number
  readonly requestsPerMinute: number
  /** A connection that sends no complete request headers by then is closed, the first time and after each answer. */
  readonly headersMs: number
  /** How long the last answer of a connection may take to be read. */
  readonly lingerMs: number
  /** A body must be complete by then. */
  readonly bodyMs: number
  /** How long the MCP server may think before it answers: a tool may take minutes. */
  readonly answerMs: number
}

export const defaultGatewayLimits: GatewayLimits = {
  bodyBytes: 4 * 1024 * 1024,
  headerBytes: 16 * 1024,
  openRequests: 64,
  connections: 96,
  requestsPerMinute: 1200,
  headersMs: 20_000,
  lingerMs: 2_000,
  bodyMs: 60_000,
  answerMs: 15 * 60_000,
}

/** Requests within any minute, whenever it begins: one that is refused does not count. */
export function createMinuteLimit(perMinute: number, now: () => number): { take(): boolean } {
  const minuteMs = 60_000
  /** When each of the last ones came, the oldest at `next`. */
  const times: number[] = []
  let next = 0
  return {
    take() {
      const at = now()
      const oldest = times[next]
      // A clock that was set back tells nothing about the time since.
      if (oldest !== undefined && at >= oldest && at - oldest < minuteMs) return false
      times[next] = at
      next = (next + 1) % perMinute
      return true
    },
  }
}
