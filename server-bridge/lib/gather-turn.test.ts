import { once } from 'node:events'
import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { gatherTurn } from './gather-turn.ts'

const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

function start(highWaterMark = 1024) {
  const pieces: string[] = []
  const stream = new Writable({
    highWaterMark,
    write(chunk: Buffer, _encoding, done) {
      pieces.push(chunk.toString())
      done()
    },
    writev(chunks, done) {
      pieces.push(chunks.map(({ chunk }) => (chunk as Buffer).toString()).join(''))
      done()
    },
  })
  gatherTurn(stream)
  return { stream, pieces }
}

it('lets what is written in one turn leave as one piece, also what is written a little later in it', async () => {
  const { stream, pieces } = start()
  stream.write('length')
  stream.write('content')
  await Promise.resolve()
  process.nextTick(() => stream.write('tag'))
  expect(pieces).toEqual([])
  await turn()
  stream.write('next')
  await turn()
  expect(pieces).toEqual(['lengthcontenttag', 'next'])
})

it('holds nothing back at the end', async () => {
  const { stream, pieces } = start()
  stream.write('a')
  stream.end('b')
  await once(stream, 'finish')
  await turn()
  expect(pieces).toEqual(['ab'])
})

it('takes small parts as they are, so that their memory can be used again', async () => {
  const { stream, pieces } = start()
  const memory = Buffer.from('length')
  stream.write(memory)
  memory.write('LENGTH')
  await turn()
  expect(pieces).toEqual(['length'])
})

it('says when there is room again', async () => {
  const { stream, pieces } = start(4)
  expect(stream.write('too much')).toBe(false)
  await once(stream, 'drain')
  expect(pieces).toEqual(['too much'])
})

it('leaves a stream alone that was destroyed meanwhile', async () => {
  const { stream, pieces } = start()
  stream.write('a')
  stream.destroy()
  await turn()
  expect(pieces).toEqual([])
})

it('waits for no more when there is much, but for the part that belongs to it', async () => {
  const { stream, pieces } = start()
  const much = 'x'.repeat(32 * 1024)
  stream.write(much)
  stream.write('tag')
  await new Promise<void>((done) => process.nextTick(done))
  expect(pieces).toEqual([`${much}tag`])
  stream.write('next')
  await turn()
  await turn()
  expect(pieces).toEqual([`${much}tag`, 'next'])
})
