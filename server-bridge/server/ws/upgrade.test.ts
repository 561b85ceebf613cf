import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { rawRequest, upgradeHeaders } from '../../testing/raw-request.ts'
import { createApp } from '../http/app.ts'
import { ownAddress } from '../http/origin-check.ts'
import { createUpgradeHandler, type UpgradeHandler } from './upgrade.ts'

let server: Server
let upgrades: UpgradeHandler
let port: number
/** What a request to `/held` waits for. */
let release: () => void
let isHeld: Promise<void>

beforeEach(async () => {
  const address = () => ownAddress(`http://127.0.0.1:${port}`, [`http://127.0.0.1:${port}`])
  const app = createApp({
    version: 'v1',
    address,
    notices: [],
    serveAppHost: async () => new Response(null, { status: 404 }),
    logger: silentLogger,
  })
  app.get('/socket', (context) => {
    context.env.runSocket = () => undefined
    return new Response(null)
  })
  const gate = new Promise<void>((resolve) => (release = resolve))
  isHeld = new Promise<void>((resolve) => {
    app.get('/held', async (context) => {
      resolve()
      await gate
      context.env.runSocket = () => undefined
      return new Response(null)
    })
  })
  upgrades = createUpgradeHandler(app, systemClock, silentLogger)
  server = createServer().on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

const end = async (): Promise<void> => {
  upgrades.close()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
afterEach(() => (server.listening ? end() : undefined))

/** A client that never closes its own half. */
const ask = (path: string): Socket => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const headers = Object.entries({ host: `127.0.0.1:${port}`, ...upgradeHeaders })
  socket.write(`GET ${path} HTTP/1.1\r\n${headers.map((header) => `${header.join(': ')}\r\n`).join('')}\r\n`)
  socket.on('error', () => undefined).resume()
  return socket
}

describe('upgrades', () => {
  it('leave no connection behind after a refusal, even to a client that never closes', async () => {
    const socket = ask('/nowhere')
    await new Promise((resolve) => socket.once('end', resolve))
    await end()
    socket.destroy()
  })

  it('that are still being judged do not outlive the end of the server', async () => {
    const socket = ask('/held')
    const gone = new Promise((resolve) => socket.once('close', resolve))
    socket.once('end', () => socket.end())
    await isHeld
    const ended = end()
    release()
    await ended
    await gone
  })

  it('carry the headers of their own request only, also after a hand-shake that failed', async () => {
    const bad = { ...upgradeHeaders, 'sec-websocket-key': 'too short' }
    expect((await rawRequest(`http://127.0.0.1:${port}/socket`, { headers: bad })).status).toBe(400)
    const opened = await rawRequest(`http://127.0.0.1:${port}/socket`, { headers: upgradeHeaders })
    expect(opened.status).toBe(101)
    // Node joins repeated headers by a comma.
    expect(opened.headers['x-coder-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})
