import { afterEach, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../lib/clock.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import type { FakeClock } from '../testing/fake-clock.ts'
import { createSelfSigned } from '../testing/self-signed.ts'
import { startStubServer } from '../testing/stub-server.ts'
import type { StubServer, StubServerOptions } from '../testing/stub-server.ts'
import type { ReconnectState } from './reconnect.ts'
import { createReconnectingSocket } from './reconnecting-socket.ts'
import type { ReconnectingSocket, ReconnectingSocketOptions } from './reconnecting-socket.ts'

const cleanup: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const run of cleanup.splice(0).reverse()) await run()
})

interface Fixture {
  readonly server: StubServer
  readonly peers: WebSocket[]
  readonly socket: ReconnectingSocket
  readonly states: ReconnectState[]
  readonly received: string[]
  readonly clock: FakeClock
}

async function start(
  serverOptions: StubServerOptions = {},
  socketOptions: Partial<ReconnectingSocketOptions> = {},
): Promise<Fixture> {
  const peers: WebSocket[] = []
  const server = await startStubServer({
    ...serverOptions,
    onSocket: (peer, request) => {
      peers.push(peer)
      serverOptions.onSocket?.(peer, request)
    },
  })
  cleanup.push(server.close)
  const states: ReconnectState[] = []
  const received: string[] = []
  const clock = createFakeClock()
  const socket = createReconnectingSocket({
    target: () => ({
      url: `${server.url.replace('http', 'ws')}/x`,
      headers: { 'Coder-Session-Token': 'secret' },
    }),
    clock,
    random: () => 0,
    onMessage: (data) => received.push(data.toString()),
    onState: (state) => states.push(state),
    ...socketOptions,
  })
  cleanup.push(() => {
    socket.close()
    clock.advance(60_000)
  })
  socket.start()
  return { server, peers, socket, states, received, clock }
}

const until = (condition: () => unknown) => expect.poll(condition, { interval: 2 }).toBeTruthy()

