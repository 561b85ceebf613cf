import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildInfoRoutes } from '../../contract/build-info.ts'
import type { NetworkOptions } from '../../contract/deployment-network.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { openWebSocketTransport } from '../../transport/websocket.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { startHttpProxy, type HttpProxyOptions } from '../../testing/http-proxy.ts'
import { makeTestFolder, networkOptions, type TestFolder } from '../../testing/network-options.ts'
import { createSelfSigned } from '../../testing/self-signed.ts'
import { startSocksServer } from '../../testing/socks-server.ts'
import { sendJson, startStubServer, type StubServerOptions } from '../../testing/stub-server.ts'
import { createTestAuthority } from '../../testing/test-authority.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { sampleId } from '../../testing/wire-samples.ts'
import { createCoderClient, type CoderClient } from '../coder-client.ts'
import { createReconnectingSocket } from '../reconnecting-socket.ts'
import { createNetwork, type Network } from './network.ts'

const token = 'abcdefghij-abcdefghijklmnopqrstuv'
const name = 'coder.example.test'
const environment = { PATH: '/usr/bin:/bin' }
const buildInfo = {
  version: 'v2.31.0',
  external_url: 'https://github.com/coder/coder',
  dashboard_url: 'https://coder.example.test',
  telemetry: false,
  workspace_proxy: false,
  agent_api_version: '1.0',
  provisioner_api_version: '1.0',
  upgrade_message: '',
  deployment_id: sampleId,
}

let folder: TestFolder
const ends: (() => unknown)[] = []
beforeEach(async () => {
  folder = await makeTestFolder()
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  await folder.remove()
})

async function serve(options: StubServerOptions = {}) {
  const server = await startStubServer({
    onRequest: (_request, response) => {
      sendJson(response, 200, buildInfo)
    },
    onSocket: (socket) => {
      socket.on('message', (data: Buffer) => {
        socket.send(data)
      })
    },
    ...options,
  })
  ends.push(server.close)
  return { ...server, port: Number(new URL(server.url).port) }
}

async function proxyTo(ports: Record<string, number>, options: Partial<HttpProxyOptions> = {}) {
  const proxy = await startHttpProxy({ ports, ...options })
  ends.push(proxy.close)
  const server = { scheme: options.tls === undefined ? 'http' : 'https', host: '127.0.0.1', port: proxy.port }
  return { ...proxy, server: server as NetworkOptions['proxies'][number] }
}

function networkTo(url: string, set: Partial<NetworkOptions>, clock?: ReturnType<typeof createFakeClock>) {
  const network = createNetwork(networkOptions(set), {
    url,
    environment,
    ...(clock === undefined ? {} : { clock }),
  })
  ends.push(() => {
    network.retire()
  })
  return network
}

const clientOver = (url: string, network: Network): CoderClient =>
  createCoderClient({ baseUrl: url, token, network, retries: 0 })
const ask = (client: CoderClient) => client.call(buildInfoRoutes.get, {})
const clientTo = (url: string, set: Partial<NetworkOptions>) => clientOver(url, networkTo(url, set))

const authority = createTestAuthority()
const serverPair = authority.issue(name, { isNameOnly: true })
const clientPair = authority.issue('me')

/** What an organization hands out, written to files. */
async function certificateFiles() {
  return {
    caFile: await folder.write('ca.pem', authority.cert),
    certFile: await folder.write('me.pem', clientPair.cert),
    keyFile: await folder.write('me.key', clientPair.key),
  }
}

async function echo(client: CoderClient): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createReconnectingSocket({
      clock: createFakeClock(),
      target: () => client.socket(workspacesRoutes.watchWs, { params: { workspace: sampleId } }),
      onMessage: (data) => {
        resolve(data.toString())
      },
      onState: (state) => {
        if (state.name === 'open') socket.send('hello')
        if (state.name === 'failed' || state.name === 'waiting') reject(new Error(state.reason))
      },
    })
    ends.push(socket.close)
    socket.start()
  })
}

