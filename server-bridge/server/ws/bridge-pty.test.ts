import { constants, type ClientHttp2Stream, connect, createServer, type ServerHttp2Stream } from 'node:http2'
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

const PIECE = Buffer.alloc(32 * 1024)

/** A shell that takes one write and no more until as many bytes of its output were taken; then it says nothing more. */
function busyShell(outputBytes: number) {
  const said = { bytes: 0, taken: [] as string[] }
  let takeInput = (): void => undefined
  const shell = new Duplex({
    writableHighWaterMark: 1,
    read() {
      if (said.bytes >= outputBytes) takeInput()
      else {
        said.bytes += PIECE.length
        this.push(PIECE)
      }
    },
    write(chunk: Buffer, _, done) {
      // Beside what the client says, the shell's agent is told how much of its output was read.
      if (!chunk.toString().startsWith('{"read"')) said.taken.push(chunk.toString())
      if (said.bytes >= outputBytes) done()
      else takeInput = done
    },
  })
  return { shell, said }
}

async function openClient(shell: Duplex) {
  let bridged: WebSocket | undefined
  server.once('connection', (socket) => {
    bridged = socket
    bridgePty(socket, () => shell as ClientHttp2Stream)
  })
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await new Promise((resolve) => client.once('open', resolve))
  return {
    client,
    isHeld: () => bridged?.isPaused === true,
    answer: () => shell.emit('response', { [constants.HTTP2_HEADER_STATUS]: 200 }),
    async close() {
      const closed = new Promise((resolve) => client.once('close', resolve))
      client.terminate()
      shell.destroy()
      await closed
    },
  }
}
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise(setImmediate)
}

it('a shell that takes no input before its output is taken gets both done', async () => {
  const bytes = 8 * 1024 * 1024
  const { shell, said } = busyShell(bytes)
  const { client, answer, isHeld, close } = await openClient(shell)
  let received = 0
  client.on('message', (data: Buffer) => (received += data.length))
  client.send(Buffer.from('first'))
  await until(isHeld)
  client.send(Buffer.from('second'))
  answer()
  await until(() => received === bytes && said.taken.length === 2)
  expect(said.taken).toEqual(['first', 'second'])
  await close()
})

it('a shell is not read without end for a client that reads nothing, also while it takes no input', async () => {
  const { shell, said } = busyShell(Infinity)
  const { client, answer, isHeld, close } = await openClient(shell)
  client.send(Buffer.from('first'))
  await until(isHeld)
  client.pause()
  answer()
  await until(() => shell.isPaused())
  const before = said.bytes
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
  expect(said.bytes).toBe(before)
  await close()
})

it('the agent is told what the client has read, between the values of the client and never within one', async () => {
  const output = 256 * 1024
  let taken = ''
  const shell = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      taken += chunk.toString()
      done()
    },
  })
  const { client, answer, close } = await openClient(shell)
  answer()
  const reads = () => [...taken.matchAll(/{"read":(\d+)}/g)].map(([, bytes]) => Number(bytes))
  client.send(Buffer.from('{"data":"it is cut }'))
  await until(() => taken !== '')
  let received = 0
  client.on('message', (data: Buffer) => (received += data.length))
  for (let sent = 0; sent < output; sent += PIECE.length) shell.push(PIECE)
  await until(() => received === output)
  // What was said after the answers to the marks is heard after them, so nothing of them came between.
  client.send(Buffer.from(' here"}{"da'))
  await until(() => taken.includes(' here'))
  expect(taken).toBe('{"data":"it is cut } here"}{"da')
  client.send(Buffer.from('ta":"more"}'))
  await until(() => reads().length > 0)
  expect(taken).toBe(`{"data":"it is cut } here"}{"data":"more"}{"read":${output}}`)
  await close()
})

it.each<[string, (stream: ServerHttp2Stream) => void, number]>([
  ['a reset', (stream) => stream.destroy(new Error('This cannot be read.')), 1011],
  ['the loss of its agent', (stream) => stream.session?.destroy(), 1011],
  ['the end of its shell', (stream) => stream.end('bye'), 1000],
])('a client learns that its stream ended by %s', async (_, finish, closeCode) => {
  const agent = createServer()
  agent.on('stream', (stream) => {
    stream.on('error', () => undefined)
    stream.respond({ ':status': 200 })
    stream.write('a prompt')
    stream.once('data', () => finish(stream))
  })
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve))
  const link = connect(`http://127.0.0.1:${(agent.address() as AddressInfo).port}`)
  server.once('connection', (socket) => {
    bridgePty(socket, () => link.request({ ':method': 'POST', ':path': '/pty' }))
  })
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const closed = new Promise<number>((resolve) => client.once('close', resolve))
  client.once('message', () => client.send(Buffer.from('{"data":"x"}')))
  expect(await closed).toBe(closeCode)
  link.destroy()
  await new Promise((resolve) => agent.close(resolve))
})
