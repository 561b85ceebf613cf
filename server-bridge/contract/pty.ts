/**
 * Coder's terminal protocol (stable-api, section 14). Client to server: binary frames that together are a stream of
 * JSON values, split or packed at any byte. Server to client: raw terminal bytes.
 */
import { z } from 'zod'
import { queryInteger, uuid } from './shape.ts'

export const ptyQuerySchema = z.object({
  /** Names the session: the same id gets the same shell. */
  reconnect: uuid,
  width: queryInteger.default(80),
  height: queryInteger.default(80),
  command: z.string().optional(),
  container: z.string().optional(),
  container_user: z.string().optional(),
  backend_type: z.string().optional(),
})
export type PtyQuery = z.output<typeof ptyQuerySchema>

export const reconnectingPtyRequestSchema = z.object({
  data: z.string().optional(),
  height: z.int().min(0).max(65_535).optional(),
  width: z.int().min(0).max(65_535).optional(),
})
export type ReconnectingPTYRequest = z.output<typeof reconnectingPtyRequestSchema>

/**
 * What the server says to the agent: a client's own words, and between them how much of the output that client has read,
 * in bytes since it was attached. Ours; an agent that does not know `read` passes it over.
 */
export const ptyLinkRequestSchema = reconnectingPtyRequestSchema.extend({
  read: z.int().min(0).optional(),
})
export type PtyLinkRequest = z.output<typeof ptyLinkRequestSchema>

/** How long a session without a socket is kept. */
export const ptyDetachMinutes = 5

/** The largest JSON value accepted, so that a client cannot make the reader collect without end. */
const maxValueBytes = 1024 * 1024

const encoder = new TextEncoder()

/** One request as the bytes of a binary frame. */
export function encodePtyRequest(request: PtyLinkRequest): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(request))
}

/** Follows a stream of JSON objects byte by byte, and where one ends. */
export interface ValueScan {
  /** Nothing of a value was seen yet that is not over. */
  readonly isBetween: boolean
  /** True when the byte ends a value. */
  step(byte: number): boolean
}

/** Bytes are enough: quotes, backslashes and braces are ASCII and never part of a longer UTF-8 sequence. */
export function createValueScan(): ValueScan {
  let depth = 0
  let inString = false
  let escaped = false
  return {
    get isBetween() {
      return depth === 0 && !inString
    },
    step(byte) {
      if (inString) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) inString = false
        return false
      }
      if (byte === quote) inString = true
      else if (byte === openBrace) depth += 1
      else if (byte === closeBrace) depth -= 1
      return depth === 0
    },
  }
}

export interface PtyRequestDecoder {
  /**
   * Takes the next bytes and gives the requests they completed.
   *
   * @throws {SyntaxError} when the stream is not JSON objects; it cannot be read on after that.
   */
  push(chunk: Uint8Array): PtyLinkRequest[]
}

/** Reads the JSON stream of a client, wherever its frames are cut. Each byte is looked at once. */
export function createPtyRequestDecoder(): PtyRequestDecoder {
  const scan = createValueScan()
  let pending: Uint8Array[] = []
  let pendingBytes = 0

  function keep(part: Uint8Array): void {
    if (part.length === 0) return
    pendingBytes += part.length
    if (pendingBytes > maxValueBytes) throw new SyntaxError('A terminal request is too large.')
    pending.push(part)
  }

  function take(): PtyLinkRequest {
    const decoder = new TextDecoder()
    const text = pending.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode()
    pending = []
    pendingBytes = 0
    const result = ptyLinkRequestSchema.safeParse(JSON.parse(text))
    if (!result.success) throw new SyntaxError('A terminal request has the wrong shape.')
    return result.data
  }

  return {
    push(chunk) {
      const requests: PtyLinkRequest[] = []
      let start = 0
      for (const [at, byte] of chunk.entries()) {
        if (scan.isBetween) {
          if (whitespace.has(byte)) {
            start = at + 1
            continue
          }
          if (byte !== openBrace) throw new SyntaxError('A terminal request is not a JSON object.')
          start = at
        }
        if (!scan.step(byte)) continue
        keep(chunk.subarray(start, at + 1))
        requests.push(take())
        start = at + 1
      }
      // A copy: the caller may use its buffer again.
      if (!scan.isBetween) keep(chunk.slice(start))
      return requests
    },
  }
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const whitespace = new Set([0x20, 0x0a, 0x0d, 0x09])
