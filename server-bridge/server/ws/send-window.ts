import type { WebSocket } from 'ws'
import { decodeSentMark, encodeSentMark } from '../../contract/sent-mark.ts'

/** Bounds what was sent to a client and not read by it. */
export interface SendWindow {
  /** Bytes were sent. @returns whether no more should be, until `onRoom` is called */
  sent(bytes: number): boolean
}

export interface SendWindowListener {
  /** The client has read so many bytes by now, of all that were sent. */
  readonly onRead: (bytes: number) => void
  /** More may be sent. */
  readonly onRoom: () => void
}

/** A mark costs a frame each way, and a word to the agent. */
const BETWEEN_MARKS = 64 * 1024

/**
 * What a client leaves unread lies in buffers of the system, which grow to megabytes on both sides of a connection: whoever
 * stops a flood then sees it run on until they are empty. Marks tell how much was read.
 */
export function createSendWindow(socket: WebSocket, limit: number, listener: SendWindowListener): SendWindow {
  let sent = 0
  let asked = 0
  let read = 0
  let isFull = false
  socket.on('pong', (payload: Buffer) => {
    const told = decodeSentMark(payload)
    if (told === undefined) return
    // Answers may be left out, and one that was never asked for opens nothing.
    const next = Math.min(told, asked)
    if (next <= read) return
    read = next
    listener.onRead(read)
    if (!isFull || sent - read > limit / 2) return
    isFull = false
    listener.onRoom()
  })
  return {
    sent(bytes) {
      sent += bytes
      if (sent - asked >= Math.min(BETWEEN_MARKS, limit / 4) && socket.readyState === socket.OPEN) {
        asked = sent
        socket.ping(encodeSentMark(sent))
      }
      isFull ||= sent - read > limit
      return isFull
    },
  }
}
