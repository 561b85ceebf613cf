/** PNG (RFC 2083), as far as a picture of a screen needs it: eight bits of red, green and blue. */
import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const TRUE_COLOUR = 2
/** Each byte as what it is more than the one above: what screens show repeats downwards. */
const UP = 2
const SCREEN_PIXEL = 4
const PNG_PIXEL = 3

const compress = promisify(deflate)

/** Makes a PNG of pixels that have their bytes as blue, green, red and one that means nothing. */
export async function encodePng(pixels: Buffer, width: number, height: number): Promise<Buffer> {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, TRUE_COLOUR, 0, 0, 0], 8)
  const data = await compress(toScanlines(pixels, width, height))
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

function toScanlines(pixels: Buffer, width: number, height: number): Buffer {
  const line = 1 + width * PNG_PIXEL
  const lines = Buffer.alloc(line * height)
  const above = width * SCREEN_PIXEL
  const difference = (at: number, row: number): number =>
    (pixels[at] ?? 0) - (row === 0 ? 0 : (pixels[at - above] ?? 0))
  let to = 0
  let from = 0
  for (let row = 0; row < height; row += 1) {
    lines[to] = UP
    to += 1
    for (let column = 0; column < width; column += 1) {
      lines[to] = difference(from + 2, row)
      lines[to + 1] = difference(from + 1, row)
      lines[to + 2] = difference(from, row)
      to += PNG_PIXEL
      from += SCREEN_PIXEL
    }
  }
  return lines
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, sum])
}
