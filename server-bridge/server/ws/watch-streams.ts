import type { WebSocket } from 'ws'
import { formatEventMessage, formatSse, type ServerSentEvent } from '../../contract/sse.ts'
import { type EventSink, watchWorkspace, type WatchOptions } from './watch-workspace.ts'

type Watch = Omit<WatchOptions, 'send'>

/** Begins to send events; answers what ends that, and what to call when a lagging reader has caught up. */
export type StartEvents = (send: EventSink) => { readonly end: () => void; readonly resume: () => void }

const MAX_BUFFERED_BYTES = 1024 * 1024
const PING_MS = 15_000
/** A client has nothing to say on a one-way stream. */
const WROTE_ON_ONE_WAY_STREAM = 1002

/** A watch of a workspace in the `event` framing. */
export function watchBySocket(socket: WebSocket, watch: Watch): void {
  sendEventsBySocket(socket, (send) => watchWorkspace({ ...watch, send }))
}

/** A watch of a workspace as server-sent events. */
export function watchBySse(watch: Watch, signal: AbortSignal): Response {
  return sendEventsBySse((send) => watchWorkspace({ ...watch, send }), signal)
}

type Format = (event: ServerSentEvent) => string
const encodings = new WeakMap<object, Map<Format, Buffer>>()

/** An event as bytes. All who are told of one change get the same data, which is written down once for each framing. */
function encoded(event: ServerSentEvent, format: Format): Buffer {
  if (event.type !== 'data' || typeof event.data !== 'object' || event.data === null)
    return Buffer.from(format(event))
  const ofData = encodings.get(event.data) ?? new Map<Format, Buffer>()
  encodings.set(event.data, ofData)
  const bytes = ofData.get(format) ?? Buffer.from(format(event))
  ofData.set(format, bytes)
  return bytes
}

/** The `event` framing over a WebSocket. */
export function sendEventsBySocket(socket: WebSocket, start: StartEvents): void {
  // A first event that leaves at once comes back before `start` has answered.
  let caughtUp = (): void => undefined
  const { end, resume } = start((event) => {
    socket.send(encoded(event, formatEventMessage), { binary: false }, () => {
      if (socket.bufferedAmount <= MAX_BUFFERED_BYTES) caughtUp()
    })
    return socket.bufferedAmount <= MAX_BUFFERED_BYTES
  })
  caughtUp = resume
  socket.on('message', () => socket.close(WROTE_ON_ONE_WAY_STREAM, 'unexpected message'))
  socket.on('close', end)
}

/** Real server-sent events. */
export function sendEventsBySse(startEvents: StartEvents, signal: AbortSignal): Response {
  let stop = (): void => undefined
  let caughtUp = (): void => undefined
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const { end, resume } = startEvents((event) => {
          controller.enqueue(encoded(event, formatSse))
          return (controller.desiredSize ?? 0) > 0
        })
        const pings = setInterval(() => {
          controller.enqueue(encoded({ type: 'ping', data: null }, formatSse))
        }, PING_MS)
        caughtUp = resume
        stop = () => {
          clearInterval(pings)
          end()
        }
        signal.addEventListener('abort', () => stop(), { once: true })
      },
      pull: () => caughtUp(),
      cancel: () => stop(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_BUFFERED_BYTES }),
  )
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    },
  })
}
