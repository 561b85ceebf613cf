import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { hasFeature, isLocalDeployment } from '../contract/features.ts'
import { createSelfSigned } from '../testing/self-signed.ts'
import { sendJson, startStubServer } from '../testing/stub-server.ts'
import type { StubServer, StubServerOptions } from '../testing/stub-server.ts'
import { sampleBuildInfo } from '../testing/wire-samples.ts'
import { connectionErrorCode, connectionErrorFrom } from './connection-failure.ts'
import { normalizeDeploymentUrl } from './deployment-url.ts'
import { probeDeployment } from './probe-deployment.ts'

const open: StubServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

async function serve(options: StubServerOptions): Promise<string> {
  const server = await startStubServer(options)
  open.push(server)
  return server.url
}

const coder =
  (firstUser: boolean): RequestListener =>
  (request, response) => {
    if (request.url === '/api/v2/buildinfo') sendJson(response, 200, sampleBuildInfo)
    else if (firstUser) sendJson(response, 200, { message: 'The initial user has already been created!' })
    else sendJson(response, 404, { message: 'The initial user has not been created!' })
  }

describe('an address as typed', () => {
  it.each([
    ['coder.example.com', 'https://coder.example.com'],
    ['  https://coder.example.com/  ', 'https://coder.example.com'],
    ['https://coder.example.com/templates/docker?x=1#y', 'https://coder.example.com'],
    ['https://coder.example.com/cli-auth', 'https://coder.example.com'],
    ['coder.example.com/@ann/dev', 'https://coder.example.com'],
    ['coder.example.com:8443/login', 'https://coder.example.com:8443'],
    ['HTTPS://Coder.Example.com', 'https://coder.example.com'],
    ['http://coder.lan', 'http://coder.lan'],
    ['localhost:3000', 'http://localhost:3000'],
    ['localhost:443', 'http://localhost:443'],
    ['127.0.0.1:7080/', 'http://127.0.0.1:7080'],
    ['[::1]:3000', 'http://[::1]:3000'],
    ['https://localhost:3000', 'https://localhost:3000'],
    ['//coder.example.com', 'https://coder.example.com'],
    ['bücher.example', 'https://xn--bcher-kva.example'],
  ])('%j is %s', (typed, url) => {
    expect(normalizeDeploymentUrl(typed)).toBe(url)
  })

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['ftp://coder.example.com', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['vscode://coder.coder-remote/open', 'scheme'],
    ['https://', 'unreadable'],
    ['not an address', 'unreadable'],
    ['https:\\\\coder.example.com', 'unreadable'],
    ['javascript:alert(1)', 'unreadable'],
    ['http://a:99999', 'unreadable'],
    ['https://ann:pw@coder.example.com', 'credentials'],
    ['https://coder.example.com@evil.example', 'credentials'],
  ])('%j is refused as %s', (typed, code) => {
    expect(() => normalizeDeploymentUrl(typed)).toThrow(
      expect.objectContaining({ name: 'DeploymentUrlError', code }),
    )
  })
})

