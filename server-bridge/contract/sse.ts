/**
 * Coder's event streams (stable-api, section 2): the `event` framing over WebSocket, where a message is the JSON of a
 * `ServerSentEvent`, and real server-sent events over HTTP.
 */
import { z } from 'zod'
import { answer, openEnum } from './shape.ts'

export const serverSentEventTypes = ['ping', 'data', 'error'] as const
export const serverSentEventSchema = answer({ type: openEnum(serverSentEventTypes), data: z.unknown() })
export type ServerSentEvent = z.output<typeof serverSentEventSchema>

/** One event as server-sent text: the `event:` line first, no data line for a ping. */
export function formatSse(event: ServerSentEvent): string {
  if (event.type === 'ping') return 'event: ping\n\n'
  return `event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`
}

/** One event as a WebSocket message. */
export function formatEventMessage(event: ServerSentEvent): string {
  return `${JSON.stringify({ type: event.type, data: event.data ?? null })}\n`
}

/**
 * One WebSocket message of the event framing.
 *
 * @throws {SyntaxError} when it is not a JSON event.
 */
export function parseEventMessage(message: string): ServerSentEvent {
  const result = serverSentEventSchema.safeParse(JSON.parse(message))
  if (!result.success) throw new SyntaxError('An event has the wrong shape.')
  return result.data
}

/** The largest event kept, so that a server cannot make the reader collect without end. */
const maxEventChars = 16 * 1024 * 1024

export interface SseParser {
  /**
   * Takes the next piece of decoded text and gives the events it completed.
   *
   * @throws {SyntaxError} when data is not JSON, or an event is larger than anything sensible.
   */
  push(text: string): ServerSentEvent[]
}

/** Reads server-sent events as the WHATWG grammar has them, wherever the text is cut. */
export function createSseParser(): SseParser {
  let rest = ''
  // Up to here `rest` holds no line end: a long line that comes in pieces is not looked through again each time.
  let scanned = 0
  let type = ''
  let data: string[] = []
  let size = 0
  let skipLineFeed = false

  function finish(): ServerSentEvent | undefined {
    const event = { type: type === '' ? 'data' : type, data: data.join('\n') }
    const empty = type === '' && data.length === 0
    const hasData = data.length > 0
    type = ''
    data = []
    size = 0
    if (empty) return undefined
    return { type: event.type, data: hasData ? (JSON.parse(event.data) as unknown) : null }
  }

  function takeLine(line: string): ServerSentEvent | undefined {
    if (line === '') return finish()
    if (line.startsWith(':')) return undefined
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    let value = colon === -1 ? '' : line.slice(colon + 1)
    if (value.startsWith(' ')) value = value.slice(1)
    if (field === 'event') type = value
    if (field === 'data') {
      data.push(value)
      size += value.length
      if (size > maxEventChars) throw new SyntaxError('An event is too large.')
    }
    return undefined
  }

  return {
    push(text) {
      const events: ServerSentEvent[] = []
      rest += text
      let start = 0
      if (skipLineFeed && rest.length > 0) {
        if (rest.startsWith('\n')) start = 1
        skipLineFeed = false
      }
      for (let at = Math.max(start, scanned); at < rest.length; at += 1) {
        const char = rest[at]
        if (char !== '\n' && char !== '\r') continue
        const event = takeLine(rest.slice(start, at))
        if (event !== undefined) events.push(event)
        if (char === '\r') {
          if (at + 1 === rest.length) skipLineFeed = true
          else if (rest[at + 1] === '\n') at += 1
        }
        start = at + 1
      }
      rest = rest.slice(start)
      scanned = rest.length
      if (rest.length > maxEventChars) throw new SyntaxError('An event is too large.')
      return events
    },
  }
}
