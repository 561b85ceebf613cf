import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A program that takes the place of a display server: it understands the options of Xvnc, tells a display, and is a small
 * RFB server (RFC 6143) whose every picture is of one colour. It notes what it was told.
 */
export interface StandInDisplay {
  /** For `PATH`. */
  readonly folder: string
  /** From now on there is one. */
  install(): void
  /** It was started with these. */
  started(): { readonly args: readonly string[]; readonly pid: number } | undefined
  /** Messages of clients after their handshake: type and bytes, in hex. */
  messages(): string[]
  /** Bytes that it has handed to the kernel, as last noted. */
  written(): number
}

/** A picture of the screen is this large, so that a few of them fill every buffer on the way. */
export const standInScreen = { width: 1024, height: 768, bytesPerPixel: 4 } as const
/** A message that is no message of the protocol: nothing is read from then on. */
export const stopReading = 0xc8

const program = `
const net = require('node:net')
const fs = require('node:fs')
const path = require('node:path')
const here = path.dirname(process.argv[1])
const args = process.argv.slice(2)
fs.writeFileSync(path.join(here, 'started'), JSON.stringify({ args, pid: process.pid }))
const { width, height, bytesPerPixel } = ${JSON.stringify(standInScreen)}
const sizes = { 0: 20, 3: 10, 4: 8, 5: 6, [${stopReading}]: 1 }
const u16 = (n) => [n >> 8, n & 255]
function serve(socket) {
  let stage = 'version'
  let pending = Buffer.alloc(0)
  const timer = setInterval(() => {
    fs.writeFileSync(path.join(here, 'written'), String(socket.bytesWritten - socket.writableLength))
  }, 20)
  socket.on('error', () => undefined)
  socket.on('close', () => clearInterval(timer))
  const needs = () => {
    if (stage === 'version') return 12
    if (stage !== 'messages') return 1
    const [type] = pending
    // SetEncodings says itself how long it is.
    if (type === 2) return pending.length < 4 ? 4 : 4 + 4 * pending.readUInt16BE(2)
    return sizes[type] ?? 1
  }
  const take = (bytes) => {
    if (stage === 'version') {
      socket.write(Buffer.from([1, 1]))
      stage = 'security'
    } else if (stage === 'security') {
      socket.write(Buffer.from([0, 0, 0, 0]))
      stage = 'init'
    } else if (stage === 'init') {
      const name = Buffer.from('stand-in')
      const format = [32, 24, 0, 1, ...u16(255), ...u16(255), ...u16(255), 16, 8, 0, 0, 0, 0]
      socket.write(Buffer.from([...u16(width), ...u16(height), ...format, 0, 0, ...u16(name.length), ...name]))
      stage = 'messages'
    } else {
      fs.appendFileSync(path.join(here, 'messages'), bytes.toString('hex') + '\\n')
      if (bytes[0] === 3) {
        const head = [0, 0, ...u16(1), ...u16(0), ...u16(0), ...u16(width), ...u16(height), 0, 0, 0, 0]
        socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(width * height * bytesPerPixel, 0x5a)]))
      }
      if (bytes[0] === ${stopReading}) socket.pause()
    }
  }
  socket.on('data', (bytes) => {
    pending = Buffer.concat([pending, bytes])
    while (pending.length > 0 && pending.length >= needs()) {
      const size = needs()
      const message = pending.subarray(0, size)
      pending = pending.subarray(size)
      take(message)
    }
  })
  socket.write('RFB 003.008\\n')
}
net.createServer(serve).listen(args[args.indexOf('-rfbunixpath') + 1], () => {
  fs.writeSync(Number(args[args.indexOf('-displayfd') + 1]), '4242\\n')
})
`

/** Made in `folder`; it is not there before `install`. */
export function createStandInDisplay(folder: string): StandInDisplay {
  mkdirSync(folder, { recursive: true })
  const read = (name: string): string | undefined => {
    const file = join(folder, name)
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined
  }
  return {
    folder,
    install() {
      writeFileSync(join(folder, 'Xtigervnc'), `#!${process.execPath}\n${program}`, { mode: 0o755 })
    },
    started() {
      const text = read('started')
      return text === undefined ? undefined : (JSON.parse(text) as ReturnType<StandInDisplay['started']>)
    },
    messages: () => (read('messages') ?? '').split('\n').filter((line) => line !== ''),
    written: () => Number(read('written') ?? 0),
  }
}
