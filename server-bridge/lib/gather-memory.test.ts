import { expect, it } from 'vitest'
import { sendGathered } from './gather-memory.ts'

const KIB = 1024

/** What is sent, each time as it was then, and how to say that it has left. */
function start(pieces: readonly Buffer[]) {
  const sent: Buffer[] = []
  const memory: ArrayBufferLike[] = []
  let left: ((error?: Error) => void) | undefined
  let ended: Error | null | undefined | 'not yet' = 'not yet'
  sendGathered(
    pieces,
    (bytes, done) => {
      sent.push(Buffer.from(bytes))
      memory.push(bytes.buffer)
      left = done
    },
    (error) => (ended = error),
  )
  return { sent, memory, leave: (error?: Error) => left?.(error), ended: () => ended }
}

it('sends pieces as one, and says so when they have left', () => {
  for (const size of [10, 10 * KIB]) {
    const { sent, leave, ended } = start([Buffer.alloc(size, 1), Buffer.alloc(size, 2)])
    expect(sent).toEqual([Buffer.concat([Buffer.alloc(size, 1), Buffer.alloc(size, 2)])])
    expect(ended()).toBe('not yet')
    leave()
    expect(ended()).toBeUndefined()
  }
})

it('sends what is more than a block one block after the other, whatever the pieces are cut like', () => {
  const pieces = [300, 0, 1, 255, 256, 700, 3].map((size, at) => Buffer.alloc(size * KIB + at, at + 1))
  const { sent, leave, ended } = start(pieces)
  for (let blocks = 1; ended() === 'not yet'; blocks += 1) {
    expect(sent).toHaveLength(blocks)
    leave()
  }
  expect(ended()).toBeUndefined()
  expect(Buffer.concat(sent).equals(Buffer.concat(pieces))).toBe(true)
  expect(sent.map(({ length }) => length).slice(0, -1)).toEqual(sent.slice(1).map(() => 256 * KIB))
})

it('stops at the first that could not be sent', () => {
  const { sent, leave, ended } = start([Buffer.alloc(600 * KIB)])
  const broken = new Error('broken')
  leave(broken)
  expect(ended()).toBe(broken)
  expect(sent).toHaveLength(1)
})

it('uses memory again once it is free, and never before', () => {
  const first = start([Buffer.alloc(40 * KIB, 1)])
  const beside = start([Buffer.alloc(40 * KIB, 2)])
  expect(beside.memory[0]).not.toBe(first.memory[0])
  first.leave()
  beside.leave()
  const next = start([Buffer.alloc(40 * KIB, 3)])
  expect([first.memory[0], beside.memory[0]]).toContain(next.memory[0])
  next.leave()
})
