import { duplexPair, type Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { maxScreenSide } from '../../contract/desktop-actions.ts'
import { systemClock } from '../../lib/clock.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createSeededRandom } from '../../testing/seeded-random.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { openRfb, type RfbClient } from './rfb-client.ts'

const u16 = (value: number): number[] => [value >> 8, value & 255]
const u32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255)
const HELLO = [...Buffer.from('RFB 003.008\n')]
const LET_IN = [1, 1, ...u32(0)]
const screen = (width: number, height: number, nameBytes = 4): number[] => [
  ...u16(width),
  ...u16(height),
  ...Array.from({ length: 16 }, () => 0),
  ...u32(nameBytes),
]
const NAME = [...Buffer.from('desk')]
const update = (...rectangles: readonly (readonly number[])[]): number[] => [
  0,
  0,
  ...u16(rectangles.length),
  ...rectangles.flat(),
]
const raw = (at: readonly [number, number, number, number], colour: number): number[] => [
  ...at.flatMap(u16),
  ...u32(0),
  ...Array.from({ length: at[2] * at[3] * 4 }, () => colour),
]
const READY = [...HELLO, ...LET_IN, ...screen(2, 2), ...NAME, ...update(raw([0, 0, 2, 2], 1))]

interface Asked {
  readonly server: Duplex
  readonly opened: Promise<RfbClient>
  readonly heard: () => Buffer
}
function ask(bytes: readonly number[], signal = new AbortController().signal): Asked {
  const [ours, server] = duplexPair()
  const heard: Buffer[] = []
  server.on('data', (chunk: Buffer) => heard.push(chunk))
  server.on('error', () => undefined)
  server.write(Buffer.from(bytes))
  return { server, heard: () => Buffer.concat(heard), opened: openRfb(ours, systemClock, signal) }
}
const changed = (client: RfbClient): Promise<void> =>
  new Promise((resolve) => {
    const stop = client.onChange(() => {
      stop()
      resolve()
    })
  })

test('introduces itself, asks for pixels as they are, and sees the screen', async () => {
  const { opened, heard, server } = ask(READY)
  const client = await opened
  expect([client.width, client.height, [...client.pixels]]).toEqual([
    2,
    2,
    Array.from({ length: 16 }, () => 1),
  ])
  const isSaid = (bytes: number) => waitFor('what it says', () => heard().length >= bytes || undefined)
  await isSaid(52)
  const said = heard()
  expect(said.subarray(0, 14)).toEqual(Buffer.from([...HELLO, 1, 1]))
  expect([...said.subarray(14 + 20)]).toEqual([2, 0, 0, 1, ...u32(0), 3, 0, 0, 0, 0, 0, 0, 2, 0, 2])
  client.askForChanges()
  client.askForChanges()
  const told = changed(client)
  // A bell, colours and a clipboard that nobody asked for, and a part of the screen.
  server.write(
    Buffer.from([2, 1, 0, 0, 0, 0, 1, ...u16(9), ...u16(9), ...u16(9), 3, 0, 0, 0, ...u32(2), 65, 66]),
  )
  server.write(Buffer.from(update(raw([1, 0, 1, 2], 7), raw([0, 0, 0, 2], 9))))
  await told
  expect([...client.pixels]).toEqual([1, 7, 1, 7].flatMap((byte) => [byte, byte, byte, byte]))
  // One question at a time.
  await isSaid(62)
  expect([...heard().subarray(said.length)]).toEqual([3, 1, 0, 0, 0, 0, 0, 2, 0, 2])
  client.pointer({ x: 1, y: 300 }, 4)
  client.key(0xff0d, true)
  await isSaid(76)
  expect([...heard().subarray(-14)]).toEqual([5, 4, 0, 1, ...u16(300), 4, 1, 0, 0, ...u32(0xff0d)])
})

test.each([
  ['another protocol', [...Buffer.from('HTTP/1.1 200')], 'another protocol'],
  ['a version before passwords could be left out', [...Buffer.from('RFB 003.003\n')], 'another protocol'],
  ['a refusal', [...HELLO, 0, ...u32(4), ...Buffer.from('full')], 'refuses: "full"'],
  [
    'a refusal that never ends',
    [...HELLO, 0, ...u32(0xffffffff), ...Buffer.alloc(2000, 65)],
    'refuses: "AAA',
  ],
  ['a password', [...HELLO, 1, 2], 'asks for a password'],
  ['a refusal after all', [...HELLO, 1, 1, ...u32(1), ...u32(2), 110, 111], 'refuses: "no"'],
  ['no screen', [...HELLO, ...LET_IN, ...screen(0, 5)], 'cannot be used: 0x5'],
  ['a screen that is too large', [...HELLO, ...LET_IN, ...screen(maxScreenSide + 1, 5)], 'cannot be used'],
  ['an endless name', [...HELLO, ...LET_IN, ...screen(2, 2, 0xffffffff)], 'too long'],
  [
    'another encoding',
    [...READY.slice(0, -32), ...update([...u16(0), ...u16(0), ...u16(1), ...u16(1), ...u32(16)])],
    'not asked',
  ],
])('does not go on with %s', async (_, bytes, reason) => {
  await expect(ask(bytes).opened).rejects.toThrow(reason)
})

test.each([
  ['a rectangle beside the screen', update(raw([1, 1, 2, 1], 3)), 'beyond its screen'],
  [
    'a rectangle below it',
    update([...u16(0), ...u16(0xffff), ...u16(1), ...u16(0xffff), ...u32(0)]),
    'beyond',
  ],
  ['an endless clipboard', [3, 0, 0, 0, ...u32(0xffffffff)], 'too much'],
  ['an unknown message', [250], 'nobody understands: 250'],
])('ends with %s', async (_, bytes, reason) => {
  const { opened, server } = ask(READY)
  const client = await opened
  const told = changed(client)
  server.write(Buffer.from(bytes))
  await told
  expect(client.ended?.message).toContain(reason)
  // Nothing of it has changed what was seen before.
  expect([...client.pixels]).toEqual(Array.from({ length: 16 }, () => 1))
})

test('ends with its server, and says nothing more', async () => {
  const { opened, server } = ask(READY)
  const client = await opened
  const told = changed(client)
  server.end()
  await told
  expect(client.ended?.message).toContain('ended')
  client.pointer({ x: 0, y: 0 }, 0)
})

test('does not wait for ever for a server that says nothing, or for nobody', async () => {
  const clock = createFakeClock()
  const [ours] = duplexPair()
  const opened = openRfb(ours, clock, new AbortController().signal)
  const failed = expect(opened).rejects.toThrow('did not answer in time')
  clock.advance(10_000)
  await failed
  const given = new AbortController()
  const { opened: other } = ask(HELLO, given.signal)
  given.abort(new Error('not needed'))
  await expect(other).rejects.toThrow('not needed')
})

test('whatever bytes come, it sees a screen or says why not', async () => {
  const { below } = createSeededRandom(7)
  for (let round = 0; round < 200; round += 1) {
    const bytes = [...READY]
    for (let change = 0; change < 3; change += 1) bytes[12 + below(bytes.length - 12)] = below(256)
    const { opened, server } = ask(bytes)
    server.end()
    await opened.then(
      (client) => expect(client.width).toBeLessThanOrEqual(maxScreenSide),
      (error: unknown) => expect(error).toBeInstanceOf(Error),
    )
  }
})
