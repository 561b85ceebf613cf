/** Tunnels of the bridge over a real agent, with real sockets and real clients. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DeploymentAccess } from '../../bridge/deployment-access.ts'
import { createTunnels, type Tunnels } from '../../bridge/tunnels/tunnels.ts'
import type { OpenTunnel, TunnelEnd, TunnelState } from '../../contract/tunnels.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import type { CoderClient } from '../../client/coder-client.ts'
import { systemClock, type Clock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { createWebSocketTransport } from '../../transport/workspace-transport.ts'
import { exchange, freePort, startEcho, type EchoServer } from '../echo-server.ts'
import { patienceMs } from '../open-ssh.ts'
import { createSelfSigned } from '../self-signed.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, getWorkspace, waitForAgent } from '../workspace-actions.ts'

const runProgram = promisify(execFile)
const here = (port: number): TunnelEnd => ({ kind: 'tcp', host: '127.0.0.1', port })

let server: TestServer
let client: CoderClient
let workspaceId: string
let access: DeploymentAccess
let folder: string
let echo: EchoServer
let web: HttpServer
let webPort: number
/** Those below the connections of the bridge. */
const streams = new Set<Duplex>()
let isSignedIn = true

/** Reports and first attempts come sooner; what bounds a wait stays. */
const hurried: Clock = {
  ...systemClock,
  after: (delayMs, run) => systemClock.after(delayMs > 1000 ? delayMs : delayMs / 20, run),
}

let tunnels: Tunnels
let states: Map<string, TunnelState>

beforeAll(async () => {
  server = await startTestServer()
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  client = server.client(token)
  const { workspace } = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
  workspaceId = workspace.id
  folder = join(server.dataDir, 'workspaces', 'main')
  echo = await startEcho({ port: 0, host: '127.0.0.1' })
  web = createHttpServer((request, response) => response.end(`you asked ${String(request.headers.host)}`))
  web.listen(0, '127.0.0.1')
  await once(web, 'listening')
  webPort = (web.address() as AddressInfo).port
  const transport = createWebSocketTransport({ url: server.url, token })
  access = {
    url: server.url,
    token,
    client,
    transport: {
      async open(target, signal) {
        const stream = await transport.open(target, signal)
        streams.add(stream)
        stream.once('close', () => streams.delete(stream))
        return stream
      },
    },
  }
})
afterAll(async () => {
  echo.close()
  web.closeAllConnections()
  web.close()
  await server.close()
})

beforeEach(() => {
  isSignedIn = true
  states = new Map()
  tunnels = createTunnels({
    accessOf: () => (isSignedIn ? access : undefined),
    clock: hurried,
    random: () => 0,
    logger: silentLogger,
    onState: (state) => states.set(state.tunnelId, state),
    onSignedOut: () => undefined,
  })
})
afterEach(() => tunnels.closeAll())

function open(change: Partial<OpenTunnel> & Pick<OpenTunnel, 'kind' | 'listen'>): string {
  const tunnelId = change.tunnelId ?? randomUUID()
  tunnels.open({
    type: 'open-tunnel',
    tunnelId,
    deploymentId: 'local',
    workspaceId,
    agentName: null,
    anyPort: false,
    target: change.kind === 'dynamic' ? null : here(echo.port),
    certificate: null,
    ...change,
  })
  return tunnelId
}
const until = (
  tunnelId: string,
  what: string,
  check: (state: TunnelState) => boolean,
): Promise<TunnelState> =>
  waitFor(
    what,
    () => {
      const state = states.get(tunnelId)
      return state !== undefined && check(state) ? state : undefined
    },
    patienceMs,
  )
const untilOpen = (tunnelId: string): Promise<TunnelState> =>
  until(tunnelId, 'it is open', ({ connection }) => connection.kind === 'open')
const cut = (): void => {
  for (const stream of streams) stream.destroy()
}
const checksum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const bytes = randomBytes(1024 * 1024)

