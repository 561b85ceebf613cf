import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { ChannelOutput } from './channel-output.ts'
import { TransportLoad } from './transport-load.ts'

/** Takes nothing until it is told to. */
class StuckTarget extends Writable {
  #waiting: (() => void)[] = []
  constructor() {
    super({ highWaterMark: 8 * 1024 * 1024 })
  }
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    this.#waiting.push(done)
  }
  async takeAll(): Promise<void> {
    while (this.writableLength > 0) {
      for (const done of this.#waiting.splice(0)) done()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

function createSource(): { paused: boolean; pause(): void; resume(): void } {
  return {
    paused: false,
    pause() {
      this.paused = true
    },
    resume() {
      this.paused = false
    },
  }
}

const chunk = Buffer.alloc(64 * 1024)

test('holds its source back while the client takes nothing, and says when all has left', async () => {
  const target = new StuckTarget()
  const source = createSource()
  const output = new ChannelOutput(target, new TransportLoad(new StuckTarget()), source)
  let written = 0
  while (!source.paused) {
    output.write(chunk)
    written += chunk.length
  }
  expect(written).toBeLessThan(1024 * 1024)
  let hasLeft = false
  const flushed = output.flushed().then(() => (hasLeft = true))
  expect(hasLeft).toBe(false)
  await target.takeAll()
  await flushed
  expect(source.paused).toBe(false)
})

test('holds its source back while the connection below is full, whatever the channel takes', async () => {
  const transport = new StuckTarget()
  const load = new TransportLoad(transport)
  const source = createSource()
  const target = new Writable({
    write: (_chunk, _encoding, done) => {
      done()
    },
  })
  const output = new ChannelOutput(target, load, source)
  while (!load.isHigh) transport.write(chunk)
  output.write(chunk)
  await output.flushed()
  expect(source.paused).toBe(true)
  // Only a stream that was full says when it has room again.
  while (!transport.writableNeedDrain) transport.write(chunk)
  await transport.takeAll()
  expect(source.paused).toBe(false)
})