describe('a deployment behind a proxy and a client certificate', () => {
  const credentials = { username: 'ada', password: 'p:ä ss' }

  async function arrange() {
    const tls = { ...serverPair, ca: authority.cert, requestCert: true }
    const server = await serve({ tls })
    const proxy = await proxyTo({ [name]: server.port }, { credentials })
    const url = `https://${name}`
    const set = {
      ...(await certificateFiles()),
      headerCommand: 'echo "X-Gate=open to $CODER_URL"',
      proxies: [proxy.server],
      proxyCredentials: { host: '127.0.0.1', port: proxy.port, ...credentials },
    }
    return { server, proxy, url, set }
  }

  it('is reached by REST, WebSocket, event stream and the way into workspaces, on the same settings', async () => {
    const { server, proxy, url, set } = await arrange()
    const network = networkTo(url, set)
    const client = clientOver(url, network)
    expect((await ask(client)).version).toBe('v2.31.0')
    expect(await echo(client)).toBe('hello')
    const input = { params: { workspace: sampleId } }
    const stream = await client.stream(workspacesRoutes.watch, input, new AbortController().signal)
    await stream.body?.cancel()
    const duplex = await openWebSocketTransport({
      baseUrl: url,
      agentId: sampleId,
      token: () => token,
      network,
    })
    ends.push(() => duplex.destroy())

    expect(server.requests).toHaveLength(4)
    for (const request of server.requests) {
      expect(request.headers['x-gate']).toBe(`open to ${url}`)
      expect(request.headers.host).toBe(name)
      expect(request.headers['proxy-authorization']).toBeUndefined()
      expect(request.socket).toMatchObject({ authorized: true })
    }
    expect(new Set(proxy.passed)).toEqual(new Set([`CONNECT ${name}:443`]))
    expect(JSON.stringify(proxy.requests.map(({ headers }) => headers))).not.toContain(token)
  })

  it('keeps one connection for calls, and lets go of it when the network is set anew', async () => {
    const { proxy, url, set } = await arrange()
    const network = networkTo(url, set)
    const client = clientOver(url, network)
    await ask(client)
    await ask(client)
    expect(proxy.passed).toHaveLength(1)
    expect(proxy.tunnels.size).toBe(1)
    network.retire()
    await waitFor('the idle connection is gone', () => (proxy.tunnels.size === 0 ? true : undefined))
  })

  it('says in words what the proxy does not accept', async () => {
    const { proxy, url, set } = await arrange()
    await expect(ask(clientTo(url, { ...set, proxyCredentials: null }))).rejects.toMatchObject({
      code: 'proxy',
      message: `The proxy 127.0.0.1:${String(proxy.port)} asks for a user name and a password. Enter them in the network settings of the deployment.`,
    })
    const wrong = { ...set.proxyCredentials, password: 'seeded-wrong' }
    const refused = ask(clientTo(url, { ...set, proxyCredentials: wrong }))
    await expect(refused).rejects.toThrow(/does not accept the user name and password/)
    await expect(refused).rejects.not.toThrow(/seeded-wrong/)
    // The credentials are those of another proxy, so this one gets none.
    const other = { ...set.proxyCredentials, host: 'proxy.example.com' }
    await expect(ask(clientTo(url, { ...set, proxyCredentials: other }))).rejects.toThrow(
      /asks for a user name/,
    )
    await expect(ask(clientTo('https://elsewhere.test', set))).rejects.toThrow(
      /forbidden there \(status 403\)/,
    )
    const negotiating = await proxyTo({}, { credentials, offers: 'Negotiate' })
    await expect(ask(clientTo(url, { ...set, proxies: [negotiating.server] }))).rejects.toThrow(
      /\(Negotiate\)/,
    )
  })
})

