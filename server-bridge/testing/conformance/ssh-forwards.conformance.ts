import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, lstatSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange, freePort, startEcho as startEchoServer, type EchoServer } from '../echo-server.ts'
import { createOpenSshClient, patienceMs, type OpenSshClient } from '../open-ssh.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

const host = 'coder.main'

let server: TestServer
let ssh: OpenSshClient
let shared: readonly string[]
let folder: string
const echoes: EchoServer[] = []

async function startEcho(listen: Parameters<typeof startEchoServer>[0]): Promise<number> {
  const echo = await startEchoServer(listen)
  echoes.push(echo)
  return echo.port
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

/** Exactly so many bytes of what comes. */
async function readBytes(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(count) as Buffer | null
    if (bytes !== null) return bytes
    await once(socket, 'readable')
  }
}

const control = async (...args: readonly string[]): Promise<string> => {
  const result = await ssh.run('ssh', [...shared, ...args, host])
  if (result.code !== 0) throw new Error(`${args.join(' ')} failed: ${result.stderr}`)
  return result.stdout.toString().trim()
}

beforeAll(async () => {
  server = await startTestServer()
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  const client = server.client(token)
  await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
  folder = join(server.dataDir, 'workspaces', 'main')
  ssh = await createOpenSshClient({ url: server.url, token })
  shared = await ssh.share(host)
})
afterAll(async () => {
  for (const echo of echoes) echo.close()
  await ssh.close()
  await server.close()
})

const bytes = randomBytes(3 * 1024 * 1024)

describe('a forward to the workspace', () => {
  it('carries bytes and keeps the half that is still open', async () => {
    const target = await startEcho({ port: 0, host: '127.0.0.1' })
    const local = await freePort()
    await control('-O', 'forward', '-L', `${local}:127.0.0.1:${target}`)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => exchange({ port: local, host: '127.0.0.1' }, bytes)),
    )
    for (const answer of answers) expect(answer.equals(bytes)).toBe(true)
  })

  it('reaches a socket file', async () => {
    await startEcho({ path: join(folder, 'there.sock') })
    await control('-O', 'forward', '-L', `${ssh.folder}/here.sock:${folder}/there.sock`)
    expect((await exchange({ path: join(ssh.folder, 'here.sock') }, bytes)).equals(bytes)).toBe(true)
  })

  it('to a port where nobody listens ends at once', async () => {
    const local = await freePort()
    await control('-O', 'forward', '-L', `${local}:127.0.0.1:1`)
    expect(await exchange({ port: local, host: '127.0.0.1' }, Buffer.alloc(0))).toHaveLength(0)
  })

  it('works as a SOCKS proxy', async () => {
    const target = await startEcho({ port: 0, host: '127.0.0.1' })
    const local = await freePort()
    await control('-O', 'forward', '-D', String(local))
    // SOCKS5 without a password: greeting, then CONNECT to 127.0.0.1 (RFC 1928).
    const socket = connect({ port: local, host: '127.0.0.1', allowHalfOpen: true })
    socket.write(Buffer.from([5, 1, 0]))
    expect((await readBytes(socket, 2)).equals(Buffer.from([5, 0]))).toBe(true)
    socket.write(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, target >> 8, target & 0xff]))
    expect((await readBytes(socket, 10)).subarray(0, 2).equals(Buffer.from([5, 0]))).toBe(true)
    socket.end('hi')
    expect((await readBytes(socket, 2)).toString()).toBe('hi')
    socket.destroy()
  })
})

describe('a forward from the workspace', () => {
  it('tells the port it chose, on loopback alone', async () => {
    const target = await startEcho({ port: 0, host: '127.0.0.1' })
    const port = Number(await control('-O', 'forward', '-R', `0.0.0.0:0:127.0.0.1:${target}`))
    expect(port).toBeGreaterThan(0)
    expect((await exchange({ port, host: '127.0.0.1' }, bytes)).equals(bytes)).toBe(true)
    const listeners = await ssh.run('ssh', [...shared, host, 'cat /proc/net/tcp'])
    const line = listeners.stdout
      .toString()
      .split('\n')
      .find(
        (row) =>
          row.includes(' 0A ') && row.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} `),
      )
    expect(line).toContain('0100007F:')
  })

  it('is closed when it is cancelled', async () => {
    const target = await startEcho({ port: 0, host: '127.0.0.1' })
    const port = await freePort()
    await control('-O', 'forward', '-R', `${port}:127.0.0.1:${target}`)
    expect(await isOpen(port)).toBe(true)
    await control('-O', 'cancel', '-R', `${port}:127.0.0.1:${target}`)
    await waitFor(
      'nobody listens any more',
      async () => ((await isOpen(port)) ? undefined : true),
      patienceMs,
    )
  })

  it('from a socket file is private, replaces a stale one and spares everything else', async () => {
    const target = await startEcho({ port: 0, host: '127.0.0.1' })
    const path = join(folder, 'back.sock')
    // What a process that was killed leaves behind.
    await ssh.run('ssh', [
      ...shared,
      host,
      `node -e "require('net').createServer().listen('${path}', () => process.kill(process.pid, 'SIGKILL'))"`,
    ])
    expect(lstatSync(path).isSocket()).toBe(true)
    await control('-O', 'forward', '-R', `${path}:127.0.0.1:${target}`)
    expect(lstatSync(path).mode & 0o077).toBe(0)
    expect((await exchange({ path }, bytes)).equals(bytes)).toBe(true)
    writeFileSync(join(folder, 'precious'), 'kept')
    await expect(
      control('-O', 'forward', '-R', `${join(folder, 'precious')}:127.0.0.1:${target}`),
    ).rejects.toThrow()
    expect(existsSync(join(folder, 'precious'))).toBe(true)
  })

  it('ends with its connection', async () => {
    const target = await startEcho({ port: 0, host: '127.0.0.1' })
    const port = await freePort()
    const child = ssh.start('ssh', ['-N', '-R', `${port}:127.0.0.1:${target}`, host])
    await waitFor('the port is open', async () => ((await isOpen(port)) ? true : undefined), patienceMs)
    child.kill('SIGKILL')
    await waitFor('the port is closed', async () => ((await isOpen(port)) ? undefined : true), patienceMs)
  })
})
