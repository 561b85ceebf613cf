import { constants, type ClientHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { bridgePty } from './bridge-pty.ts'

let server: WebSocketServer
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

it('a client whose input a lost shell never took is told so at once', async () => {
  // Takes one write and never finishes it.
  const stream = new Duplex({ writableHighWaterMark: 1, read: () => undefined, write: () => undefined })
  const isFull = new Promise<void>((resolve) => {
    server.once('connection', (socket) => {
      bridgePty(socket, () => stream as ClientHttp2Stream)
      stream.emit('response', { [constants.HTTP2_HEADER_STATUS]: 200 })
      socket.on('message', () => resolve())
    })
  })
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const closed = new Promise<number>((resolve) => client.once('close', resolve))
  await new Promise((resolve) => client.once('open', resolve))
  client.send(Buffer.from('{"data":"x"}'))
  await isFull
  stream.destroy()
  expect(await closed).toBe(1011)
})