describe('the ways out', () => {
  const closedPort = async (): Promise<number> => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    return port
  }

  it('takes the next one when a proxy is away, and says which when all are', async () => {
    const server = await serve()
    const away = { scheme: 'http', host: '127.0.0.1', port: await closedPort() } as const
    const url = server.url
    expect((await ask(clientTo(url, { proxies: [away, { scheme: 'direct' }] }))).version).toBe('v2.31.0')
    await expect(ask(clientTo(url, { proxies: [away] }))).rejects.toThrow(
      new RegExp(`The proxy 127.0.0.1:${String(away.port)} cannot be used: nothing listens there`),
    )
    await expect(ask(clientTo(url, { proxies: [] }))).rejects.toThrow(/name no way/)
  })

  it('gives plain requests to an HTTP proxy as a whole address, and sockets through a tunnel', async () => {
    const server = await serve()
    const credentials = { username: 'ada', password: 'x' }
    const proxy = await proxyTo({ [name]: server.port }, { credentials })
    const url = `http://${name}:8080`
    const proxyCredentials = { host: '127.0.0.1', port: proxy.port, ...credentials }
    const client = clientTo(url, { proxies: [proxy.server], proxyCredentials })
    await ask(client)
    expect(await echo(client)).toBe('hello')
    expect(proxy.passed).toEqual([`GET ${url}/api/v2/buildinfo`, `CONNECT ${name}:8080`])
    expect(server.requests[0]?.headers.host).toBe(`${name}:8080`)
    await expect(ask(clientTo(url, { proxies: [proxy.server] }))).rejects.toThrow(/asks for a user name/)
  })

  it('reaches a proxy by TLS, without showing it the client certificate', async () => {
    const server = await serve()
    const proxy = await proxyTo({ [name]: server.port }, { tls: authority.issue('127.0.0.1') })
    const files = await certificateFiles()
    const client = clientTo(`http://${name}`, { ...files, proxies: [proxy.server] })
    expect((await ask(client)).version).toBe('v2.31.0')
    expect(proxy.passed).toHaveLength(1)
  })

  it('goes through SOCKS 5, with and without a password, and leaves names to the proxy', async () => {
    const server = await serve()
    const ports = {
      [name]: server.port,
      '10.1.2.3': server.port,
      fd000000000000000000000000000001: server.port,
    }
    const credentials = { username: 'ada', password: 'geheim' }
    const open = await startSocksServer({ ports })
    const guarded = await startSocksServer({ ports, credentials })
    ends.push(open.close, guarded.close)
    const way = (port: number) => [{ scheme: 'socks5', host: '127.0.0.1', port } as const]
    for (const host of [name, '10.1.2.3', '[fd00::1]'])
      await ask(clientTo(`http://${host}:3000`, { proxies: way(open.port) }))
    expect(open.passed).toEqual([`${name}:3000`, '10.1.2.3:3000', 'fd000000000000000000000000000001:3000'])
    const url = `http://${name}`
    const proxies = way(guarded.port)
    const known = { host: '127.0.0.1', port: guarded.port, ...credentials }
    expect(await echo(clientTo(url, { proxies, proxyCredentials: known }))).toBe('hello')
    await expect(ask(clientTo(url, { proxies }))).rejects.toThrow(/asks for a user name/)
    const wrong = { ...known, password: 'x' }
    await expect(ask(clientTo(url, { proxies, proxyCredentials: wrong }))).rejects.toThrow(/does not accept/)
    await expect(ask(clientTo('http://elsewhere.test', { proxies: way(open.port) }))).rejects.toThrow(
      /cannot reach that host/,
    )
    await expect(ask(clientTo(url, { proxies: way(server.port) }))).rejects.toThrow(
      /as a SOCKS 5 proxy|was lost/,
    )
  })
})

