import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  terminalAckBytes,
  terminalCreditBytes,
  type BridgeToMain,
  type BridgeToWindow,
} from '../contract/bridge-port.ts'
import { encodeSentMark } from '../contract/sent-mark.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { createBridgeParent } from '../testing/bridge-parent.ts'
import { startPtyServer, type PtyServer } from '../testing/pty-server.ts'
import { zeroWidthPerCell } from './zero-width-limit.ts'
import { createBridge, type Bridge } from './bridge.ts'

const terminalId = '0b8f1b3e-6b1f-4c57-9a8e-0d6f5d7f7a11'
const agentId = '5a4f9a52-4a3e-4b6f-8f55-54f2b9d9c001'

/** Not needed: terminals go by the deployment's own socket. */
const cli = { folder: '/nowhere', signature: 'deployment' } as const

let server: PtyServer
let bridge: Bridge
let window: MessagePort
let say: (message: unknown, ports?: readonly unknown[]) => void
let told: BridgeToMain[]
let seen: BridgeToWindow[]
let shutDown: ReturnType<typeof vi.fn<() => void>>

beforeEach(async () => {
  server = await startPtyServer()
  told = []
  seen = []
  shutDown = vi.fn<() => void>()
  const parent = createBridgeParent((message) => told.push(message))
  say = parent.say
  bridge = createBridge({
    parent: parent.port,
    clock: systemClock,
    logger: silentLogger,
    environment: {},
    onShutdown: shutDown,
  })
  const channel = new MessageChannel()
  window = channel.port1
  window.on('message', (message: BridgeToWindow) => seen.push(message))
  say({
    type: 'set-deployment',
    deploymentId: 'local',
    url: server.url,
    token: 'abcdefghij-0123456789012345678901',
    cli,
  })
  say({ type: 'attach-window', windowId: 1 }, [channel.port2])
})

afterEach(async () => {
  await bridge.close()
  window.close()
  await server.close()
})

const openMessage = {
  type: 'open',
  terminalId,
  deploymentId: 'local',
  agentId,
  command: '',
  cols: 80,
  rows: 24,
}
const open = () => {
  window.postMessage(openMessage)
}
const until = (check: () => boolean) => vi.waitUntil(check, { interval: 5 })
const states = () => seen.flatMap((message) => (message.type === 'state' ? [message.state] : []))
const output = () =>
  Buffer.concat(seen.flatMap((message) => (message.type === 'data' ? [message.bytes] : []))).toString()

