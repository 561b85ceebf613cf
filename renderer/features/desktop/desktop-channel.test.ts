import { expect, it, vi } from 'vitest'
import { DesktopChannel } from './desktop-channel.ts'

function setUp() {
  const sent: Uint8Array[] = []
  const acknowledge = vi.fn()
  const channel = new DesktopChannel({ send: (bytes) => void sent.push(bytes), acknowledge })
  return { channel, sent, acknowledge }
}
const bytesOf = (...values: number[]) => Uint8Array.from(values)

it('has all that a viewer asks of a channel by name', () => {
  const { channel } = setUp()
  const names = [...Object.keys(channel), ...Object.getOwnPropertyNames(Object.getPrototypeOf(channel))]
  expect(names).toEqual(
    expect.arrayContaining([
      ...['send', 'close', 'binaryType', 'onerror', 'onmessage', 'onopen', 'protocol', 'readyState'],
    ]),
  )
})

it('keeps what comes before somebody listens, in order', async () => {
  const { channel, acknowledge } = setUp()
  channel.receive(bytesOf(1))
  const heard: number[] = []
  channel.onmessage = ({ data }) => void heard.push(...new Uint8Array(data))
  channel.receive(bytesOf(2))
  expect(heard).toEqual([])
  await Promise.resolve()
  expect(heard).toEqual([1, 2])
  channel.receive(bytesOf(3, 4).subarray(1))
  expect([heard, acknowledge.mock.calls]).toEqual([[1, 2, 4], []])
})

it('gives credit back in steps, for what was worked off', async () => {
  const { channel, acknowledge } = setUp()
  channel.receive(new Uint8Array(300 * 1024))
  expect(acknowledge).not.toHaveBeenCalled()
  channel.onmessage = () => undefined
  await Promise.resolve()
  expect(acknowledge).toHaveBeenCalledExactlyOnceWith(300 * 1024)
})

it('is over for a viewer that cannot read what comes', async () => {
  const { channel, sent, acknowledge } = setUp()
  const onclose = vi.fn()
  const onmessage = vi.fn(() => {
    throw new Error('Broken')
  })
  channel.onclose = onclose
  channel.onmessage = onmessage
  channel.receive(new Uint8Array(300 * 1024))
  await Promise.resolve()
  await Promise.resolve()
  channel.receive(bytesOf(1))
  channel.send(bytesOf(1))
  expect([onmessage.mock.calls.length, onclose.mock.calls.length]).toEqual([1, 1])
  expect([sent, acknowledge.mock.calls]).toEqual([[], []])
})

it('copies what is sent, in pieces that the bridge takes', () => {
  const { channel, sent } = setUp()
  const buffer = new Uint8Array(100_000).fill(7)
  channel.send(buffer)
  buffer.fill(0)
  expect(sent.map(({ length, buffer: { byteLength } }) => [length, byteLength])).toEqual([
    [65_536, 65_536],
    [34_464, 34_464],
  ])
  expect(sent[1]?.every((byte) => byte === 7)).toBe(true)
})

it('is silent after its end, which it tells once a viewer closes it', async () => {
  const { channel, sent } = setUp()
  const onclose = vi.fn()
  const onmessage = vi.fn()
  channel.onclose = onclose
  channel.onmessage = onmessage
  channel.end()
  expect([channel.readyState, onclose.mock.calls]).toEqual(['open', []])
  channel.close()
  channel.close()
  expect(onclose).not.toHaveBeenCalled()
  await Promise.resolve()
  channel.receive(bytesOf(1))
  channel.send(bytesOf(1))
  expect([channel.readyState, onclose.mock.calls.length, onmessage.mock.calls, sent]).toEqual([
    'closed',
    1,
    [],
    [],
  ])
})