describe('a local tunnel', () => {
  it('carries 200 connections at a time, each with its own bytes, and counts them', async () => {
    const port = await freePort()
    const id = open({ kind: 'local', listen: here(port) })
    await untilOpen(id)
    const sent = Array.from({ length: 200 }, (_, at) =>
      Buffer.concat([Buffer.from(`${at}:`), randomBytes(30_000)]),
    )
    const got = await Promise.all(sent.map((one) => exchange({ port, host: '127.0.0.1' }, one)))
    expect(got.map(checksum)).toEqual(sent.map(checksum))
    const total = sent.reduce((sum, { length }) => sum + length, 0)
    const { traffic } = await until(id, 'all have ended', ({ traffic: told }) => told.openConnections === 0)
    expect(traffic).toEqual({
      openConnections: 0,
      connections: 200,
      bytesUp: total,
      bytesDown: total,
      errors: 0,
    })
  })

  it('carries 100 MB down without growing, to a reader that takes its time', async () => {
    const size = 100 * 1024 * 1024
    const block = randomBytes(64 * 1024)
    const source = createServer((socket) => {
      let left = size
      const push = (): void => {
        while (left > 0) {
          left -= block.length
          if (!socket.write(block)) return
        }
        socket.end()
      }
      socket.on('drain', push)
      socket.on('error', () => undefined)
      push()
    })
    const port = await freePort()
    const id = open({ kind: 'local', listen: here(port), target: here(await listenOn(source)) })
    await untilOpen(id)
    const socket = connect({ port, host: '127.0.0.1' })
    const hash = createHash('sha256')
    let received = 0
    let held = 0
    for await (const chunk of socket) {
      received += (chunk as Buffer).length
      hash.update(chunk as Buffer)
      // What the bridge holds for a reader that stands still is bounded by windows, not by what is sent.
      if (received > size / 2 && held === 0) {
        const { bytesDown } = await until(
          id,
          'the source is held back',
          ({ traffic }) => traffic.bytesDown > received,
        ).then(({ traffic }) => traffic)
        held = bytesDown - received
      }
    }
    const expected = createHash('sha256')
    for (let at = 0; at < size; at += block.length) expected.update(block)
    expect([received, hash.digest('hex')]).toEqual([size, expected.digest('hex')])
    expect(held).toBeLessThan(16 * 1024 * 1024)
    source.close()
  })

  it('keeps its port while the connection is cut, and what comes meanwhile waits for it', async () => {
    const port = await freePort()
    const id = open({ kind: 'local', listen: here(port) })
    await untilOpen(id)
    // One that was open is broken, and does not look as if it had ended.
    const broken = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    broken.write('half')
    await until(id, 'it is connected', ({ traffic }) => traffic.bytesUp === 4)
    const failure = new Promise<string>((done) =>
      broken.on('error', (error) => done((error as NodeJS.ErrnoException).code ?? '')),
    )
    cut()
    const meanwhile = exchange({ port, host: '127.0.0.1' }, bytes)
    expect(await failure).toBe('ECONNRESET')
    expect((await meanwhile).equals(bytes)).toBe(true)
    const state = await until(id, 'it is told', ({ lastError }) => lastError !== null)
    expect(state.listening).toEqual(here(port))
    expect(state.lastError?.message).toBe(
      'The connection to the workspace was lost while this tunnel was in use.',
    )
  })

  it('is there while the deployment is signed out, and works once it is signed in', async () => {
    isSignedIn = false
    const port = await freePort()
    const id = open({ kind: 'local', listen: here(port) })
    const waiting = await until(id, 'it waits', ({ listening }) => listening !== null)
    expect(waiting.connection).toEqual({ kind: 'waiting', reason: 'Opens when the deployment is signed in.' })
    const early = exchange({ port, host: '127.0.0.1' }, bytes)
    isSignedIn = true
    tunnels.deploymentChanged('local')
    expect((await early).equals(bytes)).toBe(true)
  })

  it('says who has its port, and takes it once it is free', async () => {
    const other = createServer()
    const port = await listenOn(other)
    const id = open({ kind: 'local', listen: here(port) })
    const { connection } = await until(id, 'it says so', ({ connection: told }) => told.kind === 'failed')
    expect(connection).toEqual({
      kind: 'failed',
      code: 'port_taken',
      reason: `Port ${String(port)} is in use by another part of Outpost. Switch that one off, or choose another port.`,
    })
    other.close()
    await once(other, 'close')
    tunnels.retry(id)
    expect((await untilOpen(id)).listening).toEqual(here(port))
  })

  it('takes another port only where any will do', async () => {
    const other = createServer()
    const port = await listenOn(other)
    const id = open({ kind: 'local', listen: here(port), anyPort: true })
    const { listening } = await untilOpen(id)
    expect(listening).not.toEqual(here(port))
    expect(
      await exchange({ port: (listening as { port: number }).port, host: '127.0.0.1' }, bytes),
    ).toHaveLength(bytes.length)
    other.close()
  })

  it('ends a connection to where nobody listens with a failure, in words', async () => {
    const port = await freePort()
    const id = open({ kind: 'local', listen: here(port), target: here(1) })
    await untilOpen(id)
    await expect(exchange({ port, host: '127.0.0.1' }, Buffer.alloc(0))).rejects.toThrow('ECONNRESET')
    const { lastError, traffic } = await until(id, 'it is told', ({ lastError: told }) => told !== null)
    expect([lastError?.message, traffic.errors]).toEqual([
      'Nothing answers at 127.0.0.1:1 in the workspace. Start the program that listens there.',
      1,
    ])
  })

  it('speaks HTTPS up to here where it has a certificate', async () => {
    const { cert, key } = createSelfSigned()
    const port = await freePort()
    const id = open({
      kind: 'local',
      listen: here(port),
      target: here(webPort),
      certificate: { chain: cert, key },
    })
    await untilOpen(id)
    const socket = connectTls({ port, host: '127.0.0.1', ca: cert, checkServerIdentity: () => undefined })
    socket.write('GET / HTTP/1.1\r\nHost: main--1.localhost\r\nConnection: close\r\n\r\n')
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toContain('you asked main--1.localhost')
    const plain = connect({ port, host: '127.0.0.1' })
    plain.end('GET / HTTP/1.1\r\n\r\n')
    plain.resume()
    await once(plain, 'close')
    const { lastError } = await until(id, 'it is told', ({ lastError: told }) => told !== null)
    expect(lastError?.message).toContain('did not speak HTTPS')
  })

  it('joins socket files, private ones, in the place of one that was left behind', async () => {
    await runProgram(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(`${folder}/here.sock`)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]).catch(() => undefined)
    const there = await startEcho({ path: join(folder, 'there.sock') })
    const path = join(folder, 'here.sock')
    const id = open({
      kind: 'local',
      listen: { kind: 'socket', path },
      target: { kind: 'socket', path: join(folder, 'there.sock') },
    })
    await untilOpen(id)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await exchange({ path }, bytes)).equals(bytes)).toBe(true)
    there.close()
    tunnels.close(id)
    await waitFor('it is removed', () => (existsSync(path) ? undefined : true))
  })

  it('never replaces a file that is no socket', async () => {
    const path = join(folder, 'notes.txt')
    writeFileSync(path, 'mine')
    const id = open({ kind: 'local', listen: { kind: 'socket', path } })
    const { connection } = await until(id, 'it says so', ({ connection: told }) => told.kind === 'failed')
    expect(connection).toMatchObject({
      code: 'port_taken',
      reason: expect.stringContaining('is a file') as string,
    })
  })
})

