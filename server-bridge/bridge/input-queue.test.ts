import { describe, expect, it } from 'vitest'
import { systemClock } from '../lib/clock.ts'
import { createInputQueue } from './input-queue.ts'

function setUp() {
  let now = 0
  let connected = false
  const sent: string[] = []
  const queue = createInputQueue({ ...systemClock, now: () => now }, (data) => {
    if (connected) sent.push(data)
    return connected
  })
  return {
    queue,
    sent,
    connect: () => {
      connected = true
      queue.flush()
    },
    wait: (ms: number) => {
      now += ms
    },
  }
}

describe('input typed without a connection', () => {
  it('arrives in order after a short gap', () => {
    const { queue, sent, connect, wait } = setUp()
    queue.push('l')
    queue.push('s')
    wait(5000)
    connect()
    queue.push('\r')
    expect(sent).toEqual(['l', 's', '\r'])
  })

  it('is dropped as a whole after a long one, so that no half command runs in another shell', () => {
    const { queue, sent, connect, wait } = setUp()
    queue.push('rm -rf ')
    wait(9000)
    queue.push('build\r')
    wait(2000)
    connect()
    queue.push('ls\r')
    expect(sent).toEqual(['ls\r'])
  })

  it('does not grow without end', () => {
    const { queue, sent, connect } = setUp()
    for (let piece = 0; piece < 100; piece += 1) queue.push('x'.repeat(1024))
    connect()
    expect(sent.join('').length).toBe(64 * 1024)
  })
})
