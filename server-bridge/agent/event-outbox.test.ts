import { Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { agentEventSchema, type AgentEvent } from '../contract/agent-link.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { EventOutbox } from './event-outbox.ts'

const source = '6a4a5f0e-7f1c-4f6e-9a43-1d7d8f6f1d11'

class Reader extends Writable {
  text = ''
  stuck = false
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    if (!this.stuck) done()
  }
  get events(): AgentEvent[] {
    return this.text
      .split('\n')
      .filter(Boolean)
      .map((line) => agentEventSchema.parse(JSON.parse(line)))
  }
  get lines(): string[] {
    return this.events.flatMap((event) => (event.type === 'log' ? [event.output] : []))
  }
}

function create(): EventOutbox {
  const outbox = new EventOutbox(createFakeClock())
  outbox.setHello({
    type: 'hello',
    version: 'v1',
    operating_system: 'linux',
    architecture: 'amd64',
    expanded_directory: '/tmp',
  })
  return outbox
}

function lastSeq(reader: Reader): number {
  return Math.max(0, ...reader.events.flatMap((event) => (event.type === 'log' ? [event.seq] : [])))
}

test('begins with who and how we are, then the retained log, then what comes', async () => {
  const outbox = create()
  outbox.setLifecycle('starting')
  outbox.log(source, 'info', 'early')
  outbox.setLifecycle('ready')
  const reader = new Reader()
  outbox.connect(reader, 0)
  outbox.log(source, 'info', 'late')
  await nextTurn()
  expect(reader.events.map((event) => (event.type === 'lifecycle' ? event.state : event.type))).toEqual([
    'hello',
    'ready',
    'log',
    'log',
  ])
})

test('writes bytes and no text, which the link might send from memory that is free', async () => {
  const outbox = create()
  const written: unknown[] = []
  const reader = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      written.push(chunk)
      done()
    },
  })
  outbox.setLifecycle('starting')
  outbox.connect(reader, 0)
  outbox.log(source, 'info', 'grüße')
  await nextTurn()
  expect(written.length).toBeGreaterThan(2)
  expect(written.filter((chunk) => !Buffer.isBuffer(chunk))).toEqual([])
})

test('loses no line over a lost link and repeats none that is acknowledged', async () => {
  const outbox = create()
  const first = new Reader()
  outbox.connect(first, 0)
  outbox.log(source, 'info', 'one')
  await nextTurn()
  first.destroy()
  outbox.log(source, 'info', 'two')
  const second = new Reader()
  outbox.connect(second, lastSeq(first))
  outbox.log(source, 'info', 'three')
  await nextTurn()
  expect(second.lines).toEqual(['two', 'three'])
})

test('tells only the newest of a state: on every link, and to a slow reader once it takes more', () => {
  const outbox = create()
  const say = (key: string, value: string): void => {
    const collected_at = '2026-01-01T00:00:00.000Z'
    outbox.setState(key, { type: 'metadata', key, value, error: '', collected_at })
  }
  const values = (reader: Reader): string[] =>
    reader.events.flatMap((event) => (event.type === 'metadata' ? [`${event.key}=${event.value}`] : []))
  say('a', '1')
  say('a', '2')
  const reader = new Reader()
  outbox.connect(reader, 0)
  say('b', '1')
  expect(values(reader)).toEqual(['a=2', 'b=1'])
  reader.stuck = true
  for (let count = 0; count < 10_000; count += 1) say('b', String(count))
  expect(reader.writableLength).toBeLessThan(100_000)
  const next = new Reader()
  outbox.connect(next, 0)
  expect(values(next)).toEqual(['a=2', 'b=9999'])
})

test('numbers lines upwards over a restart of the agent', () => {
  const clock = createFakeClock()
  const before = new Reader()
  const old = new EventOutbox(clock)
  old.connect(before, 0)
  old.log(source, 'info', 'one')
  clock.advance(1)
  const after = new Reader()
  const young = new EventOutbox(clock)
  young.connect(after, 0)
  young.log(source, 'info', 'one')
  expect(lastSeq(after)).toBeGreaterThan(lastSeq(before))
})

test('stays bounded while nobody listens, and keeps what is newest', () => {
  const outbox = create()
  for (let line = 0; line < 30_000; line += 1) outbox.log(source, 'info', `line ${line} ${'x'.repeat(100)}`)
  const reader = new Reader({ highWaterMark: 64 * 1024 * 1024 })
  outbox.connect(reader, 0)
  expect(reader.text.length).toBeLessThan(3 * 1024 * 1024)
  expect(reader.lines.at(-1)).toMatch(/^line 29999 /)
})

test('does not write ahead of a reader that lags', () => {
  const outbox = create()
  const reader = new Reader({ highWaterMark: 1024 })
  reader.stuck = true
  outbox.connect(reader, 0)
  for (let line = 0; line < 1_000; line += 1) outbox.log(source, 'info', 'x'.repeat(100))
  expect(reader.writableLength).toBeLessThan(2_048)
})

test('ends its streams after the last event', async () => {
  const outbox = create()
  const reader = new Reader()
  outbox.connect(reader, 0)
  outbox.setLifecycle('off')
  await outbox.close()
  expect(reader.events.at(-1)).toMatchObject({ type: 'lifecycle', state: 'off' })
  expect(reader.writableFinished).toBe(true)
})

test('writes once for all lines of a turn but the first, and what waits before the end', async () => {
  const outbox = create()
  const reader = new Reader()
  let writes = 0
  const write = reader.write.bind(reader) as (chunk: unknown) => boolean
  reader.write = ((chunk: unknown) => {
    writes += 1
    return write(chunk)
  }) as typeof reader.write
  outbox.connect(reader, 0)
  await nextTurn()
  writes = 0
  const written = Array.from({ length: 100 }, (_, index) => String(index))
  for (const line of written) outbox.log(source, 'info', line)
  await nextTurn()
  expect(writes).toBe(2)
  expect(reader.lines).toEqual(written)
  outbox.log(source, 'info', 'at once')
  outbox.log(source, 'info', 'last')
  await outbox.close()
  expect(reader.lines.slice(-2)).toEqual(['at once', 'last'])
})