describe('a reconnecting socket', () => {
  it('sends its token in the handshake, and carries messages both ways', async () => {
    const { server, peers, socket, received } = await start({
      onSocket: (peer) => {
        peer.on('message', (data: Buffer, isBinary) => {
          peer.send(`${isBinary ? 'binary' : 'text'} ${data.toString()}`)
        })
      },
    })
    expect(socket.send('too early')).toBe(false)
    await until(() => socket.state.name === 'open')
    expect(server.requests[0]?.headers['coder-session-token']).toBe('secret')
    expect(server.requests[0]?.headers['sec-websocket-extensions']).toBeUndefined()
    expect(socket.send('one')).toBe(true)
    expect(socket.send(Buffer.from('two'))).toBe(true)
    await until(() => received.length === 2)
    expect(received).toEqual(['text one', 'binary two'])
    expect(peers).toHaveLength(1)
  })

  it('comes back after the network was cut, and after the server left', async () => {
    const { server, peers, socket, states, clock } = await start()
    await until(() => socket.state.name === 'open' && peers.length === 1)
    server.cut()
    await until(() => socket.state.name === 'waiting')
    expect(socket.state).toMatchObject({ reason: /was lost/ })
    clock.advance(100)
    await until(() => peers.length === 2 && socket.state.name === 'open')
    peers[1]?.close(1001)
    await until(() => socket.state.name === 'waiting')
    expect(socket.state).toMatchObject({ reason: /is restarting/ })
    socket.retryNow()
    await until(() => socket.state.name === 'open')
    expect(states.filter((state) => state.name === 'open')).toHaveLength(3)
  })

  it('ends when the server says that it is done, or that something is wrong for good', async () => {
    const { peers, socket } = await start()
    await until(() => peers.length === 1)
    peers[0]?.close(1000, 'done')
    await until(() => socket.state.name === 'stopped')
    expect(socket.state).toEqual({ name: 'stopped', reason: 'finished' })
    socket.start()
    await until(() => peers.length === 2)
    peers[1]?.close(1003, 'text only')
    await until(() => socket.state.name === 'failed')
    expect(socket.state).toEqual({ name: 'failed', code: 'protocol', reason: 'text only' })
  })

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [410, 'gone'],
    [426, 'upgrade_required'],
  ])("gives up on a handshake answered with %i, in the server's words", async (status, code) => {
    const { socket } = await start({ refuse: () => ({ status, body: { message: 'These words.' } }) })
    await until(() => socket.state.name === 'failed')
    expect(socket.state).toEqual({ name: 'failed', code, reason: 'These words.' })
  })

  it('tries again after a handshake that failed for now', async () => {
    let failures = 1
    const { socket, clock } = await start({ refuse: () => (failures-- > 0 ? { status: 503 } : undefined) })
    await until(() => socket.state.name === 'waiting')
    clock.advance(100)
    await until(() => socket.state.name === 'open')
  })

  it('follows no redirect with its token', async () => {
    const other = await startStubServer({})
    cleanup.push(other.close)
    const { socket } = await start({ refuse: () => ({ status: 302, headers: `Location: ${other.url}/y` }) })
    await until(() => socket.state.name === 'failed')
    expect(socket.state).toMatchObject({ code: 'redirected', reason: expect.stringContaining(other.url) })
    expect(other.requests).toHaveLength(0)
  })

  it('waits until a network lets it through that sends everybody to a page of its own', async () => {
    let isCaught = false
    const portal = { status: 302, headers: 'Location: http://sign-in.example/' }
    const { server, socket, clock } = await start({ refuse: () => (isCaught ? portal : undefined) })
    await until(() => socket.state.name === 'open')
    isCaught = true
    server.cut()
    await until(() => socket.state.name === 'waiting')
    clock.advance(100)
    await until(() => socket.state.name === 'waiting' && socket.state.attempt === 2)
    expect(socket.state).toMatchObject({ reason: /sign-in\.example.* wants you to sign in first/ })
    isCaught = false
    clock.advance(30_000)
    await until(() => socket.state.name === 'open')
  })

  it('waits while a gateway answers for a server that restarts, and believes it about one that was never there', async () => {
    let isAway = true
    const gateway = { status: 404, body: 'default backend' }
    const { server, socket, clock } = await start({ refuse: () => (isAway ? gateway : undefined) })
    await until(() => socket.state.name === 'failed')
    expect(socket.state).toMatchObject({ code: 'not_coder', reason: expect.stringContaining('404') })
    isAway = false
    socket.retryNow()
    await until(() => socket.state.name === 'open')
    isAway = true
    server.cut()
    await until(() => socket.state.name === 'waiting')
    clock.advance(100)
    await until(() => socket.state.name === 'waiting' && socket.state.attempt === 2)
    isAway = false
    clock.advance(30_000)
    await until(() => socket.state.name === 'open')
  })

  it('refuses a certificate that nobody vouches for', async () => {
    const { socket } = await start({ tls: createSelfSigned() })
    await until(() => socket.state.name === 'failed')
    expect(socket.state).toMatchObject({ code: 'tls', reason: /self-signed/ })
  })

  it('lets its owner explain a refusal', async () => {
    const { socket } = await start(
      { refuse: () => ({ status: 404 }) },
      { explain: () => Promise.resolve({ reason: 'The agent is not connected yet.' }) },
    )
    await until(() => socket.state.name === 'waiting')
    expect(socket.state).toMatchObject({ reason: 'The agent is not connected yet.' })
  })

  it('drops a server that sends too much at once', async () => {
    const { socket } = await start(
      {
        onSocket: (peer) => {
          peer.send(Buffer.alloc(2000))
        },
      },
      { maxPayloadBytes: 1000 },
    )
    await until(() => socket.state.name !== 'connecting' && socket.state.name !== 'open')
    expect(['waiting', 'failed']).toContain(socket.state.name)
  })

  it('notices a silent server, after asking it', async () => {
    const { peers, socket, clock } = await start()
    await until(() => socket.state.name === 'open' && peers.length === 1)
    let pings = 0
    peers[0]?.on('ping', () => (pings += 1))
    clock.advance(20_000)
    await until(() => pings === 1)
    // The peer answered; what comes next is a machine that does not.
    await until(() => clock.pending === 1 || clock.pending === 2)
    peers[0]?.pause()
    clock.advance(20_000)
    clock.advance(10_000)
    await until(() => socket.state.name === 'waiting')
    expect(socket.state).toMatchObject({ reason: 'The server stopped answering.' })
  })

  it('asks at once when the machine woke up', async () => {
    const { peers, socket, clock } = await start()
    await until(() => socket.state.name === 'open' && peers.length === 1)
    peers[0]?.pause()
    socket.hint('wake')
    clock.advance(10_000)
    expect(socket.state.name).toBe('waiting')
  })

  it('reads nothing while it is paused, is not taken for dead then, and goes on', async () => {
    const { peers, socket, received, clock } = await start()
    await until(() => socket.state.name === 'open' && peers.length === 1)
    socket.pause()
    peers[0]?.send('one')
    clock.advance(25_000)
    clock.advance(15_000)
    expect(socket.state.name).toBe('open')
    expect(received).toEqual([])
    socket.resume()
    await until(() => received.length === 1)
  })

  it('leaves nothing running when it is closed, in whatever state', async () => {
    for (const when of ['connecting', 'open', 'waiting'] as const) {
      const { server, peers, socket, clock } = await start()
      if (when !== 'connecting') await until(() => socket.state.name === 'open' && peers.length === 1)
      if (when === 'waiting') {
        server.cut()
        await until(() => socket.state.name === 'waiting')
      }
      socket.close()
      expect(socket.state).toEqual({ name: 'stopped', reason: 'closed' })
      if (when === 'open') await until(() => peers[0]?.readyState === 3)
      await until(() => clock.pending === 0)
    }
  })

  it('works on the real clock, too', async () => {
    const { server, peers, socket } = await start({}, { clock: systemClock })
    await until(() => socket.state.name === 'open' && peers.length === 1)
    server.cut()
    await until(() => peers.length === 2)
    socket.close()
  })
})
