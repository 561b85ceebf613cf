import { afterEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { gatherAnswer, type GatheredAnswer } from './gather-answer.ts'

const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

let gathered: GatheredAnswer
afterEach(() => {
  gathered.cancel()
})

function start(change = (chunk: Buffer | undefined) => (chunk === undefined ? [] : [chunk])) {
  const clock = createFakeClock()
  const passed: string[] = []
  let rest: string | undefined
  gathered = gatherAnswer(clock, change, {
    pass: (piece) => passed.push(piece.toString()),
    end: (piece) => (rest = piece?.toString() ?? ''),
  })
  const write = (text: string, isLast = false): void => {
    gathered.write(Buffer.from(text), isLast)
  }
  return { clock, passed, write, rest: () => rest }
}

describe('an answer', () => {
  it('passes at once after a pause, whole turns together', async () => {
    const { clock, passed, write } = start()
    write('a')
    write('b')
    await turn()
    expect(passed).toEqual(['ab'])
    clock.advance(2)
    write('c')
    await turn()
    expect(passed).toEqual(['ab', 'c'])
  })

  it('is gathered for two milliseconds while it comes quickly', async () => {
    const { clock, passed, write } = start()
    write('a')
    await turn()
    for (const piece of ['b', 'c', 'd']) {
      write(piece)
      await turn()
    }
    expect(passed).toEqual(['a'])
    clock.advance(2)
    await turn()
    expect(passed).toEqual(['a', 'bcd'])
  })

  it('waits for nothing at its end, and passes what is left with it', async () => {
    const { clock, passed, write, rest } = start((chunk) => [chunk ?? Buffer.from('!')])
    write('a')
    await turn()
    write('b')
    await turn()
    gathered.end()
    expect(passed).toEqual(['a'])
    expect(rest()).toBe('b!')
    expect(clock.pending).toBe(0)
  })

  it('is one piece with its end where all of it came at once', async () => {
    const { clock, passed, write, rest } = start()
    write('all', true)
    await turn()
    expect(passed).toEqual([])
    expect(clock.pending).toBe(0)
    gathered.end()
    expect(rest()).toBe('all')
  })

  it('passes before two milliseconds when it is large, also where the end follows', async () => {
    const { passed, write } = start()
    write('a')
    await turn()
    write('x'.repeat(40 * 1024))
    write('y'.repeat(40 * 1024), true)
    expect(passed.map(({ length }) => length)).toEqual([1, 40 * 1024, 40 * 1024])
  })

  it('passes what was decided before it broke', async () => {
    const { clock, passed, write } = start((chunk) => {
      if (chunk?.toString() === 'bad') throw new SyntaxError('No.')
      return chunk === undefined ? [] : [chunk]
    })
    write('a')
    await turn()
    write('b')
    expect(() => {
      write('bad')
    }).toThrow('No.')
    expect(passed).toEqual(['a', 'b'])
    expect(clock.pending).toBe(0)
  })
})
