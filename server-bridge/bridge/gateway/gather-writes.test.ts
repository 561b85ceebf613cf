import { Duplex, PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { expect, it } from 'vitest'
import { gatherWrites } from './gather-writes.ts'

function createChannel(): { readonly channel: Duplex; readonly written: string[] } {
  const written: string[] = []
  const channel = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString())
      setImmediate(done)
    },
  })
  return { channel, written }
}

it('sends as one piece what is written while corked or while a piece is on its way, and all before the end', async () => {
  const { channel, written } = createChannel()
  const gathered = gatherWrites(channel)
  gathered.cork()
  for (const part of ['4\r\n', 'data', '\r\n']) gathered.write(part)
  gathered.uncork()
  for (const part of ['a', 'b', 'c']) gathered.write(part)
  gathered.end('d')
  await finished(channel, { readable: false })
  expect(written.join('')).toBe('4\r\ndata\r\nabcd')
  expect(written[0]).toBe('4\r\ndata\r\n')
  expect(written.length).toBeLessThanOrEqual(3)
  gathered.destroy()
})

it('reads on only as fast as it is read, and ends with the channel', async () => {
  const { channel } = createChannel()
  const gathered = gatherWrites(channel)
  for (let sent = 0; sent < 20; sent += 1) channel.push(Buffer.alloc(64 * 1024))
  await new Promise((done) => setImmediate(done))
  expect(gathered.readableLength).toBeLessThan(256 * 1024)
  let size = 0
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => (size += chunk.length))
  gathered.pipe(sink)
  channel.push(null)
  await finished(sink, { writable: false })
  expect(size).toBe(20 * 64 * 1024)
  channel.destroy()
  await finished(gathered).catch(() => undefined)
  expect(gathered.destroyed).toBe(true)
})
