import { describe, expect, it } from 'vitest'
import { readAtMost } from './read-at-most.ts'

/** A file of so many bytes, and how much room its readers made for it. */
function fileOf(length: number) {
  const seen = { room: 0 }
  let at = 0
  const read = (buffer: Buffer, offset: number, count: number) => {
    seen.room = Math.max(seen.room, buffer.length)
    const bytesRead = Math.min(count, length - at, 1000)
    buffer.fill(120, offset, offset + bytesRead)
    at += bytesRead
    return Promise.resolve({ bytesRead, buffer })
  }
  return { file: { read } as never, seen }
}

describe('a bounded read', () => {
  it.each([
    ['is what it was measured with', 5000, 5000, 5000],
    ['is empty', 0, 0, 0],
    ['has shrunk', 10, 5000, 10],
    ['has grown', 9000, 5000, 9000],
    ['tells no size', 3000, 0, 3000],
    ['is larger than may be read', 20_000, 5000, 10_000],
    ['never ends', Infinity, 5000, 10_000],
  ])('of a file that %s', async (_, length, size, expected) => {
    const { file } = fileOf(length)
    const found = await readAtMost(file, { size, maxBytes: 10_000 })
    expect(found.equals(Buffer.alloc(expected, 'x'))).toBe(true)
  })

  it('takes the room that the file needs, not all it might', async () => {
    const { file, seen } = fileOf(10)
    await readAtMost(file, { size: 10, maxBytes: 3 * 1024 * 1024 })
    expect(seen.room).toBe(11)
  })

  it('of nothing reads nothing', async () => {
    const { file } = fileOf(10)
    expect(await readAtMost(file, { size: 10, maxBytes: 0 })).toHaveLength(0)
  })
})
