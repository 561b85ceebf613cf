import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createSendWindow } from './send-window.ts'

const LIMIT = 64 * 1024
const PIECE = Buffer.alloc(8 * 1024)
let server: WebSocketServer
let client: WebSocket
let socket: WebSocket

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve))
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await new Promise((resolve) => client.once('open', resolve))
  socket = await accepted
})
afterEach(async () => {
  client.terminate()
  await new Promise((resolve) => server.close(resolve))
})

/** Sends as much as the window lets, and again whenever there is room. */
function pour(limit: number) {
  let over = (): void => undefined
  const poured = { bytes: 0, rooms: 0, over: new Promise<void>((resolve) => (over = resolve)) }
  const fill = (): void => {
    for (;;) {
      socket.send(PIECE)
      poured.bytes += PIECE.length
      if (window.sent(PIECE.length)) return
    }
  }
  const window = createSendWindow(socket, limit, {
    onRead: () => undefined,
    onRoom: () => {
      poured.rooms += 1
      if (poured.rooms < 50) fill()
      else over()
    },
  })
  fill()
  return poured
}

it('stops soon after its limit where the client reads nothing, and goes on once it does', async () => {
  client.pause()
  const poured = pour(LIMIT)
  expect(poured.bytes).toBeLessThanOrEqual(LIMIT + PIECE.length)
  client.resume()
  await poured.over
  expect(poured.bytes).toBeGreaterThan(10 * LIMIT)
})

it('is not opened by pongs that answer nothing of it', async () => {
  client.pause()
  const poured = pour(LIMIT)
  // Frames go out of a paused socket: nobody asked for these.
  client.pong()
  client.pong('sent')
  client.pong(Buffer.concat([Buffer.from('none'), Buffer.alloc(6, 1)]))
  client.send('after them')
  await new Promise((resolve) => socket.once('message', resolve))
  expect(poured.rooms).toBe(0)
})

it('believes nobody who says to have read more than was sent', async () => {
  client.pause()
  const poured = pour(LIMIT)
  const lie = Buffer.concat([Buffer.from('sent'), Buffer.alloc(6, 0xff)])
  client.pong(lie)
  client.send('after it')
  await new Promise((resolve) => socket.once('message', resolve))
  // It counts as the answer to what was asked, so the window moves by no more than that.
  expect(poured.rooms).toBeLessThanOrEqual(1)
  expect(poured.bytes).toBeLessThanOrEqual(2 * (LIMIT + PIECE.length))
})
