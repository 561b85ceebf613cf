import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { createCoderClient } from '../../client/coder-client.ts'
import type { ConnectionEvent } from '../../contract/connection-events.ts'
import {
  desktopCreditBytes,
  desktopInputMaxBytes,
  type DesktopsToWindow,
} from '../../contract/desktop-port.ts'
import { systemClock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { silentLogger } from '../../lib/logger.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { createDesktops, type Desktops } from './desktops.ts'
import { createWindowDesktops, type WindowDesktops } from './window-desktops.ts'

const desktopId = '0b8f1b3e-6b1f-4c57-9a8e-0d6f5d7f7a11'
const chatId = '5a4f9a52-4a3e-4b6f-8f55-54f2b9d9c001'
const target = { desktopId, deploymentId: 'local', chatId }

let http: ReturnType<typeof createServer>
let sockets: WebSocket[]
let received: Buffer[]
let paths: string[]
let refusal: { readonly status: number; readonly message: string } | undefined
let desktops: Desktops
let window: WindowDesktops
let told: DesktopsToWindow[]
let url: string
let signedOut: string[]
let warnings: unknown[]
let isSignedIn: boolean
let timeline: ConnectionEvent[]
let onlyWindow: WindowDesktops

beforeEach(async () => {
  sockets = []
  received = []
  paths = []
  told = []
  signedOut = []
  warnings = []
  timeline = []
  refusal = undefined
  isSignedIn = true
  const ws = new WebSocketServer({ noServer: true })
  http = createServer()
  http.on('upgrade', (request, socket, head) => {
    paths.push(request.url ?? '')
    if (refusal) {
      const body = JSON.stringify({ message: refusal.message })
      socket.end(`HTTP/1.1 ${refusal.status} No\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
      return
    }
    ws.handleUpgrade(request, socket, head, (accepted) => {
      sockets.push(accepted)
      accepted.on('message', (data: Buffer) => received.push(data))
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const client = createCoderClient({ baseUrl: url, token: 'abcdefghij-0123456789012345678901' })
  desktops = createDesktops({
    clientOf: () => (isSignedIn ? client : undefined),
    clock: systemClock,
    onSignedOut: (deploymentId) => signedOut.push(deploymentId),
    log: { report: (event) => void timeline.push(event) },
  })
  const logger: Logger = { ...silentLogger, warn: (_, fields) => void warnings.push(fields) }
  const post = (message: DesktopsToWindow): void => void told.push(message)
  window = createWindowDesktops({ post, desktops, logger })
  onlyWindow = createWindowDesktops({ post, desktops, logger, only: { deploymentId: 'local', chatId } })
})
afterEach(async () => {
  desktops.close()
  for (const socket of sockets) socket.terminate()
  await new Promise((resolve) => http.close(resolve))
})

const open = () => window.take({ type: 'desktop-open', ...target })
const states = () => told.flatMap((message) => (message.type === 'desktop-state' ? [message.state] : []))
const dataBytes = () =>
  told.reduce((sum, message) => sum + (message.type === 'desktop-data' ? message.bytes.length : 0), 0)
const until = (kind: string, count = 1) =>
  waitFor(kind, () => (states().filter((state) => state.kind === kind).length >= count ? true : undefined))
const input = (connection: number, bytes: Uint8Array) =>
  window.take({ type: 'desktop-input', desktopId, connection, bytes })

test('carries bytes both ways, each as it is', async () => {
  open()
  await until('connected')
  expect(paths).toEqual([`/api/experimental/chats/${chatId}/stream/desktop`])
  sockets[0]?.send(Buffer.from([82, 70, 66]))
  await waitFor('the bytes', () => (dataBytes() === 3 ? true : undefined))
  expect(told.at(-1)).toMatchObject({ type: 'desktop-data', desktopId, connection: 1 })
  input(1, Uint8Array.of(1, 2, 3))
  await waitFor('the input', () => received[0])
  expect(received[0]).toEqual(Buffer.from([1, 2, 3]))
})

test('stops reading while the window is behind, and goes on when it has caught up', async () => {
  open()
  await until('connected')
  const piece = Buffer.alloc(512 * 1024, 7)
  const pieces = 64
  for (let count = 0; count < pieces; count += 1) sockets[0]?.send(piece)
  let before = -1
  await waitFor('it stands still', () => {
    const now = dataBytes()
    const isStill = now === before && now >= desktopCreditBytes
    before = now
    return isStill ? true : undefined
  })
  expect(dataBytes()).toBeLessThan(desktopCreditBytes + 2 * piece.length)
  for (let acknowledged = 0; acknowledged < pieces * piece.length;) {
    const bytes = dataBytes() - acknowledged
    if (bytes > 0) window.take({ type: 'desktop-ack', desktopId, connection: 1, bytes })
    acknowledged += bytes
    await waitFor('more', () =>
      dataBytes() > acknowledged || acknowledged === pieces * piece.length ? 1 : undefined,
    )
  }
  expect(dataBytes()).toBe(pieces * piece.length)
})

test('a connection that breaks is made again, and nothing of the old one reaches the new one', async () => {
  open()
  await until('connected')
  sockets[0]?.terminate()
  await until('connected', 2)
  expect(states().map(({ kind }) => kind)).toEqual([
    'connecting',
    'connected',
    'waiting',
    'connecting',
    'connected',
  ])
  input(1, Uint8Array.of(9))
  input(2, Uint8Array.of(8))
  await waitFor('the input', () => received[0])
  expect(received).toEqual([Buffer.from([8])])
})

test('a refusal is told in the words of the server, and tried again when it is asked for', async () => {
  refusal = { status: 400, message: 'The chat has no workspace.' }
  open()
  await until('failed')
  expect(states().at(-1)).toEqual({ kind: 'failed', code: 'refused', reason: 'The chat has no workspace.' })
  refusal = undefined
  window.take({ type: 'desktop-retry', desktopId })
  await until('connected')
})

test('an end of the desktop is no failure', async () => {
  open()
  await until('connected')
  sockets[0]?.close(1000)
  await until('ended')
  window.take({ type: 'desktop-retry', desktopId })
  await until('connected', 2)
})

test('a token that is refused is told, and a new one tries again', async () => {
  refusal = { status: 401, message: 'You are signed out.' }
  open()
  await until('failed')
  expect([states().at(-1), signedOut]).toEqual([
    { kind: 'failed', code: 'signed_out', reason: 'You are signed out.' },
    ['local'],
  ])
  refusal = undefined
  desktops.deploymentRenewed('local')
  await until('connected')
  isSignedIn = false
  desktops.deploymentChanged('local')
  expect(states().at(-1)).toMatchObject({ kind: 'failed', code: 'no_deployment' })
})

test('ends with its window, and has an end', async () => {
  for (let count = 0; count < 9; count += 1)
    window.take({ type: 'desktop-open', ...target, desktopId: desktopId.replace(/1$/, String(count)) })
  expect(states().at(-1)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('Too many') as string,
  })
  await until('connected', 8)
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))))
  window.close()
  await closed
})

test('takes no message that does not fit, and logs nothing of what it held', async () => {
  open()
  await until('connected')
  const large = new Uint8Array(desktopInputMaxBytes + 1)
  for (const wrong of [
    { type: 'desktop-input', desktopId, connection: 1, bytes: large },
    { type: 'desktop-input', desktopId, connection: 1, bytes: 'secret' },
    { type: 'desktop-input', desktopId, connection: 1, bytes: new Uint8Array(0) },
    { type: 'desktop-open', ...target, chatId: '../x' },
  ])
    window.take(wrong)
  expect(warnings).toHaveLength(4)
  expect(JSON.stringify(warnings)).not.toContain('secret')
  const sent = vi.fn()
  sockets[0]?.on('message', sent)
  input(1, Uint8Array.of(1))
  await waitFor('what fits', () => (sent.mock.calls.length === 1 ? true : undefined))
})

test('tells the timeline that it opens, is lost, comes back and ends, and nothing of what it carries', async () => {
  const workspaceId = '1c7be2a4-53a7-4a1b-bc73-0d6f5d7f7a22'
  window.take({ type: 'desktop-open', ...target, workspaceId })
  await until('connected')
  sockets[0]?.send(Buffer.from('secret'))
  sockets[0]?.terminate()
  await until('connected', 2)
  input(2, Buffer.from('secret'))
  window.close()
  const kinds = timeline.map(({ state }) => state.kind)
  expect(kinds).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open', 'closed'])
  expect(timeline[1]).toMatchObject({
    ...{ what: 'desktop', connectionId: chatId, deploymentId: 'local', workspaceId, agentId: null },
    name: 'chat 5a4f9a52',
  })
  expect(JSON.stringify(timeline)).not.toMatch(/secret|abcdefghij/)
})

test('tells the timeline once that it was refused, or that nobody is signed in any more', async () => {
  refusal = { status: 400, message: 'The chat has no workspace.' }
  open()
  await until('failed')
  window.close()
  expect(timeline.map(({ state }) => state)).toMatchObject([
    { kind: 'connecting' },
    { kind: 'failed', reason: 'The chat has no workspace.' },
  ])
  timeline.length = 0
  refusal = undefined
  open()
  await until('connected')
  isSignedIn = false
  desktops.deploymentChanged('local')
  window.close()
  expect(timeline.map(({ state }) => state.kind)).toEqual(['connecting', 'open', 'closed'])
})

test('goes on at once when the timeline is asked to try now', async () => {
  refusal = { status: 400, message: 'The chat has no workspace.' }
  open()
  await until('failed')
  refusal = undefined
  desktops.retryConnection('another')
  desktops.retryConnection(chatId)
  await until('connected')
})

test('a window of one desktop gets that one and no other', async () => {
  for (const other of [{ chatId: '5a4f9a52-4a3e-4b6f-8f55-54f2b9d9c002' }, { deploymentId: 'other' }])
    onlyWindow.take({ type: 'desktop-open', ...target, ...other })
  expect(states()).toEqual([
    expect.objectContaining({ kind: 'failed', reason: expect.stringContaining('another chat') as string }),
    expect.objectContaining({ kind: 'failed' }),
  ])
  expect(paths).toEqual([])
  onlyWindow.take({ type: 'desktop-open', ...target })
  await until('connected')
  onlyWindow.close()
})