describe('TLS failures in words', () => {
  const failureOf = async (url: string, set: Partial<NetworkOptions>): Promise<string> =>
    ask(clientTo(url, set)).then(
      () => 'it worked',
      (error: unknown) => (error as Error).message,
    )
  const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000)
  const dayOf = (date: Date) => date.toISOString().slice(0, 10)

  it('names the authority, the date, the names or the self-signed certificate', async () => {
    const caFile = await folder.write('ca.pem', authority.cert)
    const unknown = await serve({ tls: authority.issue('127.0.0.1') })
    expect(await failureOf(unknown.url, {})).toMatch(
      /is signed by "Example Authority", which this computer does not know.*choose its CA file/,
    )
    expect(await failureOf(unknown.url, { caFile })).toBe('it worked')

    const past = { notBefore: daysFromNow(-20), notAfter: daysFromNow(-10) }
    const expired = await serve({ tls: authority.issue('127.0.0.1', past) })
    expect(await failureOf(expired.url, { caFile })).toContain(`has expired on ${dayOf(past.notAfter)}`)

    const future = { notBefore: daysFromNow(10), notAfter: daysFromNow(20) }
    const early = await serve({ tls: authority.issue('127.0.0.1', future) })
    expect(await failureOf(early.url, { caFile })).toContain(
      `is not valid yet before ${dayOf(future.notBefore)}. Check the clock`,
    )

    const other = await serve({ tls: serverPair })
    expect(await failureOf(other.url, { caFile })).toMatch(
      /is not for 127\.0\.0\.1, but for coder\.example\.test\..*enter one of its names as the server name/,
    )
    expect(await failureOf(other.url, { caFile, serverName: name })).toBe('it worked')

    const selfSigned = await serve({ tls: createSelfSigned({ host: '127.0.0.1' }) })
    expect(await failureOf(selfSigned.url, { caFile })).toMatch(/is self-signed/)

    const plain = await serve()
    expect(await failureOf(plain.url.replace('http:', 'https:'), {})).toMatch(/does not answer with TLS/)
  })

  it('says what is wrong with a file, and nothing of what is in it', async () => {
    const { caFile, certFile, keyFile } = await certificateFiles()
    const url = 'https://127.0.0.1:1'
    const missing = folder.path('none.pem')
    expect(await failureOf(url, { caFile: missing })).toBe(
      `The CA file ${missing} cannot be read: there is no such file.`,
    )
    expect(await failureOf(url, { caFile: keyFile })).toMatch(/holds no certificate in PEM form/)
    expect(await failureOf(url, { caFile, certFile })).toMatch(/Choose the file of the key as well/)
    const otherKey = await folder.write('other.key', authority.issue('you').key)
    expect(await failureOf(url, { certFile, keyFile: otherKey })).toMatch(/does not belong to the client/)
    const locked = await folder.write(
      'locked.key',
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VlZGVk\n-----END ENCRYPTED PRIVATE KEY-----\n',
    )
    expect(await failureOf(url, { certFile, keyFile: locked })).toMatch(/locked with a passphrase/)
  })

  /** OpenSSL's own server, since Node's answers no alert. */
  async function openSslServer(): Promise<string> {
    const files = await certificateFiles()
    const cert = await folder.write('server.pem', authority.issue('127.0.0.1').cert)
    const pair = authority.issue('127.0.0.1')
    await folder.write('server.pem', pair.cert)
    const key = await folder.write('server.key', pair.key)
    const child = spawn(
      'openssl',
      // prettier-ignore
      ['s_server', '-accept', '127.0.0.1:0', '-cert', cert, '-key', key, '-CAfile', files.caFile,
        '-Verify', '1', '-verify_return_error', '-www'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    ends.push(
      () =>
        new Promise((resolve) => {
          child.once('close', resolve)
          child.kill()
        }),
    )
    let said = ''
    return new Promise((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        const port = /^ACCEPT 127\.0\.0\.1:(\d+)/m.exec(said)?.[1]
        if (port !== undefined) resolve(`https://127.0.0.1:${port}`)
      })
    })
  }

  it('tells a client certificate that is wanted from one that is refused', async () => {
    const url = await openSslServer()
    const { caFile, certFile, keyFile } = await certificateFiles()
    expect(await failureOf(url, { caFile })).toMatch(/wants a client certificate\. Choose the files/)
    const stranger = createTestAuthority('Somebody else').issue('me')
    const strange = {
      caFile,
      certFile: await folder.write('strange.pem', stranger.cert),
      keyFile: await folder.write('strange.key', stranger.key),
    }
    expect(await failureOf(url, strange)).toMatch(/does not know the authority that signed/)
    // It is no Coder server, but it is one that lets us in.
    expect(await failureOf(url, { caFile, certFile, keyFile })).toMatch(/answers with a web page/)
  })
})

