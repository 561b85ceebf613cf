import { once } from 'node:events'
import { createServer, IncomingMessage, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { passAnswer } from './pass-answer.ts'
import { createSecretMasker } from './secret-masker.ts'

const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

async function start() {
  const answer = new IncomingMessage(new Socket())
  answer.statusCode = 200
  answer.headers['content-type'] = 'text/event-stream'
  const written: string[] = []
  let taken: (() => void) | undefined
  const socket = new Duplex({
    highWaterMark: 16 * 1024,
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString('latin1'))
      taken = done
    },
    writev(chunks, done) {
      written.push(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)).toString('latin1'))
      taken = done
    },
  })
  const server = createServer()
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  server.emit('connection', socket as unknown as Socket)
  socket.push('POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n')
  const [, response] = await asked
  const masker = createSecretMasker(['tok_3f9ac27d51e8'])
  const passing = passAnswer(answer, response, {
    clock: createFakeClock(),
    masker,
    wholeMasker: masker,
    onStatus: () => undefined,
    rename: undefined,
  })
  /** The workspace reads what was sent to it. */
  const read = async (): Promise<void> => {
    taken?.()
    await turn()
  }
  const end = (): void => {
    answer.complete = true
    answer.push(null)
  }
  return { answer, socket, written, passing, read, end }
}

it('passes a short answer on with its headers and its end as one piece', async () => {
  const { answer, socket, written, passing, read, end } = await start()
  answer.push('data: {}\n\n')
  end()
  await turn()
  expect(written.length).toBe(1)
  expect(written[0]).toMatch(/^HTTP\/1\.1 200 OK[^]*\r\n\r\na\r\ndata: \{\}\n\n\r\n0\r\n\r\n$/)
  await read()
  await passing
  socket.destroy()
})

it('holds back an MCP server that sends more than the workspace reads', async () => {
  const { answer, socket, written, passing, read, end } = await start()
  answer.push(Buffer.alloc(40 * 1024, 'x'))
  await turn()
  expect(answer.isPaused()).toBe(true)
  answer.push(Buffer.alloc(40 * 1024, 'y'))
  await turn()
  expect(written.join('')).not.toContain('yyy')
  await read()
  expect(answer.isPaused()).toBe(true)
  expect(written.join('')).toContain('yyy')
  await read()
  expect(answer.isPaused()).toBe(false)
  end()
  await turn()
  await read()
  await passing
  socket.destroy()
})
