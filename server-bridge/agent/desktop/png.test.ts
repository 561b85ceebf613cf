import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodePng } from './png.ts'

test('a picture has the colours of the screen, each line by what is above it', async () => {
  const pixels = Buffer.from([3, 2, 1, 0, 30, 20, 10, 0, 3, 2, 1, 0, 31, 21, 9, 0])
  const png = await encodePng(pixels, 2, 2)
  expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2, 2])
  const length = png.readUInt32BE(33)
  expect(png.subarray(37, 41).toString()).toBe('IDAT')
  expect([...inflateSync(png.subarray(41, 41 + length))]).toEqual([
    ...[2, 1, 2, 3, 10, 20, 30],
    ...[2, 0, 0, 0, 255, 1, 1],
  ])
})