describe('a terminal', () => {
  it("opens Coder's socket with the session, the size and the token, and carries bytes both ways", async () => {
    const opened = server.nextSocket()
    open()
    const { socket, query, received } = await opened
    expect(query.get('reconnect')).toBe(terminalId)
    expect([query.get('width'), query.get('height')]).toEqual(['80', '24'])
    socket.send(Buffer.from('$ '))
    await until(() => output() === '$ ')
    expect(seen[0]).toMatchObject({ type: 'state', state: { kind: 'connecting' } })
    expect(seen[1]).toEqual({ type: 'reset', terminalId })
    window.postMessage({ type: 'input', terminalId, data: 'ls é\r' })
    window.postMessage({ type: 'resize', terminalId, cols: 100, rows: 30 })
    await until(() => received.length === 2)
    expect(received.map((frame) => JSON.parse(frame.toString()) as unknown)).toEqual([
      { data: 'ls é\r' },
      { width: 100, height: 30 },
    ])
  })

  it('stops reading at the credit limit and goes on when the window has worked it off', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    const chunk = Buffer.alloc(256 * 1024, 'y')
    for (let sent = 0; sent < 40; sent += 1) socket.send(chunk)
    await until(() => output().length >= terminalCreditBytes)
    const held = output().length
    expect(held).toBeLessThan(terminalCreditBytes + 2 * chunk.length)
    for (let acknowledged = 0; acknowledged < 40 * chunk.length; acknowledged += chunk.length) {
      window.postMessage({ type: 'ack', terminalId, bytes: chunk.length })
      const before = acknowledged + chunk.length
      await until(() => output().length >= Math.min(40 * chunk.length, before))
    }
    expect(output().length).toBe(40 * chunk.length)
  })

  it('answers the marks of the server as the window draws, and its other pings at once', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    const pongs: string[] = []
    socket.on('pong', (payload: Buffer) => pongs.push(payload.toString('latin1')))
    const chunk = Buffer.alloc(4 * terminalAckBytes, 'y')
    const mark = Buffer.from(encodeSentMark(chunk.length))
    socket.send(chunk)
    socket.ping(mark)
    socket.ping('another')
    await until(() => pongs.length > 0 && output().length === chunk.length)
    expect(pongs).toEqual(['another'])
    window.postMessage({ type: 'ack', terminalId, bytes: chunk.length })
    await until(() => pongs.length > 1)
    expect(pongs[1]).toBe(mark.toString('latin1'))
    // Nobody draws any more: what is read is kept, and that is all.
    socket.send(chunk)
    socket.ping(mark)
    await until(() => output().length === 2 * chunk.length)
    window.close()
    await until(() => pongs.length > 2)
  })

  it('shows a window no cell of endless combining characters', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    socket.send(Buffer.from('a'))
    for (let sent = 0; sent < 10; sent += 1) socket.send(Buffer.from('\u0301'.repeat(5000)))
    socket.send(Buffer.from('end'))
    await until(() => output().endsWith('end'))
    expect(output()).toBe(`a${'\u0301'.repeat(zeroWidthPerCell)}end`)
  })

  it('stays stopped at the credit limit when the token changes in a flood', async () => {
    const first = server.nextSocket()
    open()
    const chunk = Buffer.alloc(256 * 1024, 'y')
    const flood = (socket: { send(data: Buffer): void }) => {
      for (let sent = 0; sent < 40; sent += 1) socket.send(chunk)
    }
    flood((await first).socket)
    await until(() => output().length >= terminalCreditBytes)
    const second = server.nextSocket()
    say({
      type: 'set-deployment',
      deploymentId: 'local',
      url: server.url,
      token: 'abcdefghij-newnewnewnewnewnewnewn',
      cli,
    })
    flood((await second).socket)
    // Another terminal works off as much that was sent later: what the first one may read has come by then.
    const other = { ...openMessage, terminalId: '0b8f1b3e-6b1f-4c57-9a8e-0d6f5d7f7a12' }
    let worked = 0
    window.on('message', (message: BridgeToWindow) => {
      if (message.type !== 'data' || message.terminalId !== other.terminalId) return
      worked += message.bytes.length
      window.postMessage({ type: 'ack', terminalId: other.terminalId, bytes: message.bytes.length })
    })
    const third = server.nextSocket()
    window.postMessage(other)
    flood((await third).socket)
    await until(() => worked === 40 * chunk.length)
    expect(output().length - worked).toBeLessThan(terminalCreditBytes + 3 * chunk.length)
    window.postMessage({ type: 'ack', terminalId, bytes: terminalCreditBytes + 3 * chunk.length })
    await until(() => output().length - worked > terminalCreditBytes + 3 * chunk.length)
  })

  it('comes back after a lost connection and leaves out of the replayed history what was shown', async () => {
    const first = server.nextSocket()
    open()
    const lost = await first
    lost.socket.send(Buffer.from('one'))
    await until(() => output() === 'one')
    const second = server.nextSocket()
    lost.socket.terminate()
    const back = await second
    expect(back.query.get('reconnect')).toBe(terminalId)
    back.socket.send(Buffer.from('one two'))
    await until(() => output() === 'one two')
    expect(seen.filter((message) => message.type === 'reset')).toHaveLength(1)
    expect(states().at(-1)).toEqual({ kind: 'connected', rejoined: true })
    expect(states().some((state) => state.kind === 'waiting' && state.reason.endsWith('.'))).toBe(true)
  })

  it('says that something may be missing when another shell answers', async () => {
    const first = server.nextSocket()
    open()
    const lost = await first
    lost.socket.send(Buffer.from('$ mine\r\n$ '))
    await until(() => output().endsWith('$ '))
    const second = server.nextSocket()
    lost.socket.terminate()
    ;(await second).socket.send(Buffer.from('$ '))
    await until(() => /^\$ mine\r\n\$ .*may be missing.*\$ $/s.test(output()))
  })

  it('ends with its shell and is not opened again', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    socket.send(Buffer.from('logout'))
    socket.close(1000)
    await until(() => states().at(-1)?.kind === 'ended')
    expect(output()).toBe('logout')
    expect(server.sockets).toHaveLength(1)
  })

  it('tells a refused token from an agent that is only starting', async () => {
    server.refuseWith = 404
    server.agent = { status: 401, body: { message: 'You are signed out or your session has expired.' } }
    open()
    await until(() => states().at(-1)?.kind === 'failed')
    expect(states().at(-1)).toMatchObject({ code: 'signed_out' })
    expect(told).toContainEqual({ type: 'signed-out', deploymentId: 'local' })
  })

  it('starts again with a new token', async () => {
    server.refuseWith = 404
    server.agent = { status: 401, body: { message: 'You are signed out or your session has expired.' } }
    open()
    await until(() => states().at(-1)?.kind === 'failed')
    server.refuseWith = undefined
    const opened = server.nextSocket()
    say({
      type: 'set-deployment',
      deploymentId: 'local',
      url: server.url,
      token: 'abcdefghij-newnewnewnewnewnewnewn',
      cli,
    })
    await opened
    await until(() => states().at(-1)?.kind === 'connected')
  })

  const renew = (token: string) => {
    say({ type: 'set-deployment', deploymentId: 'local', url: server.url, token, cli, isRenewed: true })
  }

  it('keeps its socket when the token is renewed, and shows the new one with the next', async () => {
    open()
    await until(() => states().at(-1)?.kind === 'connected')
    const before = states().length
    renew('abcdefghij-renewedrenewedrenewedr')
    server.sockets[0]?.socket.send(Buffer.from('still here'))
    await until(() => output() === 'still here')
    expect(server.sockets).toHaveLength(1)
    expect(states()).toHaveLength(before)
    const next = server.nextSocket()
    server.sockets[0]?.socket.terminate()
    expect((await next).token).toBe('abcdefghij-renewedrenewedrenewedr')
  })

  it('tries again with a renewed token when the old one kept it out', async () => {
    server.refuseWith = 404
    server.agent = { status: 401, body: { message: 'You are signed out or your session has expired.' } }
    open()
    await until(() => states().at(-1)?.kind === 'failed')
    server.refuseWith = undefined
    renew('abcdefghij-renewedrenewedrenewedr')
    await until(() => states().at(-1)?.kind === 'connected')
  })

  it('says so when its deployment is unknown, and starts once it is there', async () => {
    say({ type: 'remove-deployment', deploymentId: 'local' })
    open()
    await until(() => states().at(-1)?.kind === 'failed')
    expect(states().at(-1)).toMatchObject({ code: 'no_deployment' })
    say({
      type: 'set-deployment',
      deploymentId: 'local',
      url: server.url,
      token: 'abcdefghij-0123456789012345678901',
      cli,
    })
    await until(() => states().at(-1)?.kind === 'connected')
  })
})

