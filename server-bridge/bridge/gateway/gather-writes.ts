import { Duplex } from 'node:stream'

/** Several pieces of a flood: with less each of them would hold back the MCP server and let it go on. */
const waitingBytes = 128 * 1024

/**
 * A stream over a channel of SSH that sends what is written in one turn as one piece. A chunk of HTTP is three writes
 * (size, data, line end), and the channel would make a packet of each.
 */
export function gatherWrites(channel: Duplex): Duplex {
  const gathered = new Duplex({
    writableHighWaterMark: waitingBytes,
    read() {
      channel.resume()
    },
    write(chunk: Buffer, _encoding, done) {
      channel.write(chunk, done)
    },
    writev(chunks, done) {
      channel.write(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done)
    },
    final(done) {
      channel.end(done)
    },
    destroy(error, done) {
      channel.destroy()
      done(error)
    },
  })
  channel.on('data', (chunk: Buffer) => {
    if (!gathered.push(chunk)) channel.pause()
  })
  channel.once('end', () => gathered.push(null))
  channel.once('close', () => gathered.destroy())
  channel.on('error', (error: Error) => gathered.destroy(error))
  return gathered
}
