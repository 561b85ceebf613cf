import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { fillPath } from '../contract/route.ts'
import { workspaceBuildsRoutes } from '../contract/workspace-builds.ts'
import { workspacesRoutes } from '../contract/workspaces.ts'
import { createCoderClient } from './coder-client.ts'
import { createReconnectingSocket } from './reconnecting-socket.ts'
import { createFakeClock } from '../testing/fake-clock.ts'

let server: Server | undefined

afterEach(async () => {
  server?.closeAllConnections()
  if (server) await once(server.close(), 'close')
  server = undefined
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function answerWith(body: string): Promise<unknown> {
  const baseUrl = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  const client = createCoderClient({ baseUrl, token: 'seeded-secret-token', retries: 0 })
  return client.call(workspacesRoutes.list, {})
}

describe('an answer that is hostile', () => {
  it.each([
    ['is nested without end', `{"workspaces":${'['.repeat(500_000)}`],
    ['is nested deeply and whole', `{"workspaces":${'['.repeat(100_000)}${']'.repeat(100_000)},"count":1}`],
    ['has a million of what is no workspace', `{"workspaces":[${'{},'.repeat(1_000_000)}{}],"count":1}`],
    ['has a count that is none', '{"workspaces":[],"count":1e999}'],
    ['has ten million of what is nothing', `{"workspaces":[${'0,'.repeat(10_000_000)}0],"count":1}`],
    ['has as many of them as may be', `{"workspaces":[${'{},'.repeat(20_000)}{}],"count":1}`],
  ])('and %s is refused with a short error', async (_, body) => {
    const error = await answerWith(body).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message.length).toBeLessThan(2000)
  })

  it('and brings a prototype along changes none', async () => {
    const answer = await answerWith(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    )
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((answer as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('and never ends is cut off at the limit', async () => {
    let sent = 0
    const baseUrl = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = (): void => {
        sent += 64 * 1024
        if (!response.destroyed) response.write(' '.repeat(64 * 1024), () => setImmediate(more))
      }
      more()
    })
    const client = createCoderClient({ baseUrl, retries: 0, maxAnswerBytes: 1024 * 1024 })
    await expect(client.call(workspacesRoutes.list, {})).rejects.toThrow(/more than 1 MiB/)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })
})

describe('an id that a server made', () => {
  it.each(['..', '.', ''])('that is %j goes into no path', (id) => {
    expect(() => fillPath(workspaceBuildsRoutes.get.path, { workspacebuild: id })).toThrow(TypeError)
  })

  it.each(['../../users/me', 'a/b', '%2e%2e', '?q=1', '#x', '..\\..', '\r\nHost: evil'])(
    'like %j stays in its segment',
    (id) => {
      const url = new URL(
        `https://h.example${fillPath(workspaceBuildsRoutes.get.path, { workspacebuild: id })}`,
      )
      expect(url.pathname.split('/')).toHaveLength(workspaceBuildsRoutes.get.path.split('/').length)
      expect([url.host, url.search, url.hash]).toEqual(['h.example', '', ''])
    },
  )
})

it('a socket that floods is read no further than its reader asks for', async () => {
  const baseUrl = await serve((_request, response) => response.end())
  const sockets = new WebSocketServer({ server: server!, perMessageDeflate: false })
  let sent = 0
  sockets.on('connection', (socket) => {
    const flood = (): void => {
      if (socket.readyState !== socket.OPEN || sent >= 256 * 1024 * 1024) return
      sent += 64 * 1024
      socket.send(Buffer.alloc(64 * 1024), () => setImmediate(flood))
    }
    flood()
  })
  let received = 0
  let close = (): void => undefined
  const paused = new Promise<void>((resolve) => {
    const socket = createReconnectingSocket({
      target: () => ({ url: baseUrl.replace('http', 'ws'), headers: {} }),
      clock: createFakeClock(),
      random: () => 0.5,
      onMessage: (data) => {
        received += data.length
        if (received !== 64 * 1024) return
        socket.pause()
        resolve()
      },
    })
    close = () => socket.close()
    socket.start()
  })
  await paused
  // The sender comes to a halt once the kernel's buffers are full.
  let before = -1
  while (sent !== before) {
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(sent).toBeLessThan(64 * 1024 * 1024)
  expect(received).toBeLessThan(16 * 1024 * 1024)
  const ended = once(sockets.clients.values().next().value!, 'close')
  close()
  for (const socket of sockets.clients) socket.terminate()
  await ended
  sockets.close()
})