describe('probing', () => {
  it('gives origin, version and whether the deployment is set up', async () => {
    const url = await serve({ onRequest: coder(true) })
    const probe = await probeDeployment(`${url}/templates`)
    expect(probe).toEqual({ url, buildInfo: sampleBuildInfo, hasFirstUser: true })
    expect(isLocalDeployment(probe.buildInfo)).toBe(false)
    const fresh = await serve({ onRequest: coder(false) })
    await expect(probeDeployment(fresh)).resolves.toMatchObject({ hasFirstUser: false })
  })

  it('knows what a local deployment adds, and survives nonsense in its place', async () => {
    let features: unknown = ['local-deployment', 'from-the-future']
    const url = await serve({
      onRequest: (request, response) => {
        sendJson(response, 200, { ...sampleBuildInfo, message: request.url, outpost_features: features })
      },
    })
    const { buildInfo } = await probeDeployment(url)
    expect(isLocalDeployment(buildInfo)).toBe(true)
    expect(hasFeature(buildInfo, 'agent-link')).toBe(false)
    features = 'everything'
    expect(isLocalDeployment((await probeDeployment(url)).buildInfo)).toBe(false)
  })

  it('warns of plain HTTP beyond this machine', async () => {
    const answer = (body: unknown) =>
      new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })
    const fetch = (url: URL) =>
      Promise.resolve(answer(url.pathname.endsWith('buildinfo') ? sampleBuildInfo : { message: 'yes' }))
    const probe = await probeDeployment('http://coder.lan', { fetch: fetch as typeof globalThis.fetch })
    expect(probe.warning).toMatch(/coder\.lan is not encrypted/)
  })

  it.each<[string, RequestListener, string, RegExp]>([
    [
      'a web page',
      (_request, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'),
      'not_coder',
      /web page/,
    ],
    [
      'JSON of something else',
      (_request, response) => sendJson(response, 200, { ok: true }),
      'not_coder',
      /not a Coder/,
    ],
    ['a 404', (_request, response) => response.writeHead(404).end(), 'not_coder', /not a Coder server/],
    ['a 401', (_request, response) => response.writeHead(401).end(), 'not_coder', /not a Coder server/],
    [
      'a redirect elsewhere',
      (_request, response) => response.writeHead(302, { Location: 'https://sso.example/login' }).end(),
      'redirected',
      /redirects to https:\/\/sso\.example/,
    ],
  ])('tells %s from Coder', async (_name, onRequest, code, message) => {
    const url = await serve({ onRequest })
    await expect(probeDeployment(url)).rejects.toMatchObject({ name: 'ConnectionError', code, message })
  })

  it('passes on a problem of the server', async () => {
    const url = await serve({ onRequest: (_request, response) => response.writeHead(503).end() })
    await expect(probeDeployment(url)).rejects.toMatchObject({
      code: 'server_error',
      message: /problem of its own/,
    })
  })

  it('names an address where nothing listens', async () => {
    const server = await startStubServer({})
    await server.close()
    await expect(probeDeployment(server.url)).rejects.toMatchObject({
      code: 'refused',
      message: /^Nothing listens at/,
    })
  })

  it('names a host that does not exist', async () => {
    // Reserved never to exist (RFC 6761). A machine without any resolver says so with another code.
    await expect(probeDeployment('https://coder.invalid')).rejects.toMatchObject({
      code: 'dns',
      message: /coder\.invalid could not be found/,
    })
  })

  it('refuses a certificate that nobody vouches for, and an expired one', async () => {
    const url = await serve({ onRequest: coder(true), tls: createSelfSigned() })
    await expect(probeDeployment(url)).rejects.toMatchObject({
      code: 'tls',
      message: /certificate of 127\.0\.0\.1:\d+ is not trusted: it is self-signed\./,
    })
    const expired = createSelfSigned({ notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') })
    const old = await serve({ onRequest: coder(true), tls: expired })
    await expect(probeDeployment(old)).rejects.toMatchObject({ code: 'tls' })
  })

  it('names plain HTTP behind an https address', async () => {
    const url = await serve({ onRequest: coder(true) })
    await expect(probeDeployment(url.replace('http:', 'https:'))).rejects.toMatchObject({
      code: 'tls',
      message: /should start with http:\/\//,
    })
  })
})

describe('a network error', () => {
  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['ECONNRESET', 'network'],
    ['UND_ERR_SOCKET', 'network'],
    ['', 'network'],
  ])('with the code %j is of the kind %s, and ends in a full stop', (code, kind) => {
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) })
    expect(connectionErrorCode(error)).toBe(kind)
    expect(connectionErrorFrom(error, 'coder.example.com').message).toMatch(/coder\.example\.com.*\.$/)
  })
})
