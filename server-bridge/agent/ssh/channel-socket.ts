import type { Socket } from 'node:net'
import type { ServerChannel } from 'ssh2'
import { ChannelOutput } from './channel-output.ts'
import type { TransportLoad } from './transport-load.ts'

/**
 * Ties a channel to a socket until both have ended. Each half ends on its own, as with TCP: a peer that has said all
 * it had to say still gets its answer.
 */
export function joinSocket(channel: ServerChannel, socket: Socket, load: TransportLoad): void {
  const output = new ChannelOutput(channel, load, socket)
  let channelEnded = false
  let socketEnded = false

  const closeWhenBothEnded = (): void => {
    if (channelEnded && socketEnded) channel.close()
  }
  socket.on('data', (bytes: Buffer) => output.write(bytes))
  socket.on('end', () => {
    void output.flushed().then(() => {
      socketEnded = true
      // Not `end()`: on the server side that closes the channel for both directions.
      channel.eof()
      closeWhenBothEnded()
    })
  })
  channel.on('data', (bytes: Buffer) => {
    if (!socket.write(bytes)) channel.pause()
  })
  channel.on('end', () => {
    channelEnded = true
    socket.end()
    closeWhenBothEnded()
  })
  socket.on('drain', () => channel.resume())
  socket.on('error', () => undefined) // `close` follows.
  socket.on('close', () => {
    // What the client still sends has nowhere to go, and unread it would hold up its end.
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
