import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { closeWithKey, endWithKey } from './end-with-key.ts'

/** A key that ends when the test says so. */
function createKey() {
  const listeners = new Set<(reason: string) => void>()
  return {
    listeners,
    watch: (onEnd: (reason: string) => void) => {
      listeners.add(onEnd)
      return () => void listeners.delete(onEnd)
    },
    end: () => [...listeners].forEach((listener) => listener('You are signed out here.')),
  }
}

it('closes the socket with the reason, and takes nothing more from a client that does not go', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const key = createKey()
  const seen: string[] = []
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [socket] = (await accepted) as [WebSocket]
  socket.on('message', (data: Buffer) => seen.push(data.toString()))
  closeWithKey(socket, key.watch)
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
  client.send('before')
  await once(socket, 'message')
  // A client that does not read never learns that it should go.
  client.pause()
  socket.pause()
  key.end()
  const arrived = once(socket, 'ping')
  client.send('after')
  client.ping()
  await arrived
  expect(seen).toEqual(['before'])
  const closed = once(client, 'close')
  const released = once(socket, 'close')
  client.resume()
  const [code, reason] = (await closed) as [number, Buffer]
  expect([code, reason.toString()]).toEqual([1008, 'You are signed out here.'])
  await released
  await new Promise((resolve) => server.close(resolve))
  expect(key.listeners.size).toBe(0)
})

const encoder = new TextEncoder()
const decode = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString()

it('ends a stream, and the source of it', async () => {
  const key = createKey()
  let isCancelled = false
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode('one')),
    cancel: () => void (isCancelled = true),
  })
  const answer = endWithKey(new Response(source, { headers: { 'x-kept': 'yes' } }), key.watch)
  expect(answer.headers.get('x-kept')).toBe('yes')
  const reader = answer.body!.getReader()
  expect(decode((await reader.read()).value)).toBe('one')
  const next = reader.read()
  key.end()
  expect((await next).done).toBe(true)
  expect(isCancelled).toBe(true)
})

it('stops to wait when the client goes or the stream is over', async () => {
  const key = createKey()
  const gone = endWithKey(new Response(new ReadableStream()), key.watch)
  await gone.body!.cancel()
  expect(key.listeners.size).toBe(0)
  const over = endWithKey(new Response('all of it'), key.watch)
  expect(await over.text()).toBe('all of it')
  expect(key.listeners.size).toBe(0)
})

it('stops to wait when the source breaks, whose error the reader gets', async () => {
  const key = createKey()
  const source = new ReadableStream<Uint8Array>({
    pull: () => Promise.reject(new Error('the source broke')),
  })
  const broken = endWithKey(new Response(source), key.watch)
  await expect(broken.text()).rejects.toThrow('the source broke')
  expect(key.listeners.size).toBe(0)
})

it('ends a stream whose source does not let itself be cancelled', async () => {
  const key = createKey()
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  try {
    const source = new ReadableStream<Uint8Array>({
      cancel: () => Promise.reject(new Error('the source stays')),
    })
    const reader = endWithKey(new Response(source), key.watch).body!.getReader()
    const next = reader.read()
    key.end()
    expect((await next).done).toBe(true)
    // Rejections are told after the microtasks of a turn.
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  } finally {
    process.off('unhandledRejection', note)
  }
})