describe('a remote tunnel', () => {
  it('leads from the workspace to here, also after the connection was cut', async () => {
    const port = await freePort()
    const id = open({ kind: 'remote', listen: here(port) })
    await untilOpen(id)
    expect((await exchange({ port, host: '127.0.0.1' }, bytes)).equals(bytes)).toBe(true)
    cut()
    const again = await waitFor('it is back', () =>
      exchange({ port, host: '127.0.0.1' }, bytes).catch(() => undefined),
    )
    expect(again.equals(bytes)).toBe(true)
    tunnels.close(id)
    await waitFor('the workspace listens no more', async () =>
      exchange({ port, host: '127.0.0.1' }, bytes).then(
        () => undefined,
        () => true,
      ),
    )
  })

  it('listens on a socket file of the workspace', async () => {
    const id = open({ kind: 'remote', listen: { kind: 'socket', path: join(folder, 'from-here.sock') } })
    await untilOpen(id)
    expect((await exchange({ path: join(folder, 'from-here.sock') }, bytes)).equals(bytes)).toBe(true)
  })

  it('says that its port is taken in the workspace, and that nobody listens here', async () => {
    const taken = open({ kind: 'remote', listen: here(echo.port) })
    const { connection } = await until(taken, 'it says so', ({ connection: told }) => told.kind === 'failed')
    expect(connection).toMatchObject({ code: 'remote_refused' })
    const port = await freePort()
    const id = open({ kind: 'remote', listen: here(port), target: here(1) })
    await untilOpen(id)
    expect(await exchange({ port, host: '127.0.0.1' }, Buffer.alloc(0))).toHaveLength(0)
    const { lastError } = await until(id, 'it is told', ({ lastError: told }) => told !== null)
    expect(lastError?.message).toContain('Nothing answers at 127.0.0.1:1 on this computer.')
  })
})

