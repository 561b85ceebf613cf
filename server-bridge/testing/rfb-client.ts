/** What tests look at a desktop with: the RFB protocol (RFC 6143) over a chat's socket, as far as they need it. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { CoderClient } from '../client/coder-client.ts'
import { chatDesktopRoutes } from '../contract/chats-desktop.ts'

export interface RfbScreen {
  readonly width: number
  readonly height: number
  readonly name: string
}

export interface RfbClient {
  readonly socket: WebSocket
  readonly closed: Promise<readonly [code: number, reason: string]>
  /** Waits for so many bytes. */
  read(bytes: number): Promise<Buffer>
  send(...bytes: readonly number[]): void
  /** Version, no password, shared; answers what screen it is. */
  handshake(): Promise<RfbScreen>
  /** One picture of the whole screen, uncompressed; answers its pixels. */
  picture(screen: RfbScreen): Promise<Buffer>
  close(): Promise<void>
}

const u16 = (value: number): number[] => [value >> 8, value & 255]
/** Close codes of RFC 6455, 7.4.1. */
const NORMAL = 1000

export async function openDesktop(client: CoderClient, chatId: string): Promise<RfbClient> {
  const { url, headers } = client.socket(chatDesktopRoutes.connect, { params: { chat: chatId } })
  const socket = new WebSocket(url, { headers })
  const chunks: Buffer[] = []
  let held = 0
  let wanted: { readonly bytes: number; readonly resolve: (bytes: Buffer) => void } | undefined
  const serve = (): void => {
    if (wanted === undefined || held < wanted.bytes) return
    const all = Buffer.concat(chunks)
    const { bytes, resolve } = wanted
    wanted = undefined
    chunks.splice(0, chunks.length, all.subarray(bytes))
    held = all.length - bytes
    resolve(all.subarray(0, bytes))
  }
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) throw new Error('A text frame came.')
    chunks.push(data)
    held += data.length
    serve()
  })
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.once('close', (code, reason) => resolve([code, reason.toString()]))
  })
  await once(socket, 'open')
  const read = (bytes: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      wanted = { bytes, resolve }
      void closed.then(([code, reason]) => reject(new Error(`The desktop ended: ${code} ${reason}`)))
      serve()
    })
  const send = (...bytes: readonly number[]): void => socket.send(Buffer.from(bytes))
  return {
    ...{ socket, closed, read, send },
    async handshake() {
      const version = await read(12)
      if (!version.toString('latin1').startsWith('RFB 003.'))
        throw new Error(`It said ${version.toString('hex')}.`)
      socket.send('RFB 003.008\n', { binary: true })
      const [count = 0] = await read(1)
      const kinds = await read(count)
      if (!kinds.includes(1)) throw new Error(`It asks for a password: ${kinds.toString('hex')}.`)
      send(1)
      if ((await read(4)).readUInt32BE() !== 0) throw new Error('It refused.')
      send(1)
      const init = await read(24)
      const name = await read(init.readUInt32BE(20))
      return { width: init.readUInt16BE(0), height: init.readUInt16BE(2), name: name.toString('utf8') }
    },
    async picture({ width, height }) {
      // Raw alone, so that its size is known.
      send(2, 0, ...u16(1), 0, 0, 0, 0)
      send(3, 0, ...u16(0), ...u16(0), ...u16(width), ...u16(height))
      const head = await read(4)
      const pieces: Buffer[] = []
      for (let left = head.readUInt16BE(2); left > 0; left -= 1) {
        const rectangle = await read(12)
        pieces.push(await read(rectangle.readUInt16BE(4) * rectangle.readUInt16BE(6) * 4))
      }
      return Buffer.concat(pieces)
    },
    async close() {
      socket.close(NORMAL)
      await closed
    },
  }
}
