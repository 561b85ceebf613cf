import type { Duplex } from 'node:stream'
import { ChannelOutput } from './channel-output.ts'
import type { TransportLoad } from './transport-load.ts'

/** A channel of SSH on either side, as ssh2 makes one. */
export interface JoinableChannel extends Duplex {
  /** Ends our half. */
  eof(): void
  close(): void
}

/** A TCP or TLS socket, or a connection over a socket file. */
export interface JoinableSocket extends Duplex {
  destroySoon(): void
}

/** Hears how many bytes went into the channel (`up`) and came out of it (`down`). */
export interface JoinCounts {
  up(bytes: number): void
  down(bytes: number): void
}

/**
 * Ties a channel to a socket until both have ended. Each half ends on its own, as with TCP: a peer that has said all
 * it had to say still gets its answer.
 */
export function joinChannel(
  channel: JoinableChannel,
  socket: JoinableSocket,
  load: TransportLoad,
  counts?: JoinCounts,
): void {
  const output = new ChannelOutput(channel, load, socket)
  const write = writeInTurns(socket)
  let channelEnded = false
  let socketEnded = false

  const closeWhenBothEnded = (): void => {
    if (channelEnded && socketEnded) channel.close()
  }
  socket.on('data', (bytes: Buffer) => {
    counts?.up(bytes.length)
    output.write(bytes)
  })
  socket.on('end', () => {
    void output.flushed().then(() => {
      socketEnded = true
      // Not `end()`: on the server side that closes the channel for both directions.
      channel.eof()
      closeWhenBothEnded()
    })
  })
  channel.on('data', (bytes: Buffer) => {
    counts?.down(bytes.length)
    if (!write(bytes)) channel.pause()
  })
  channel.on('end', () => {
    channelEnded = true
    socket.end()
    closeWhenBothEnded()
  })
  socket.on('drain', () => channel.resume())
  socket.on('error', () => undefined) // `close` follows.
  socket.on('close', () => {
    // What the peer still sends has nowhere to go, and unread it would hold up its end.
    channel.resume()
    void output.flushed().then(() => {
      channel.eof()
      channel.close()
    })
  })
  channel.on('close', () => {
    output.dispose()
    socket.destroySoon()
  })
  socket.resume()
}

/** Bytes on their way to the socket's peer, above which the channel is held back. */
const maxWaitingBytes = 256 * 1024

/**
 * One frame of the transport holds several packets of SSH: they leave as one write. Answers whether there may be more;
 * where there may not, `drain` follows.
 */
function writeInTurns(socket: Duplex): (bytes: Buffer) => boolean {
  let isCorked = false
  return (bytes) => {
    if (!isCorked) {
      isCorked = true
      socket.cork()
      process.nextTick(() => {
        isCorked = false
        socket.uncork()
      })
    }
    const hasRoom = socket.write(bytes)
    return hasRoom || socket.writableLength <= maxWaitingBytes
  }
}
