import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { openWebSocketTransport } from '../../transport/websocket.ts'
import { startSocksServer } from '../../testing/socks-server.ts'
import {
  ask,
  authority,
  clientOver,
  deploymentHost,
  serverPair,
  token,
  useNetworks,
} from '../../testing/tested-network.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { sampleId } from '../../testing/wire-samples.ts'

const { certificateFiles, clientTo, echo, ends, networkTo, proxyTo, serve } = useNetworks()

describe('a deployment behind a proxy and a client certificate', () => {
  const credentials = { username: 'ada', password: 'p:ä ss' }

  async function arrange() {
    const tls = { ...serverPair, ca: authority.cert, requestCert: true }
    const server = await serve({ tls })
    const proxy = await proxyTo({ [deploymentHost]: server.port }, { credentials })
    const url = `https://${deploymentHost}`
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
      expect(request.headers.host).toBe(deploymentHost)
      expect(request.headers['proxy-authorization']).toBeUndefined()
      expect(request.socket).toMatchObject({ authorized: true })
    }
    expect(new Set(proxy.passed)).toEqual(new Set([`CONNECT ${deploymentHost}:443`]))
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
    const proxy = await proxyTo({ [deploymentHost]: server.port }, { credentials })
    const url = `http://${deploymentHost}:8080`
    const proxyCredentials = { host: '127.0.0.1', port: proxy.port, ...credentials }
    const client = clientTo(url, { proxies: [proxy.server], proxyCredentials })
    await ask(client)
    expect(await echo(client)).toBe('hello')
    expect(proxy.passed).toEqual([`GET ${url}/api/v2/buildinfo`, `CONNECT ${deploymentHost}:8080`])
    expect(server.requests[0]?.headers.host).toBe(`${deploymentHost}:8080`)
    await expect(ask(clientTo(url, { proxies: [proxy.server] }))).rejects.toThrow(/asks for a user name/)
  })

  it('reaches a proxy by TLS, without showing it the client certificate', async () => {
    const server = await serve()
    const proxy = await proxyTo({ [deploymentHost]: server.port }, { tls: authority.issue('127.0.0.1') })
    const files = await certificateFiles()
    const client = clientTo(`http://${deploymentHost}`, { ...files, proxies: [proxy.server] })
    expect((await ask(client)).version).toBe('v2.31.0')
    expect(proxy.passed).toHaveLength(1)
  })

  it('goes through SOCKS 5, with and without a password, and leaves names to the proxy', async () => {
    const server = await serve()
    const ports = {
      [deploymentHost]: server.port,
      '10.1.2.3': server.port,
      fd000000000000000000000000000001: server.port,
    }
    const credentials = { username: 'ada', password: 'geheim' }
    const open = await startSocksServer({ ports })
    const guarded = await startSocksServer({ ports, credentials })
    ends.push(open.close, guarded.close)
    const way = (port: number) => [{ scheme: 'socks5', host: '127.0.0.1', port } as const]
    for (const host of [deploymentHost, '10.1.2.3', '[fd00::1]'])
      await ask(clientTo(`http://${host}:3000`, { proxies: way(open.port) }))
    expect(open.passed).toEqual([
      `${deploymentHost}:3000`,
      '10.1.2.3:3000',
      'fd000000000000000000000000000001:3000',
    ])
    const url = `http://${deploymentHost}`
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