describe('a dynamic tunnel', () => {
  const curl = async (port: number, ...args: readonly string[]): Promise<string> => {
    const { stdout } = await runProgram('curl', [
      '-sS',
      '--max-time',
      '30',
      '--noproxy',
      '',
      '--socks5-hostname',
      `127.0.0.1:${String(port)}`,
      ...args,
    ])
    return stdout
  }

  it('is a SOCKS5 proxy for curl, by address and by a name the workspace resolves', async () => {
    const port = await freePort()
    await untilOpen(open({ kind: 'dynamic', listen: here(port) }))
    expect(await curl(port, `http://127.0.0.1:${String(webPort)}/`)).toContain('you asked')
    expect(await curl(port, `http://localhost:${String(webPort)}/`)).toContain('you asked localhost')
    // 97: the proxy refused.
    await expect(curl(port, 'http://127.0.0.1:1/')).rejects.toMatchObject({ code: 97 })
  })

  it('lets go whoever speaks something else, and says so', async () => {
    const port = await freePort()
    const id = open({ kind: 'dynamic', listen: here(port) })
    await untilOpen(id)
    expect(await exchange({ port, host: '127.0.0.1' }, Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toHaveLength(0)
    expect(
      await exchange({ port, host: '127.0.0.1' }, Buffer.from([5, 1, 0, 5, 2, 0, 1, 1, 1, 1, 1, 0, 80])),
    ).toEqual(Buffer.from([5, 0, 5, 7, 0, 1, 0, 0, 0, 0, 0, 0]))
    const { traffic } = await until(id, 'both are counted', ({ traffic: told }) => told.errors === 2)
    expect(traffic).toMatchObject({ connections: 2, bytesUp: 0 })
  })
})

describe('tunnels of one workspace', () => {
  it('share a connection, wait while it is stopped without starting it, and have their ports after', async () => {
    const ports = await Promise.all([freePort(), freePort()])
    const ids = [
      open({ kind: 'local', listen: here(ports[0]) }),
      open({ kind: 'dynamic', listen: here(ports[1]) }),
    ]
    for (const id of ids) await untilOpen(id)
    expect(streams.size).toBe(1)
    await client.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspaceId },
      body: { transition: 'stop' },
    })
    for (const id of ids)
      await until(
        id,
        'it waits',
        ({ connection }) => connection.kind === 'waiting' && connection.reason.includes('runs'),
      )
    const { latest_build } = await getWorkspace(client, workspaceId)
    expect(latest_build.transition).toBe('stop')
    await client.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspaceId },
      body: { transition: 'start' },
    })
    await waitForAgent(client, workspaceId)
    for (const id of ids) tunnels.retry(id)
    for (const [at, id] of ids.entries())
      expect((await untilOpen(id)).listening).toEqual(here(ports[at] ?? 0))
    expect((await exchange({ port: ports[0], host: '127.0.0.1' }, bytes)).equals(bytes)).toBe(true)
  })
})

async function listenOn(one: Server): Promise<number> {
  one.listen(0, '127.0.0.1')
  await once(one, 'listening')
  return (one.address() as AddressInfo).port
}
