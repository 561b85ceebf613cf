/** Deployments, proxies and certificates, and the networks that lead to them. */
import { afterEach, beforeEach } from 'vitest'
import { createCoderClient, type CoderClient } from '../client/coder-client.ts'
import { createNetwork, type Network } from '../client/network/network.ts'
import { createReconnectingSocket } from '../client/reconnecting-socket.ts'
import { buildInfoRoutes } from '../contract/build-info.ts'
import type { NetworkOptions } from '../contract/deployment-network.ts'
import { workspacesRoutes } from '../contract/workspaces.ts'
import { createFakeClock } from './fake-clock.ts'
import { startHttpProxy, type HttpProxyOptions } from './http-proxy.ts'
import { makeTestFolder, networkOptions, type TestFolder } from './network-options.ts'
import { sendJson, startStubServer, type StubServerOptions } from './stub-server.ts'
import { createTestAuthority } from './test-authority.ts'
import { sampleId } from './wire-samples.ts'

export const token = 'abcdefghij-abcdefghijklmnopqrstuv'
export const deploymentHost = 'coder.example.test'
const environment = { PATH: '/usr/bin:/bin' }
export const buildInfo = {
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

export const authority = createTestAuthority()
export const serverPair = authority.issue(deploymentHost, { isNameOnly: true })
export const clientPair = authority.issue('me')

export const clientOver = (url: string, network: Network): CoderClient =>
  createCoderClient({ baseUrl: url, token, network, retries: 0 })
export const ask = (client: CoderClient) => client.call(buildInfoRoutes.get, {})

/** What a file of tests has of networks; each test has its own folder, and everything it started ends with it. */
export function useNetworks() {
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
    const server = {
      scheme: options.tls === undefined ? 'http' : 'https',
      host: '127.0.0.1',
      port: proxy.port,
    }
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

  const clientTo = (url: string, set: Partial<NetworkOptions>) => clientOver(url, networkTo(url, set))

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

  return {
    ends,
    folder: {
      path: (file: string) => folder.path(file),
      write: (file: string, text: string) => folder.write(file, text),
    },
    serve,
    proxyTo,
    networkTo,
    clientTo,
    certificateFiles,
    echo,
  }
}