describe('the command that renews the client certificate', () => {
  async function arrange(command: (fresh: string) => string) {
    const server = await serve({
      tls: { ...authority.issue('127.0.0.1'), ca: authority.cert, requestCert: true },
    })
    const { caFile, certFile, keyFile } = await certificateFiles()
    const expired = authority.issue('me', {
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    })
    await folder.write('me.pem', expired.cert)
    await folder.write('me.key', expired.key)
    await folder.write('fresh.pem', clientPair.cert)
    await folder.write('fresh.key', clientPair.key)
    const copy = `cd '${folder.path('')}' && echo ran >> runs && cp fresh.pem me.pem && cp fresh.key me.key`
    const set = { caFile, certFile, keyFile, refreshCommand: command(copy) }
    const runs = () =>
      readFile(folder.path('runs'), 'utf8').then(
        (text) => text.split('\n').length - 1,
        () => 0,
      )
    return { server, set, runs }
  }

  it('runs once when it has expired, and the request goes on with the new one', async () => {
    const { server, set, runs } = await arrange((copy) => copy)
    const client = clientTo(server.url, set)
    expect(await Promise.all([ask(client), ask(client)])).toHaveLength(2)
    await ask(client)
    expect(await runs()).toBe(1)
    expect(server.requests[0]?.socket).toMatchObject({ authorized: true })
  })

  it('runs once and not again when it does not help, and says so', async () => {
    const { server, set, runs } = await arrange((copy) => copy.replace(/&& cp .*/, ''))
    const client = clientTo(server.url, set)
    await expect(ask(client)).rejects.toThrow(/has expired on 2021-01-01\. Renew it/)
    await expect(ask(client)).rejects.toThrow(/has expired on 2021-01-01/)
    expect(await runs()).toBe(1)
  })

  it('tells why it failed', async () => {
    const { server, set } = await arrange(() => 'echo "vault is sealed" >&2; exit 4')
    await expect(ask(clientTo(server.url, set))).rejects.toMatchObject({
      code: 'command',
      message: 'The command that renews the client certificate ended with status 4: vault is sealed',
    })
  })
})

