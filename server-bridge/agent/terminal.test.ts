import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import type { PtyProcess, PtySize } from './pty-process.ts'
import { Terminal } from './terminal.ts'

/** A program under the control of a test. */
class ScriptedPty implements PtyProcess {
  readonly pid = 1
  readonly sizes: string[] = []
  readonly typed: string[] = []
  paused = false
  accepts = true
  print: (bytes: Buffer) => void = () => undefined
  drain: () => void = () => undefined
  exit: (exitCode: number, signal: number) => void = () => undefined
  hungUp = false
  onData(listener: (bytes: Buffer) => void): void {
    this.print = listener
  }
  onEnd(listener: (exitCode: number, signal: number) => void): void {
    this.exit = listener
  }
  onDrain(listener: () => void): void {
    this.drain = listener
  }
  hangUp(): void {
    this.hungUp = true
  }
  write(data: string | Buffer): boolean {
    this.typed.push(data.toString())
    return this.accepts
  }
  pause(): void {
    this.paused = true
  }
  resume(): void {
    this.paused = false
  }
  resize({ cols, rows }: PtySize): void {
    this.sizes.push(`${cols}x${rows}`)
  }
}

/** A client that takes its output only when asked to. */
class SlowClient extends Duplex {
  received = ''
  #waiting: (() => void)[] = []
  greedy: boolean

  constructor(greedy = false) {
    super({ highWaterMark: 16 * 1024 })
    this.greedy = greedy
  }

  override _read(): void {
    // Input is given by the test.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.received += chunk.toString('latin1')
    if (this.greedy) done()
    else this.#waiting.push(done)
  }

  /** Takes everything that was sent, until nothing more is on its way. */
  async catchUp(): Promise<void> {
    while (this.writableLength > 0) {
      for (const done of this.#waiting.splice(0)) done()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

const size = { cols: 80, rows: 24 }
const chunk = Buffer.alloc(32 * 1024, 'x')

function start(): { pty: ScriptedPty; terminal: Terminal; ends: number[]; attached: boolean[] } {
  const pty = new ScriptedPty()
  const ends: number[] = []
  const attached: boolean[] = []
  const terminal = new Terminal({
    pty,
    clock: { now: () => 0 },
    onAttachedChange: (isAttached) => attached.push(isAttached),
    onEnd: (exitCode) => ends.push(exitCode),
  })
  return { pty, terminal, ends, attached }
}

test('pauses the program while its only client is congested, and loses nothing', async () => {
  const { pty, terminal } = start()
  const client = new SlowClient()
  terminal.attach(client, size)
  let printed = 0
  while (!pty.paused) {
    pty.print(chunk)
    printed += chunk.length
  }
  expect(printed).toBeLessThanOrEqual(2 * chunk.length)
  await client.catchUp()
  expect(pty.paused).toBe(false)
  expect(client.received.length).toBe(printed)
})

test('does not let one slow client hold up another, and brings it up to date by a replay', async () => {
  const { pty, terminal } = start()
  const slow = new SlowClient()
  const fast = new SlowClient(true)
  terminal.attach(slow, size)
  terminal.attach(fast, size)
  for (let round = 0; round < 100; round += 1) pty.print(chunk)
  pty.print(Buffer.from('the end'))
  await fast.catchUp()
  expect(pty.paused).toBe(false)
  expect(fast.received.length).toBe(100 * chunk.length + 7)
  // Bounded, though three megabytes went by.
  expect(slow.writableLength).toBeLessThan(1.5 * 1024 * 1024)
  await slow.catchUp()
  await new Promise((resolve) => setImmediate(resolve))
  await slow.catchUp()
  expect(slow.received).toMatch(/\u001bcx+the end$/)
})

test('runs on with nobody attached, and tells when that changes', () => {
  const { pty, terminal, attached } = start()
  const client = new SlowClient()
  terminal.attach(client, size)
  while (!pty.paused) pty.print(chunk)
  client.destroy()
  return new Promise<void>((resolve) => {
    client.once('close', () => {
      expect(pty.paused).toBe(false)
      expect(attached).toEqual([true, false])
      resolve()
    })
  })
})

test('stops reading a client whose program does not read', () => {
  const { pty, terminal } = start()
  const stream = new SlowClient(true)
  stream.resume()
  const client = terminal.attach(stream, size)
  pty.accepts = false
  client.input('a lot')
  expect(stream.isPaused()).toBe(true)
  pty.drain()
  expect(stream.isPaused()).toBe(false)
})

test('follows the size of the newest client, and the next newest when that leaves', async () => {
  const { pty, terminal } = start()
  const first = terminal.attach(new SlowClient(true), { cols: 80, rows: 24 })
  const newest = new SlowClient(true)
  terminal.attach(newest, { cols: 100, rows: 30 })
  first.resize({ cols: 60, rows: 10 })
  expect(pty.sizes.at(-1)).toBe('100x30')
  newest.destroy()
  await new Promise((resolve) => newest.once('close', resolve))
  expect(pty.sizes.at(-1)).toBe('60x10')
})

test('makes a full-screen program redraw for a client that joins', () => {
  const { pty, terminal } = start()
  pty.print(Buffer.from('\u001b[?1049h'))
  terminal.attach(new SlowClient(true), size)
  expect(pty.sizes.slice(-2)).toEqual(['80x23', '80x24'])
})

test('ends every client after the last output', async () => {
  const { pty, terminal, ends } = start()
  const client = new SlowClient()
  terminal.attach(client, size)
  pty.print(Buffer.from('last words'))
  pty.exit(3, 0)
  expect(ends).toEqual([3])
  const finished = new Promise((resolve) => client.once('finish', resolve))
  await client.catchUp()
  await finished
  expect(client.received).toBe('last words')
})

/** Prints until the program has to wait, though all that was sent has left. Answers how much was printed. */
async function printUntilHeld(pty: ScriptedPty, client: SlowClient): Promise<number> {
  let printed = 0
  do {
    pty.print(chunk)
    printed += chunk.length
    await client.catchUp()
    await new Promise((resolve) => setImmediate(resolve))
  } while (!pty.paused && printed < 16 * 1024 * 1024)
  return printed
}

test('a program waits while too much of its output is unread, wherever it lies', async () => {
  const { pty, terminal } = start()
  const client = new SlowClient(true)
  const { read } = terminal.attach(client, size)
  pty.print(chunk)
  read(chunk.length)
  const printed = await printUntilHeld(pty, client)
  expect(printed).toBeLessThan(1024 * 1024)
  read(chunk.length + printed)
  expect(pty.paused).toBe(false)
})

test('a program that takes no input before its output is taken is not waited for', async () => {
  const { pty, terminal } = start()
  const client = new SlowClient(true)
  const { read, input } = terminal.attach(client, size)
  pty.print(chunk)
  read(chunk.length)
  await printUntilHeld(pty, client)
  pty.accepts = false
  input('more than it takes')
  // What the client has read cannot be heard while its input waits.
  expect(client.isPaused()).toBe(true)
  expect(pty.paused).toBe(false)
  pty.accepts = true
  pty.drain()
  expect(client.isPaused()).toBe(false)
  expect(pty.paused).toBe(true)
})
