/** Tunnels of the bridge against OpenSSH's own server, over the way by a command line. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenTunnel, TunnelEnd, TunnelState } from '../../contract/tunnels.ts'
import { systemClock, type Clock } from '../../lib/clock.ts'
import { exchange, freePort, startEcho, type EchoServer } from '../echo-server.ts'
import { startFilesWorkspace, type FilesWorkspace } from '../files-workspace.ts'
import { patienceMs } from '../open-ssh.ts'
import { waitFor } from '../wait-for.ts'

const runProgram = promisify(execFile)
const host = '127.0.0.1'
const here = (port: number): TunnelEnd => ({ kind: 'tcp', host, port })
const socket = (path: string): TunnelEnd => ({ kind: 'socket', path })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
/** Reports come sooner; what bounds a wait stays. */
const hurried: Clock = {
  ...systemClock,
  after: (delayMs, run) => systemClock.after(delayMs > 1000 ? delayMs : delayMs / 20, run),
}
const bytes = randomBytes(4 * 1024 * 1024)

describe.runIf(process.platform === 'linux')('through OpenSSH’s own server', () => {
  let workspace: FilesWorkspace
  let local: string
  let echo: EchoServer

  beforeAll(async () => {
    workspace = await startFilesWorkspace({ server: 'open-sshd', clock: hurried })
    local = mkdtempSync(join(tmpdir(), 'outpost-local-'))
    echo = await startEcho({ port: 0, host })
  })
  afterAll(async () => {
    echo.close()
    await workspace.close()
    rmSync(local, { recursive: true })
  })

  const stateOf = (tunnelId: string): TunnelState | undefined =>
    workspace.toldMain
      .filter((told): told is TunnelState => told.type === 'tunnel-state')
      .findLast((told) => told.tunnelId === tunnelId)
  const until = (tunnelId: string, what: string, check: (state: TunnelState) => boolean) =>
    waitFor(
      what,
      () => {
        const state = stateOf(tunnelId)
        return state !== undefined && check(state) ? state : undefined
      },
      patienceMs,
    )
  const ask = (change: Pick<OpenTunnel, 'kind' | 'listen'> & Partial<OpenTunnel>): string => {
    const tunnelId = randomUUID()
    const target = change.kind === 'dynamic' ? null : here(echo.port)
    const rest = { agentName: null, anyPort: false, target, certificate: null, ...change }
    workspace.say({ type: 'open-tunnel', tunnelId, ...workspace.place, ...rest })
    return tunnelId
  }
  const open = async (change: Parameters<typeof ask>[0]): Promise<string> => {
    const tunnelId = ask(change)
    await until(tunnelId, 'it is open', ({ connection }) => connection.kind === 'open')
    return tunnelId
  }

  it('a local tunnel carries 200 connections at a time, each with its own bytes', async () => {
    const port = await freePort()
    await open({ kind: 'local', listen: here(port) })
    const sent = Array.from({ length: 200 }, (_, at) =>
      Buffer.concat([Buffer.from(`${String(at)}:`), randomBytes(30_000)]),
    )
    const got = await Promise.all(sent.map((one) => exchange({ port, host }, one)))
    expect(got.map(sha256)).toEqual(sent.map(sha256))
  })

  it('a local tunnel joins socket files', async () => {
    const there = join(workspace.home, 'there.sock')
    const answering = await startEcho({ path: there })
    // Of the workspace's user, who may be another one than whoever runs the tests.
    chmodSync(there, 0o777)
    const path = join(local, 'here.sock')
    await open({ kind: 'local', listen: socket(path), target: socket(there) })
    expect((await exchange({ path }, bytes)).equals(bytes)).toBe(true)
    answering.close()
  })

  it('a local tunnel says in words that nobody listens', async () => {
    for (const target of [here(1), socket(join(workspace.home, 'none.sock'))]) {
      const port = await freePort()
      const id = await open({ kind: 'local', listen: here(port), target })
      await expect(exchange({ port, host }, Buffer.alloc(0))).rejects.toThrow('ECONNRESET')
      const { lastError } = await until(id, 'it is told', ({ lastError: told }) => told !== null)
      expect(lastError?.message).toMatch(/^Nothing answers at .* in the workspace\./)
    }
  })

  it('a remote tunnel leads from a port of the workspace to here, and ends there', async () => {
    const port = await freePort()
    const id = await open({ kind: 'remote', listen: here(port) })
    expect((await exchange({ port, host }, bytes)).equals(bytes)).toBe(true)
    workspace.say({ type: 'close-tunnel', tunnelId: id })
    await waitFor('the workspace listens no more', () =>
      exchange({ port, host }, bytes).then(
        () => undefined,
        () => true,
      ),
    )
  })

  it('a remote tunnel leads from a socket file of the workspace', async () => {
    const path = join(workspace.home, 'from-here.sock')
    await open({ kind: 'remote', listen: socket(path) })
    expect((await exchange({ path }, bytes)).equals(bytes)).toBe(true)
  })

  it('a remote tunnel says that its port is taken', async () => {
    const id = ask({ kind: 'remote', listen: here(echo.port) })
    const { connection } = await until(id, 'it says so', ({ connection: told }) => told.kind === 'failed')
    expect(connection).toMatchObject({ code: 'remote_refused' })
  })

  it('a dynamic tunnel is a SOCKS5 proxy, by address and by a name the workspace resolves', async () => {
    const web = createServer((request, response) => response.end(`you asked ${String(request.headers.host)}`))
    web.listen(0, host)
    await once(web, 'listening')
    const webPort = (web.address() as AddressInfo).port
    const port = await freePort()
    await open({ kind: 'dynamic', listen: here(port) })
    const curl = async (url: string): Promise<string> => {
      const proxy = ['--noproxy', '', '--socks5-hostname', `${host}:${String(port)}`]
      return (await runProgram('curl', ['-sS', '--max-time', '30', ...proxy, url])).stdout
    }
    expect(await curl(`http://${host}:${String(webPort)}/`)).toContain('you asked')
    expect(await curl(`http://localhost:${String(webPort)}/`)).toContain('you asked localhost')
    // 97: the proxy refused.
    await expect(curl(`http://${host}:1/`)).rejects.toMatchObject({ code: 97 })
    web.closeAllConnections()
    web.close()
  })

  it('tunnels of both kinds work again after the daemon was killed', async () => {
    const [there, back] = await Promise.all([freePort(), freePort()])
    await open({ kind: 'local', listen: here(there) })
    await open({ kind: 'remote', listen: here(back) })
    workspace.cut()
    for (const port of [there, back]) {
      const answer = await waitFor(
        'it carries again',
        () =>
          exchange({ port, host }, bytes).then(
            (got) => (got.length > 0 ? got : undefined),
            () => undefined,
          ),
        patienceMs,
      )
      expect(answer.equals(bytes)).toBe(true)
    }
  })
})
