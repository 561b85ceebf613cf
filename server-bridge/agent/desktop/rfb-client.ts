/** The viewer's side of the RFB protocol (RFC 6143, version 3.8) without passwords, in the one encoding that all servers have. */
import type { Duplex } from 'node:stream'
import { maxScreenSide } from '../../contract/desktop-actions.ts'
import type { Clock } from '../../lib/clock.ts'
import { toError } from '../../lib/to-error.ts'
import { type ByteSource, createByteSource } from './byte-source.ts'

/** A connection to a screen that was let in. What the other side says is bounded and never trusted. */
export interface RfbClient {
  readonly width: number
  readonly height: number
  /** The screen as it was told last: blue, green, red and nothing of each pixel. */
  readonly pixels: Buffer
  /** Why there is nothing more to come; undefined while it is open. */
  readonly ended: Error | undefined
  /** Moves the pointer with exactly these buttons held: 1 is the left, 2 the middle, 4 the right, and so on. */
  pointer(at: { readonly x: number; readonly y: number }, buttons: number): void
  key(symbol: number, isDown: boolean): void
  /** Asks to be told what has changed, unless that is asked already. */
  askForChanges(): void
  /** Told of every change of the screen that has arrived whole, and of the end. Returns the function that ends it. */
  onChange(listener: () => void): () => void
  close(): void
}

/** A display server that is busy still answers by then. */
const HANDSHAKE_MS = 10_000
const VERSION = 'RFB 003.008\n'
const NO_PASSWORD = 1
const MAX_REASON_BYTES = 1024
const MAX_NAME_BYTES = 4096
const MAX_CLIPBOARD_BYTES = 1024 * 1024
const MAX_COLOURS = 65_536
const PIXEL = 4
const MAX_SLAB_BYTES = 256 * 1024
const RAW = 0

/** The connection said what the protocol does not allow, or what we do not hold. */
export class RfbError extends Error {
  override readonly name = 'RfbError'
}

/** Introduces itself and waits for the first picture of the screen. @throws what keeps it from seeing one. */
export async function openRfb(socket: Duplex, clock: Clock, signal: AbortSignal): Promise<RfbClient> {
  const late = new RfbError('The virtual desktop did not answer in time.')
  const cancel = clock.after(HANDSHAKE_MS, () => socket.destroy(late))
  const stop = (): void => void socket.destroy(toError(signal.reason))
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    const listeners = new Set<() => void>()
    const end: { reason?: Error } = {}
    const tell = (): void => {
      for (const listener of [...listeners]) listener()
    }
    const source = createByteSource(socket, (reason) => {
      end.reason ??= reason
      tell()
    })
    const { width, height } = await shakeHands(source, socket)
    const client = createClient(socket, { width, height, end, listeners })
    void follow(source, { client, onUpdate: client.updated }).catch((error: unknown) => {
      end.reason ??= toError(error)
      socket.destroy()
      tell()
    })
    client.askForAll()
    await firstPicture(client)
    return client
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    cancel()
    signal.removeEventListener('abort', stop)
  }
}

function firstPicture(client: RfbClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = client.onChange(() => {
      stop()
      if (client.ended === undefined) resolve()
      else reject(client.ended)
    })
    if (client.ended !== undefined) {
      stop()
      reject(client.ended)
    }
  })
}

async function shakeHands(
  source: ByteSource,
  socket: Duplex,
): Promise<{ readonly width: number; readonly height: number }> {
  const version = (await source.read(VERSION.length)).toString('latin1')
  // Later ones speak this one too.
  if (!/^RFB 003\.\d{3}\n$/.test(version) || version < VERSION)
    throw new RfbError('The virtual desktop speaks another protocol.')
  socket.write(Buffer.from(VERSION, 'latin1'))
  const count = (await source.read(1)).readUInt8()
  if (count === 0) throw new RfbError(`The virtual desktop refuses: ${await readReason(source)}`)
  const kinds = await source.read(count)
  if (!kinds.includes(NO_PASSWORD)) throw new RfbError('The virtual desktop asks for a password.')
  socket.write(Buffer.from([NO_PASSWORD]))
  if ((await source.read(4)).readUInt32BE() !== 0)
    throw new RfbError(`The virtual desktop refuses: ${await readReason(source)}`)
  // Others go on watching.
  socket.write(Buffer.from([1]))
  const init = await source.read(24)
  const width = init.readUInt16BE(0)
  const height = init.readUInt16BE(2)
  if (width < 1 || height < 1 || width > maxScreenSide || height > maxScreenSide)
    throw new RfbError(
      `The screen of the virtual desktop has a size that cannot be used: ${width}x${height}.`,
    )
  const nameBytes = init.readUInt32BE(20)
  if (nameBytes > MAX_NAME_BYTES) throw new RfbError('The virtual desktop has a name that is too long.')
  await source.read(nameBytes)
  // 32 bits, 24 of them used, little-endian, true colour; red, green and blue of 255 at the bits 16, 8 and 0.
  socket.write(Buffer.from([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]))
  socket.write(Buffer.from([2, 0, 0, 1, 0, 0, 0, RAW]))
  return { width, height }
}

