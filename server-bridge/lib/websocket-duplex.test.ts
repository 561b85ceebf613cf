import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createWebSocketDuplex, WebSocketClosedError } from './websocket-duplex.ts'

let sockets: WebSocketServer
let left: WebSocket
let right: WebSocket

beforeEach(async () => {
  sockets = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
  })
  await once(sockets, 'listening')
  const connection = once(sockets, 'connection') as Promise<[WebSocket]>
  left = new WebSocket(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`, {
    perMessageDeflate: false,
  })
  ;[right] = await connection
  if (left.readyState !== WebSocket.OPEN) await once(left, 'open')
})

afterEach(async () => {
  left.terminate()
  right.terminate()
  await new Promise((resolve) => sockets.close(resolve))
})

async function readAll(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('carries bytes both ways and ends cleanly', async () => {
  const [a, b] = [createWebSocketDuplex(left), createWebSocketDuplex(right)]
  const received = readAll(b)
  a.write('hello ')
  a.end('there')
  expect((await received).toString()).toBe('hello there')
})

test('delivers what the peer sent before it saw our end', async () => {
  const [a, b] = [createWebSocketDuplex(left), createWebSocketDuplex(right)]
  b.write(Buffer.alloc(300_000, 7))
  b.end()
  const received = readAll(a)
  a.end('bye')
  expect((await received).length).toBe(300_000)
  expect((await readAll(b)).toString()).toBe('bye')
})

test('pauses the socket while the reader lags', async () => {
  const [a, b] = [createWebSocketDuplex(left), createWebSocketDuplex(right)]
  const chunk = Buffer.alloc(256 * 1024)
  let sent = 0
  // Without a reader the writer comes to a stand once the kernel's buffers are full.
  while (a.write(chunk) || (await drainsSoon(a))) {
    sent += chunk.length
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  }
  expect(right.isPaused).toBe(true)
  let received = 0
  b.on('data', (bytes: Buffer) => (received += bytes.length))
  await once(a, 'drain')
  a.end()
  await once(b, 'end')
  expect(received).toBe(sent + chunk.length)
})

/** Whether a full stream empties within a moment: the negative answer has no other signal than time. */
function drainsSoon(stream: Duplex): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      stream.off('drain', drained)
      resolve(false)
    }, 200)
    const drained = (): void => {
      clearTimeout(timer)
      resolve(true)
    }
    stream.once('drain', drained)
  })
}

test('reports a connection that breaks as an error, not as an end', async () => {
  const a = createWebSocketDuplex(left)
  a.resume()
  const failed = once(a, 'error') as Promise<[WebSocketClosedError]>
  right.terminate()
  const [error] = await failed
  expect(error).toBeInstanceOf(WebSocketClosedError)
  expect(error.code).toBe(1006)
})

test('refuses text frames', async () => {
  const a = createWebSocketDuplex(left)
  const failed = once(a, 'error') as Promise<[WebSocketClosedError]>
  right.send('text')
  expect((await failed)[0].code).toBe(1003)
})

test('refuses a frame that is too large', async () => {
  const b = createWebSocketDuplex(right)
  const failed = once(b, 'error') as Promise<[Error]>
  left.send(Buffer.alloc(2 * 1024 * 1024))
  expect((await failed)[0].message).toMatch(/max payload/i)
})

test('answers a write after the close with an error', async () => {
  const a = createWebSocketDuplex(left)
  const failed = once(a, 'error') as Promise<[WebSocketClosedError]>
  a.destroy(new WebSocketClosedError(1006, ''))
  a.write('too late')
  expect((await failed)[0].message).toBe('The connection was lost.')
})