describe('the bridge', () => {
  it('does not wait any longer once the machine woke up', async () => {
    server.refuseWith = 503
    open()
    // The third wait is seconds long; waking must cut it short.
    await until(() => states().some((state) => state.kind === 'waiting' && state.attempt >= 3))
    server.refuseWith = undefined
    const before = server.sockets.length
    const opened = server.nextSocket()
    say({ type: 'wake' })
    await opened
    expect(server.sockets.length).toBe(before + 1)
  })

  it('drops messages that do not fit and goes on', async () => {
    for (const junk of [
      null,
      7,
      'open',
      { type: 'open' },
      { type: 'input', terminalId, data: 'x'.repeat(40_000) },
    ]) {
      window.postMessage(junk)
    }
    say({ type: 'nonsense', token: 'secret' })
    open()
    await until(() => states().at(-1)?.kind === 'connected')
  })

  it('goes on when one message cannot be done, and says which gateway failed', async () => {
    const openGateway = {
      type: 'open-gateway',
      gatewayId: 'one',
      deploymentId: 'local',
      workspaceId: terminalId,
      name: 'obs',
      target: { url: 'https://a%zz@evil.example/mcp', transport: 'streamable_http', headers: {} },
      bearer: 'a'.repeat(43),
      port: 21_000,
    }
    say(openGateway)
    say({ type: 'attach-window', windowId: 2 }, [])
    expect(told.filter(({ type }) => type === 'gateway-state')).toMatchObject([
      {
        gatewayId: 'one',
        connection: { kind: 'failed', reason: expect.stringContaining('address') as unknown },
      },
    ])
    const opened = server.nextSocket()
    open()
    await opened
  })

  it('ends when main says so', async () => {
    say({ type: 'shutdown' })
    await until(() => shutDown.mock.calls.length > 0)
    expect(shutDown).toHaveBeenCalledOnce()
  })
})