async function readReason(source: ByteSource): Promise<string> {
  const length = (await source.read(4)).readUInt32BE()
  const text = await source.read(Math.min(length, MAX_REASON_BYTES))
  return JSON.stringify(text.toString('utf8'))
}

interface ClientParts {
  readonly width: number
  readonly height: number
  readonly end: { readonly reason?: Error }
  readonly listeners: Set<() => void>
}

function createClient(socket: Duplex, { width, height, end, listeners }: ClientParts) {
  let isAsked = false
  const ask = (onlyChanges: boolean): void => {
    const request = Buffer.from([3, onlyChanges ? 1 : 0, 0, 0, 0, 0, 0, 0, 0, 0])
    request.writeUInt16BE(width, 6)
    request.writeUInt16BE(height, 8)
    isAsked = true
    write(request)
  }
  const write = (bytes: Buffer): void => {
    if (end.reason === undefined && socket.writable) socket.write(bytes)
  }
  return {
    ...{ width, height, pixels: Buffer.alloc(width * height * PIXEL) },
    get ended() {
      return end.reason
    },
    pointer({ x, y }: { readonly x: number; readonly y: number }, buttons: number): void {
      const event = Buffer.from([5, buttons, 0, 0, 0, 0])
      event.writeUInt16BE(x, 2)
      event.writeUInt16BE(y, 4)
      write(event)
    },
    key(symbol: number, isDown: boolean): void {
      const event = Buffer.from([4, isDown ? 1 : 0, 0, 0, 0, 0, 0, 0])
      event.writeUInt32BE(symbol, 4)
      write(event)
    },
    askForAll: () => ask(false),
    askForChanges(): void {
      if (!isAsked) ask(true)
    },
    updated(): void {
      isAsked = false
      for (const listener of [...listeners]) listener()
    },
    onChange(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => void socket.destroy(),
  }
}

interface Followed {
  readonly client: Pick<RfbClient, 'width' | 'height' | 'pixels'>
  readonly onUpdate: () => void
}

/** Takes what the server says for as long as it does. Throws what is wrong with it. */
async function follow(source: ByteSource, { client, onUpdate }: Followed): Promise<never> {
  for (;;) {
    const type = (await source.read(1)).readUInt8()
    switch (type) {
      case 0: {
        const head = await source.read(3)
        for (let left = head.readUInt16BE(1); left > 0; left -= 1) await readRectangle(source, client)
        onUpdate()
        break
      }
      case 1: {
        // A table of colours, which a screen of true colours has no use for.
        const colours = (await source.read(5)).readUInt16BE(3)
        await skip(source, Math.min(colours, MAX_COLOURS) * 6)
        break
      }
      case 2:
        // It rings.
        break
      case 3: {
        const length = (await source.read(7)).readUInt32BE(3)
        if (length > MAX_CLIPBOARD_BYTES) throw new RfbError('The virtual desktop says too much at once.')
        await skip(source, length)
        break
      }
      default:
        throw new RfbError(`The virtual desktop says what nobody understands: ${type}.`)
    }
  }
}

async function skip(source: ByteSource, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= MAX_SLAB_BYTES) await source.read(Math.min(left, MAX_SLAB_BYTES))
}

async function readRectangle(
  source: ByteSource,
  { width, height, pixels }: Followed['client'],
): Promise<void> {
  const head = await source.read(12)
  const [x, y, w, h] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [number, number, number, number]
  if (head.readInt32BE(8) !== RAW) throw new RfbError('The virtual desktop sends what was not asked for.')
  if (x + w > width || y + h > height) throw new RfbError('The virtual desktop draws beyond its screen.')
  if (w === 0) return
  const rowsAtOnce = Math.max(1, Math.floor(MAX_SLAB_BYTES / (w * PIXEL)))
  for (let done = 0; done < h; done += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, h - done)
    const slab = await source.read(rows * w * PIXEL)
    for (let row = 0; row < rows; row += 1)
      slab.copy(pixels, ((y + done + row) * width + x) * PIXEL, row * w * PIXEL, (row + 1) * w * PIXEL)
  }
}