describe('the header command', () => {
  it('is asked again when something on the way refuses what it said, once, and by Coder itself never', async () => {
    let isCoders = false
    const server = await serve({
      onRequest: (request, response) => {
        if (request.headers['x-run'] === '2') sendJson(response, 200, buildInfo)
        else if (isCoders) sendJson(response, 403, { message: 'No entry.' })
        else response.writeHead(403).end('No entry.')
      },
    })
    const headerCommand = `cd '${folder.path('')}' && echo >> runs && echo "X-Run=$(wc -l < runs | tr -d ' ')"`
    const client = clientTo(server.url, { headerCommand })
    expect((await ask(client)).version).toBe('v2.31.0')
    expect(server.requests.map(({ headers }) => headers['x-run'])).toEqual(['1', '2'])
    await folder.write('runs', '')
    isCoders = true
    await expect(ask(clientTo(server.url, { headerCommand }))).rejects.toMatchObject({ code: 'forbidden' })
    expect(server.requests).toHaveLength(3)
  })

  it('renews for a socket as well', async () => {
    const server = await serve({
      refuse: (request) => (request.headers['x-run'] === '2' ? undefined : { status: 401 }),
    })
    const headerCommand = `cd '${folder.path('')}' && echo >> runs && echo "X-Run=$(wc -l < runs | tr -d ' ')"`
    const clock = createFakeClock()
    const client = clientTo(server.url, { headerCommand })
    const opened = new Promise<void>((resolve, reject) => {
      const socket = createReconnectingSocket({
        clock,
        target: () => client.socket(workspacesRoutes.watchWs, { params: { workspace: sampleId } }),
        onMessage: () => undefined,
        onState: (state) => {
          if (state.name === 'waiting') socket.retryNow()
          if (state.name === 'open') resolve()
          if (state.name === 'failed') reject(new Error(state.reason))
        },
      })
      ends.push(socket.close)
      socket.start()
    })
    await opened
    expect(server.requests).toHaveLength(2)
  })

  it('reaches the deployment alone: not where it redirects to, and not another address', async () => {
    const elsewhere = await serve()
    const server = await serve({
      onRequest: (request, response) => {
        const to = request.url === '/api/v2/buildinfo' ? '/moved' : `${elsewhere.url}/caught`
        response.writeHead(302, { Location: to }).end()
      },
      refuse: () => ({ status: 302, headers: `Location: ${elsewhere.url}/socket` }),
    })
    const network = networkTo(server.url, { headerCommand: 'echo X-Gate=seeded-secret' })
    const client = clientOver(server.url, network)
    await expect(ask(client)).rejects.toMatchObject({ code: 'redirected', redirectedTo: elsewhere.url })
    await expect(echo(client)).rejects.toThrow(/redirects to/)
    await expect(network.fetch(`${server.url}/x`, { redirect: 'error' })).rejects.toMatchObject({
      code: 'redirected',
    })
    await expect(network.fetch(`${elsewhere.url}/x`)).rejects.toMatchObject({ code: 'redirected' })
    await expect(network.prepare(`${elsewhere.url.replace('http', 'ws')}/x`)).rejects.toMatchObject({
      code: 'redirected',
    })
    expect(server.requests.map(({ headers }) => headers['x-gate'])).toEqual(Array(4).fill('seeded-secret'))
    expect(elsewhere.requests).toEqual([])
  })

  it('cannot replace the token, and a cookie is never sent back', async () => {
    const server = await serve({
      onRequest: (_request, response) => {
        response.setHeader('Set-Cookie', 'coder_session_token=stale; Path=/')
        sendJson(response, 200, { id: sampleId })
      },
    })
    const network = networkTo(server.url, { headerCommand: 'printf "coder-session-token=mine\\nX-A=1=2\\n"' })
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await network.fetch(`${server.url}/x`, { headers: { 'Coder-Session-Token': token } })
      expect(answer.headers.has('set-cookie')).toBe(false)
      await answer.text()
    }
    for (const { headers } of server.requests) {
      expect(headers['coder-session-token']).toBe(token)
      expect(headers['x-a']).toBe('1=2')
      expect(headers.cookie).toBeUndefined()
    }
  })

  it.each([
    ['exit 3', 'The header command ended with status 3 and said nothing. Change it'],
    [
      'echo "token=seeded-secret expired" >&2; false',
      'ended with status 1: token=[redacted] expired. Change it',
    ],
    ['echo seeded-secret', 'printed something else than name=value in line 1.'],
    ['printf "X-A=1\\n=seeded-secret\\n"', 'in line 2.'],
    ['echo "Bad Name=1"', 'in line 1.'],
    ['printf "X-A=a\\033[0m"', 'printed a value in line 1 that no header can carry.'],
    ['echo Host=evil.example', 'printed Host, which is not its to set.'],
  ])('that says %j is told about', async (headerCommand, words) => {
    const server = await serve()
    const failed = ask(clientTo(server.url, { headerCommand }))
    await expect(failed).rejects.toMatchObject({
      code: 'command',
      message: expect.stringContaining(words) as string,
    })
    await expect(failed).rejects.not.toThrow(/seeded-secret/)
    expect(server.requests).toEqual([])
  })

  it('is kept for minutes, given up after half a minute, and ended with all it started', async () => {
    const server = await serve()
    const clock = createFakeClock()
    const headerCommand = `cd '${folder.path('')}' && echo >> runs && echo "X-Run=$(wc -l < runs | tr -d ' ')"`
    const client = clientOver(server.url, networkTo(server.url, { headerCommand }, clock))
    await ask(client)
    await ask(client)
    clock.advance(5 * 60_000)
    await ask(client)
    expect(server.requests.map(({ headers }) => headers['x-run'])).toEqual(['1', '1', '2'])

    const pidFile = folder.path('pid')
    const hanging = networkTo(
      server.url,
      { headerCommand: `sleep 1000 & echo $! > '${pidFile}'; wait` },
      clock,
    )
    const failed = ask(clientOver(server.url, hanging))
    const pid = await waitFor('the command runs', () =>
      readFile(pidFile, 'utf8').then(
        (text) => (text.endsWith('\n') ? Number(text) : undefined),
        () => undefined,
      ),
    )
    clock.advance(30_000)
    await expect(failed).rejects.toThrow(/did not end within 30 s/)
    await waitFor('what it started has ended', () => (isRunning(pid) ? undefined : true))
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
