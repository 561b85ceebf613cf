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

/** How long a session without a socket is kept. */
export const ptyDetachMinutes = 5

/** The largest JSON value accepted, so that a client cannot make the reader collect without end. */
const maxValueBytes = 1024 * 1024

const encoder = new TextEncoder()

/** One request as the bytes of a binary frame. */
export function encodePtyRequest(request: ReconnectingPTYRequest): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(request))
}

export interface PtyRequestDecoder {
  /**
   * Takes the next bytes and gives the requests they completed.
   *
   * @throws {SyntaxError} when the stream is not JSON objects; it cannot be read on after that.
   */
  push(chunk: Uint8Array): ReconnectingPTYRequest[]
}

/** Reads the JSON stream of a client, wherever its frames are cut. */
export function createPtyRequestDecoder(): PtyRequestDecoder {
  // Cut at the byte level: quotes, backslashes and braces are ASCII and never part of a longer UTF-8 sequence.
  let pending = new Uint8Array(0)
  let scanned = 0
  let depth = 0
  let inString = false
  let escaped = false

  function parse(bytes: Uint8Array): ReconnectingPTYRequest {
    const text = new TextDecoder('utf-8', { fatal: false }).decode(bytes)
    const result = reconnectingPtyRequestSchema.safeParse(JSON.parse(text))
    if (!result.success) throw new SyntaxError('A terminal request has the wrong shape.')
    return result.data
  }

  return {
    push(chunk) {
      const joined = new Uint8Array(pending.length + chunk.length)
      joined.set(pending)
      joined.set(chunk, pending.length)
      const requests: ReconnectingPTYRequest[] = []
      let start = 0
      let at = scanned
      for (; at < joined.length; at += 1) {
        const byte = joined[at]
        if (inString) {
          if (escaped) escaped = false
          else if (byte === 0x5c) escaped = true
          else if (byte === 0x22) inString = false
          continue
        }
        if (depth === 0) {
          if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
            start = at + 1
            continue
          }
          if (byte !== 0x7b) throw new SyntaxError('A terminal request is not a JSON object.')
        }
        if (byte === 0x22) inString = true
        else if (byte === 0x7b) depth += 1
        else if (byte === 0x7d) {
          depth -= 1
          if (depth === 0) {
            requests.push(parse(joined.subarray(start, at + 1)))
            start = at + 1
          }
        }
      }
      pending = joined.slice(start)
      scanned = pending.length
      if (pending.length > maxValueBytes) throw new SyntaxError('A terminal request is too large.')
      return requests
    },
  }
}
