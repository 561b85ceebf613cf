import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createNetwork } from '../client/network/network.ts'
import type { NetworkOptions } from '../contract/deployment-network.ts'
import { startHttpProxy, type HttpProxy } from '../testing/http-proxy.ts'
import { networkOptions } from '../testing/network-options.ts'
import { startStubServer, type StubServer } from '../testing/stub-server.ts'
import { openCliSurroundings, type OpenCliSurroundings } from './cli-surroundings.ts'

const url = 'http://coder.acme.test'
const credentials = { username: 'ada', password: 'seeded-proxy-password' }
const environment = { PATH: '/bin' }

let server: StubServer
let proxy: HttpProxy
let opened: OpenCliSurroundings | undefined
beforeEach(async () => {
  server = await startStubServer({ onRequest: (_request, response) => response.end('here') })
  proxy = await startHttpProxy({
    credentials,
    ports: { 'coder.acme.test': Number(new URL(server.url).port) },
  })
})
afterEach(async () => {
  opened?.close()
  opened = undefined
  await proxy.close()
  await server.close()
})

const of = (set: Partial<NetworkOptions>) => {
  opened = openCliSurroundings(url, createNetwork(networkOptions(set), { url, environment }), environment)
  return opened.environment()
}

/** What a program gets that asks a proxy for a way to a host, and what the host says. */
const through = (port: number, target: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.once('close', () => resolve(answer))
    socket.once('error', reject)
    socket.write(`CONNECT ${target} HTTP/1.1\r\n\r\n`)
    socket.write('GET / HTTP/1.1\r\nHost: coder.acme.test\r\nConnection: close\r\n\r\n')
  })

describe('the surroundings of a command line', () => {
  it('are the usual ones where nothing is set', async () => {
    opened = openCliSurroundings(url, undefined, environment)
    expect(await opened.environment()).toEqual(environment)
  })

  it('have certificates, the header command and a proxy without a password', async () => {
    const given = await of({
      caFile: '/ca.pem',
      certFile: '/me.pem',
      headerCommand: 'print-headers --all',
      proxies: [{ scheme: 'socks5', host: '::1', port: 1080 }, { scheme: 'direct' }],
    })
    expect(given).toEqual({
      ...environment,
      CODER_CLIENT_TLS_CA_FILE: '/ca.pem',
      CODER_CLIENT_TLS_CERT_FILE: '/me.pem',
      CODER_CLIENT_TLS_KEY_FILE: '/me.pem',
      HTTP_PROXY: 'socks5://[::1]:1080',
      HTTPS_PROXY: 'socks5://[::1]:1080',
      CODER_HEADER_COMMAND: 'print-headers --all',
    })
    expect(await of({})).toEqual({ ...environment, NO_PROXY: '*' })
  })

  it('have no password of a proxy: a relay of ours knows it, and leads to the deployment only', async () => {
    const given = await of({
      proxies: [{ scheme: 'http', host: '127.0.0.1', port: proxy.port }],
      proxyCredentials: { host: '127.0.0.1', port: proxy.port, ...credentials },
    })
    expect(JSON.stringify(given)).not.toContain(credentials.password)
    const port = Number(new URL(given['HTTPS_PROXY'] ?? '').port)
    expect(port).not.toBe(proxy.port)
    expect(await through(port, 'coder.acme.test:80')).toContain('here')
    expect(proxy.passed).toEqual(['CONNECT coder.acme.test:80'])
    expect(await through(port, 'other.acme.test:80')).toContain('403 Forbidden')
    expect(await through(port, 'coder.acme.test:443')).toContain('403 Forbidden')
    expect(proxy.passed).toHaveLength(1)
    expect(await opened?.environment()).toEqual(given)
  })
})
