import { once } from 'node:events'
import type { ClientHttp2Session, ClientHttp2Stream, ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { waitFor } from '../testing/wait-for.ts'
import { connectHttp2OverDuplex, serveHttp2OverDuplex } from './http2-link.ts'
import { createWebSocketDuplex } from './websocket-duplex.ts'

let sockets: WebSocketServer
let dialled: WebSocket
let accepted: WebSocket
let client: ClientHttp2Session
let handle: (stream: ServerHttp2Stream, path: string) => void
const serverErrors: Error[] = []

beforeEach(async () => {
  serverErrors.length = 0
  sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(sockets, 'listening')
  const connection = once(sockets, 'connection') as Promise<[WebSocket]>
  dialled = new WebSocket(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`, {
    perMessageDeflate: false,
  })
  ;[accepted] = await connection
  serveHttp2OverDuplex(createWebSocketDuplex(dialled), (stream, headers) => {
    stream.on('error', (error) => serverErrors.push(error))
    handle(stream, headers[':path'] ?? '')
  })
  client = connectHttp2OverDuplex(createWebSocketDuplex(accepted))
})

afterEach(async () => {
  client.destroy()
  dialled.terminate()
  await new Promise((resolve) => sockets.close(resolve))
})

function post(path = '/'): ClientHttp2Stream {
  return client.request({ ':method': 'POST', ':path': path })
}

async function readAll(stream: ClientHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('carries a hundred streams at once, each with its own bytes', async () => {
  handle = (stream) => {
    stream.respond({ ':status': 200 })
    stream.pipe(stream)
  }
  const bodies = Array.from({ length: 100 }, (_, index) => Buffer.alloc(20_000 + index, index))
  const echoes = await Promise.all(
    bodies.map((body) => {
      const stream = post()
      stream.end(body)
      return readAll(stream)
    }),
  )
  echoes.forEach((echo, index) => expect(bodies[index]?.equals(echo)).toBe(true))
})

test('stops the writer while nobody reads, and other streams go on', async () => {
  let written = 0
  const chunk = Buffer.alloc(64 * 1024)
  handle = (stream, path) => {
    stream.respond({ ':status': 200 })
    if (path === '/small') {
      stream.end('still alive')
      return
    }
    const write = (): void => {
      while (!stream.destroyed) {
        written += chunk.length
        if (!stream.write(chunk)) {
          stream.once('drain', write)
          return
        }
      }
    }
    write()
  }
  const stalled = post('/flood')
  stalled.on('error', () => undefined)
  await once(stalled, 'response')
  // Each of these takes a round trip, in which an unbounded writer would go on.
  for (let round = 0; round < 200; round += 1) {
    expect((await readAll(post('/small'))).toString()).toBe('still alive')
  }
  expect(written).toBeLessThan(4 * 1024 * 1024)
  stalled.close()
})

test('keeps answering after the request has ended, and reads on after its answer has ended', async () => {
  handle = (stream) => {
    stream.respond({ ':status': 200 })
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.once('end', () => stream.end(`got ${Buffer.concat(chunks).toString()}`))
  }
  const stream = post()
  stream.end('everything')
  expect((await readAll(stream)).toString()).toBe('got everything')
})

test('fails every open stream at once when the connection breaks', async () => {
  handle = (stream) => {
    stream.respond({ ':status': 200 })
    stream.write('begun')
  }
  const streams = [post(), post(), post()]
  const failures = streams.map((stream) => new Promise<Error>((resolve) => stream.once('error', resolve)))
  await Promise.all(streams.map((stream) => once(stream, 'response')))
  dialled.terminate()
  for (const failure of await Promise.all(failures)) expect(failure.message).toBe('The connection was lost.')
  expect(client.destroyed).toBe(true)
  expect(serverErrors.length).toBe(3)
})

test('ends the connection in order when the session is closed', async () => {
  handle = (stream) => {
    stream.respond({ ':status': 200 })
    stream.end('last words')
  }
  const closed = once(dialled, 'close')
  const stream = post()
  await once(stream, 'response')
  const answer = readAll(stream)
  client.close()
  stream.end()
  expect((await answer).toString()).toBe('last words')
  const [code] = (await closed) as [number]
  expect(code).toBe(1000)
})

test('a link that is given up before it began ends nothing else', async () => {
  const duplex = new Duplex({ read: () => undefined, write: () => undefined })
  connectHttp2OverDuplex(duplex).destroy()
  await once(duplex, 'close')
})

test('a link that is given up closes, also when its peer takes nothing any more', async () => {
  handle = () => undefined
  // So much at once is allowed only once the peer has said so.
  await once(client, 'remoteSettings')
  // The peer's machine stands still: what is written fills the buffers of the system, and then it stays here.
  dialled.pause()
  for (let count = 0; count < 8; count += 1) {
    const stream = post()
    stream.on('error', () => undefined)
    stream.write(Buffer.alloc(1024 * 1024))
  }
  await waitFor('nothing leaves any more', () => (accepted.bufferedAmount > 0 ? true : undefined), 5000)
  client.destroy()
  await once(client, 'close')
})
