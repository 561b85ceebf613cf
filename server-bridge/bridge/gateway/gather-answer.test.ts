import { afterEach, describe, expect, it } from 'vitest'
import type { Transform } from 'node:stream'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { gatherAnswer } from './gather-answer.ts'

const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

let stream: Transform
afterEach(() => stream.destroy())

function start(change = (chunk: Buffer | undefined) => (chunk === undefined ? [] : [chunk])) {
  const clock = createFakeClock()
  stream = gatherAnswer(clock, change)
  const passed: string[] = []
  stream.on('data', (piece: Buffer) => passed.push(piece.toString()))
  return { clock, passed }
}

describe('an answer', () => {
  it('passes at once after a pause, whole turns together', async () => {
    const { clock, passed } = start()
    stream.write('a')
    stream.write('b')
    await turn()
    expect(passed).toEqual(['ab'])
    clock.advance(2)
    stream.write('c')
    await turn()
    expect(passed).toEqual(['ab', 'c'])
  })

  it('is gathered for two milliseconds while it comes quickly', async () => {
    const { clock, passed } = start()
    stream.write('a')
    await turn()
    for (const piece of ['b', 'c', 'd']) {
      stream.write(piece)
      await turn()
    }
    expect(passed).toEqual(['a'])
    clock.advance(2)
    await turn()
    expect(passed).toEqual(['a', 'bcd'])
  })

  it('waits for nothing at its end', async () => {
    const { clock, passed } = start((chunk) => [chunk ?? Buffer.from('!')])
    stream.write('a')
    await turn()
    stream.write('b')
    await turn()
    stream.end()
    await turn()
    expect(passed).toEqual(['a', 'b!'])
    expect(clock.pending).toBe(0)
  })

  it('passes before two milliseconds when it is large, and holds back who writes more than is read', async () => {
    const { passed } = start()
    stream.write('a')
    await turn()
    stream.write('x'.repeat(40 * 1024))
    await turn()
    expect(passed.map(({ length }) => length)).toEqual([1, 40 * 1024])
    stream.pause()
    let taken = 0
    while (stream.write('x'.repeat(16 * 1024)) && taken < 100) taken += 1
    expect(taken).toBeLessThan(10)
  })

  it('passes what was decided before it broke', async () => {
    const { clock, passed } = start((chunk) => {
      if (chunk?.toString() === 'bad') throw new SyntaxError('No.')
      return chunk === undefined ? [] : [chunk]
    })
    const failed = new Promise<Error>((done) => stream.once('error', done))
    stream.write('a')
    await turn()
    stream.write('b')
    stream.write('bad')
    expect((await failed).message).toBe('No.')
    expect(passed).toEqual(['a', 'b'])
    expect(clock.pending).toBe(0)
  })
})
