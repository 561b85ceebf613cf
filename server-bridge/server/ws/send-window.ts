import type { WebSocket } from 'ws'

/** Bounds what was sent to a client and not read by it. */
export interface SendWindow {
  /** Bytes were sent. @returns whether no more should be, until {@link createSendWindow}'s `onRoom` is called */
  sent(bytes: number): boolean
}

/** In front of the count of bytes, so that pings of others are told from these. */
const MARK = Buffer.from('sent')

/**
 * What a client leaves unread lies in buffers of the system, which grow to megabytes on both sides of a connection: whoever
 * stops a flood then sees it run on until they are empty. A ping is answered once everything before it was read (RFC 6455,
 * 5.5.2), so the answer says how much that was.
 */
export function createSendWindow(socket: WebSocket, limit: number, onRoom: () => void): SendWindow {
  let sent = 0
  let asked = 0
  let read = 0
  let isFull = false
  socket.on('pong', (payload: Buffer) => {
    if (payload.length !== MARK.length + 6 || !payload.subarray(0, MARK.length).equals(MARK)) return
    // Answers may be left out, and one that was never asked for opens nothing.
    read = Math.min(Math.max(read, payload.readUIntBE(MARK.length, 6)), asked)
    if (!isFull || sent - read > limit / 2) return
    isFull = false
    onRoom()
  })
  return {
    sent(bytes) {
      sent += bytes
      if (sent - asked >= limit / 4 && socket.readyState === socket.OPEN) {
        asked = sent
        const payload = Buffer.alloc(MARK.length + 6)
        MARK.copy(payload)
        payload.writeUIntBE(sent, MARK.length, 6)
        socket.ping(payload)
      }
      isFull ||= sent - read > limit
      return isFull
    },
  }
}
