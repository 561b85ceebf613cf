import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createCoderClient } from '#bridge/client/coder-client'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { testUuid } from '../../testing/builders.ts'
import { readRecording } from './chat-file-stream.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const mp4 = (bytes: number) =>
  Buffer.concat([Buffer.from('00000018', 'hex'), Buffer.from('ftypisom'), Buffer.alloc(bytes - 12, 7)])
const webm = Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.alloc(100, 7)])

async function serve(answer: RequestListener): Promise<Pick<DeploymentConnection, 'call'>> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createCoderClient({ baseUrl: url, token: 'abcdefghij-0123456789012345678901' })
  return { call: async (work) => work(client) }
}

async function read(connection: Pick<DeploymentConnection, 'call'>, signal = new AbortController().signal) {
  const pieces = []
  for await (const piece of readRecording(connection, testUuid(1), signal)) pieces.push(piece)
  return { pieces, bytes: Buffer.concat(pieces.map(({ piece }) => Buffer.from(piece, 'base64'))) }
}
const sends = (type: string, body: Buffer) =>
  serve((_request, response) =>
    response.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body),
  )

it.each([
  ['video/mp4', mp4(1_500_000)],
  ['video/webm; codecs=vp9', webm],
  ['application/octet-stream', webm],
])('gives a recording of %s whole, in small pieces', async (type, body) => {
  const { pieces, bytes } = await read(await sends(type, body))
  expect(bytes.equals(body)).toBe(true)
  expect(pieces[0]).toMatchObject({
    mediaType: body === webm ? 'video/webm' : 'video/mp4',
    size: body.length,
  })
  expect(Math.max(...pieces.map(({ piece }) => piece.length))).toBeLessThan(1_100_000)
})

it.each([
  ['image/svg+xml', mp4(200)],
  ['application/octet-stream', Buffer.from('<!doctype html><script>alert(1)</script>')],
  ['video/quicktime', mp4(200)],
  ['', mp4(200)],
  ['video/mp4', Buffer.from('<!doctype html><script>alert(1)</script>')],
  ['video/mp4', webm],
  ['video/webm', mp4(200)],
  ['video/mp4', mp4(200).subarray(0, 8)],
  ['video/mp4', Buffer.alloc(0)],
])('refuses in words what is no recording: %s', async (type, body) => {
  await expect(read(await sends(type, body))).rejects.toMatchObject({
    code: 'type_refused',
    message: expect.stringContaining('not a recording') as string,
  })
})

it('refuses one that says it is too large before it is read', async () => {
  const connection = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': String(10 ** 10) })
    response.write(mp4(1000))
  })
  await expect(read(connection)).rejects.toMatchObject({ code: 'too_large' })
})

it('stops reading one that never ends', async () => {
  let closed = false
  const connection = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4' })
    response.write(mp4(1000))
    const more = (): void => {
      while (!closed && response.write(Buffer.alloc(1024 * 1024)));
    }
    response.on('drain', more)
    response.on('close', () => (closed = true))
    more()
  })
  await expect(read(connection)).rejects.toMatchObject({
    code: 'too_large',
    message: expect.stringContaining('100 MiB') as string,
  })
  await expect.poll(() => closed).toBe(true)
})

it('says that the connection was lost in the middle', async () => {
  const connection = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': '5000' })
    response.write(mp4(1000), () => response.destroy())
  })
  await expect(read(connection)).rejects.toMatchObject({ code: 'unreachable' })
})
