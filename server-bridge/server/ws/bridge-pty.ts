import { constants, type ClientHttp2Stream } from 'node:http2'
import type { RawData, WebSocket } from 'ws'
import { createValueScan, encodePtyRequest } from '../../contract/pty.ts'
import { messageBytes } from '../../lib/message-bytes.ts'
import { closeUnreachable } from './close-unreachable.ts'
import { createSendWindow } from './send-window.ts'

const DONE = 1000
const TEXT_FRAME = 1003
/** Bytes that a client has not read, above which the shell is no longer read, whatever its agent thinks. */
const MAX_UNREAD_BYTES = 2 * 1024 * 1024

/**
 * Ties Coder's terminal socket to the agent's stream. Both know how to wait: a client that reads slowly pauses the
 * stream, whose HTTP/2 window then holds back the shell; a shell that reads slowly pauses the socket. The agent is told
 * what the client has read, since it alone can keep what is on its way short (`agent/unread-output.ts`).
 */
export function bridgePty(socket: WebSocket, open: () => ClientHttp2Stream): void {
  let stream: ClientHttp2Stream
  try {
    stream = open()
  } catch (error) {
    closeUnreachable(socket, error)
    return
  }
  let isOpen = false
  const scan = createValueScan()
  let told = 0
  let toTell = 0
  /** Between two of the client's own values: they may be cut anywhere. */
  const tellRead = (): void => {
    if (toTell === told || !scan.isBetween || stream.destroyed || stream.writableEnded) return
    if (stream.writableNeedDrain) return
    told = toTell
    stream.write(encodePtyRequest({ read: told }))
  }
  /** A paused socket does not hear what its client has read, and a shell may take no input until its output is taken. */
  const readWhilePaused = (): void => {
    if (isOpen && socket.isPaused && socket.bufferedAmount <= MAX_UNREAD_BYTES / 2) stream.resume()
  }

  stream.once('response', (headers) => {
    const status = Number(headers[constants.HTTP2_HEADER_STATUS])
    if (status !== 200) {
      closeUnreachable(socket, new Error(`the agent answered ${status}`))
      return
    }
    isOpen = true
    const window = createSendWindow(socket, MAX_UNREAD_BYTES, {
      onRoom: () => stream.resume(),
      onRead: (bytes) => {
        toTell = bytes
        tellRead()
      },
    })
    // Not before: Node may hand over the first bytes ahead of the headers they came with.
    stream.on('data', (chunk: Buffer) => {
      if (socket.readyState !== socket.OPEN) return
      socket.send(chunk, { binary: true }, readWhilePaused)
      const isFull = window.sent(chunk.length)
      if (isFull && (!socket.isPaused || socket.bufferedAmount > MAX_UNREAD_BYTES)) stream.pause()
    })
  })
  // A reset ends the readable half first and tells its code in the same turn of the loop, so the turn is waited for.
  stream.on('end', () => {
    setImmediate(() => {
      if (isOpen && !wasReset(stream)) socket.close(DONE)
    })
  })
  stream.on('error', (error) => closeUnreachable(socket, error))
  stream.on('close', () => {
    // A paused socket would never read the answer to our close frame.
    socket.resume()
    if (stream.readableEnded && !wasReset(stream)) return
    closeUnreachable(socket, new Error('the agent was lost'))
  })

  socket.on('message', (data: RawData, isBinary) => {
    if (!isBinary) {
      socket.close(TEXT_FRAME, 'Only binary frames are accepted.')
      return
    }
    if (stream.destroyed || stream.writableEnded) return
    const bytes = messageBytes(data)
    for (const byte of bytes) scan.step(byte)
    const isTaken = stream.write(bytes)
    tellRead()
    if (isTaken) return
    socket.pause()
    readWhilePaused()
  })
  stream.on('drain', () => {
    socket.resume()
    tellRead()
  })
  // The client is gone, the shell stays: the agent keeps it for a client that comes back.
  socket.on('close', () => {
    if (!stream.destroyed) stream.close(constants.NGHTTP2_CANCEL)
  })
}

function wasReset({ rstCode }: ClientHttp2Stream): boolean {
  return rstCode !== constants.NGHTTP2_NO_ERROR
}