describe('a window that is loaded again', () => {
  /** Another port for the same window; the old one is gone. */
  const reload = () => {
    const channel = new MessageChannel()
    window.close()
    window = channel.port1
    seen = []
    window.on('message', (message: BridgeToWindow) => seen.push(message))
    say({ type: 'attach-window', windowId: 1 }, [channel.port2])
  }

  it('gets screen and scrollback of the same shell, over the same socket', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    const lines = Array.from({ length: 100 }, (_, row) => `line ${String(row)}`)
    socket.send(Buffer.from(lines.join('\r\n')))
    await until(() => output().endsWith('line 99'))
    reload()
    open()
    await until(() => output().includes('line 99'))
    expect(seen.map(({ type }) => type)).toEqual(['state', 'reset', 'data'])
    expect(output().match(/line \d+/g)).toEqual(lines)
    expect(states()).toEqual([{ kind: 'connected', rejoined: true }])
    socket.send(Buffer.from(' more'))
    await until(() => output().endsWith(' more'))
    expect(server.sockets).toHaveLength(1)
  })

  it('gets each line once, though it is loaded in the middle of a flood', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    let next = 0
    const flood = () => {
      for (let count = 0; count < 200; count += 1) socket.send(Buffer.from(`line ${String(next++)}\r\n`))
    }
    flood()
    await until(() => output().includes('line 150'))
    reload()
    flood()
    open()
    flood()
    socket.send(Buffer.from('done'))
    await until(() => output().endsWith('done'))
    const printed = [...output().matchAll(/line (\d+)/g)].map((match) => Number(match[1]))
    expect(printed).toEqual(Array.from({ length: next }, (_, index) => index))
  })

  it('gets it in its new size, and the shell does too', async () => {
    const opened = server.nextSocket()
    open()
    const { socket, received } = await opened
    socket.send(Buffer.from('0123456789'.repeat(12)))
    await until(() => output().length === 120)
    reload()
    window.postMessage({ ...openMessage, cols: 40, rows: 10 })
    await until(() => received.length === 1)
    expect(JSON.parse(String(received[0]))).toEqual({ width: 40, height: 10 })
    await until(() => output().startsWith('0123456789'.repeat(12)))
  })

  it('finds the end of a shell that ended while it was away', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    await until(() => states().at(-1)?.kind === 'connected')
    window.close()
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.send(Buffer.from('last words'))
    socket.close(1000)
    await closed
    reload()
    open()
    await until(() => output() === 'last words')
    expect(states()).toEqual([{ kind: 'ended' }])
    expect(server.sockets).toHaveLength(1)
  })

  it('takes a terminal over from another window', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    await until(() => states().at(-1)?.kind === 'connected')
    const channel = new MessageChannel()
    const other: BridgeToWindow[] = []
    channel.port1.on('message', (message: BridgeToWindow) => other.push(message))
    say({ type: 'attach-window', windowId: 2 }, [channel.port2])
    channel.port1.postMessage(openMessage)
    await until(() => states().at(-1)?.kind === 'failed')
    socket.send(Buffer.from('hello'))
    await until(() => other.some((message) => message.type === 'data'))
    expect(output()).toBe('')
    channel.port1.close()
  })

  it('that shows a desktop has no terminals', async () => {
    const channel = new MessageChannel()
    const only = { deploymentId: 'local', chatId: terminalId }
    say({ type: 'attach-window', windowId: 3, only }, [channel.port2])
    const answered = new Promise((resolve) => channel.port1.once('message', resolve))
    channel.port1.postMessage(openMessage)
    channel.port1.postMessage({ type: 'desktop-open', desktopId: terminalId, ...only, chatId: agentId })
    expect(await answered).toMatchObject({ type: 'desktop-state', state: { kind: 'failed' } })
    expect(server.sockets).toHaveLength(0)
    channel.port1.close()
  })

  it('ends the connection of a terminal that it closes', async () => {
    const opened = server.nextSocket()
    open()
    const { socket } = await opened
    await until(() => states().at(-1)?.kind === 'connected')
    const closed = new Promise((resolve) => socket.once('close', resolve))
    window.postMessage({ type: 'close', terminalId })
    await closed
  })
})
