import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  askGateway,
  gatewaySecret,
  socketClosed,
  useAskedServer,
  gatewayWords,
} from '../../testing/asked-gateway.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { waitFor } from '../../testing/wait-for.ts'

const asked = useAskedServer()
const { listen } = asked

describe('who may ask', () => {
  it.each([
    ['another name (DNS rebinding)', { host: 'evil.example.test' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['the page of another origin', { origin: 'http://evil.example.test' }],
    ['a page without an origin', { origin: 'null' }],
    ['a page of another port here', { origin: 'http://localhost:5173' }],
  ])('is not %s', async (_, headers) => {
    const refused = await askGateway(await listen(), { headers })
    expect(refused.status).toBe(403)
    expect(asked.seen).toEqual([])
  })

  it.each([
    ['nothing', { authorization: '' }],
    ['another', { authorization: `Bearer ${'x'.repeat(43)}` }],
    ['a longer', { authorization: `Bearer ${'x'.repeat(4300)}` }],
    ['another scheme', { authorization: 'Basic abc' }],
  ])('is not who shows %s', async (_, headers) => {
    const refused = await askGateway(await listen(), { headers })
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toBe('Bearer')
    expect(gatewayWords(refused)).toContain('bearer')
    expect(asked.seen).toEqual([])
  })

  it('is a client by any of the names of this machine', async () => {
    const gateway = await listen()
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      const host = `${name}:${String(gateway.port)}`
      expect((await askGateway(gateway, { headers: { host, origin: `http://${host}` } })).status).toBe(200)
    }
  })

  it('has another bearer each time', async () => {
    const [one, two] = [await listen(), await listen()]
    expect(Buffer.from(one.bearer, 'base64url')).toHaveLength(32)
    expect((await askGateway(two, { headers: { ...one.authorization } })).status).toBe(401)
  })
})

describe('what may be asked', () => {
  it.each([
    '/',
    '/mcp/',
    '/mcp?x=1',
    '/mcp/../mcp',
    '/other',
    '//evil.example.test/mcp',
    'http://evil.example.test/mcp',
  ])('is not the path %s', async (path) => {
    expect((await askGateway(await listen(), { path })).status).toBe(404)
    expect(asked.seen).toEqual([])
  })

  it.each(['PUT', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE'])('is not by %s', async (method) => {
    const refused = await askGateway(await listen(), { method })
    expect(refused.status).toBe(405)
    expect(refused.headers.allow).toBe('GET, POST, DELETE')
    expect(asked.seen).toEqual([])
  })

  it('is not what a page can send without asking', async () => {
    expect((await askGateway(await listen(), { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
  })

  it('is no tunnel and no other protocol', async () => {
    const gateway = await listen()
    for (const line of [
      'CONNECT evil.example.test:443 HTTP/1.1',
      'GET /mcp HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade',
    ]) {
      const socket = connect({ port: gateway.port, host: '127.0.0.1' })
      const received: Buffer[] = []
      socket.on('data', (chunk) => received.push(chunk))
      socket.write(
        `${line}\r\nHost: 127.0.0.1:${String(gateway.port)}\r\nAuthorization: Bearer ${gateway.bearer}\r\n\r\n`,
      )
      await new Promise((done) => socket.once('close', done))
      expect(Buffer.concat(received).toString()).toBe('')
    }
    expect(asked.seen).toEqual([])
  })
})

describe('limits', () => {
  it('hold for a message, whether its length is told or not', async () => {
    const gateway = await listen({ limits: { bodyBytes: 1000 } })
    const body = 'x'.repeat(1001)
    expect((await askGateway(gateway, { body })).status).toBe(413)
    expect((await askGateway(gateway, { body, headers: { 'transfer-encoding': 'chunked' } })).status).toBe(
      413,
    )
    expect((await askGateway(gateway, { body: 'x'.repeat(1000) })).status).toBe(200)
    expect(asked.seen).toHaveLength(1)
  })

  it('hold for headers', async () => {
    const gateway = await listen({ limits: { headerBytes: 4096 } })
    expect((await askGateway(gateway, { headers: { 'x-large': 'x'.repeat(5000) } })).status).toBe(431)
  })

  it('hold for a minute, and pass with it', async () => {
    const clock = createFakeClock()
    const gateway = await listen({ clock, limits: { requestsPerMinute: 3 } })
    for (let request = 0; request < 3; request += 1) expect((await askGateway(gateway)).status).toBe(200)
    const refused = await askGateway(gateway)
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10'])
    clock.advance(59_999)
    expect((await askGateway(gateway)).status).toBe(429)
    clock.advance(1)
    for (let request = 0; request < 3; request += 1) expect((await askGateway(gateway)).status).toBe(200)
    expect((await askGateway(gateway)).status).toBe(429)
  })

  it('are not used up by who has no bearer', async () => {
    const gateway = await listen({ limits: { requestsPerMinute: 1 } })
    for (let request = 0; request < 5; request += 1)
      await askGateway(gateway, { headers: { authorization: '' } })
    expect((await askGateway(gateway)).status).toBe(200)
  })

  it('hold for streams at a time', async () => {
    asked.answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const gateway = await listen({ limits: { openRequests: 2 } })
    const streams = [1, 2].map(() => {
      const abort = new AbortController()
      return { abort, open: fetch(gateway.url, { headers: gateway.authorization, signal: abort.signal }) }
    })
    for (const stream of streams) expect((await stream.open).status).toBe(200)
    expect((await askGateway(gateway)).status).toBe(503)
    for (const { abort } of streams) abort.abort()
    asked.answer = (_request, response) => response.writeHead(202).end()
    await waitFor('there is room again', async () =>
      (await askGateway(gateway)).status === 202 ? true : undefined,
    )
  })

  it('hold for connections, and for one that says nothing', async () => {
    const clock = createFakeClock()
    const gateway = await listen({ clock, limits: { connections: 1, headersMs: 5000 } })
    const silent = connect({ port: gateway.port, host: '127.0.0.1' })
    await waitFor('it is served', () => (clock.pending > 0 ? true : undefined))
    const end = socketClosed(silent)
    clock.advance(5000)
    await end
    // One that waits makes room, one that is used does not.
    const waiting = connect({ port: gateway.port, host: '127.0.0.1' })
    await waitFor('it is served', () => (clock.pending > 0 ? true : undefined))
    const left = socketClosed(waiting)
    asked.answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const stream = await fetch(gateway.url, { headers: gateway.authorization })
    await left
    await socketClosed(connect({ port: gateway.port, host: '127.0.0.1' }))
    await stream.body?.cancel()
  })
})

describe('what the MCP server gets', () => {
  it('is nothing about the asker or this connection', async () => {
    const gateway = await listen()
    await askGateway(gateway, {
      headers: {
        connection: 'close, x-named',
        'x-named': 'dropped',
        cookie: 'a=b',
        referer: 'http://127.0.0.1/',
        'proxy-authorization': 'Basic abc',
        'x-forwarded-for': '10.0.0.1',
        'coder-session-token': 'abc',
        'accept-encoding': 'gzip',
        'x-free': 'passes',
        x_key: 'mine',
        'X-KEY': 'mine',
        'mcp-session-id': 's1',
        'mcp-protocol-version': '2025-06-18',
        'last-event-id': '7',
      },
    })
    const { host, ...headers } = asked.seen[0]?.headers ?? {}
    expect(host).toBe(new URL(asked.url).host)
    expect(headers).toEqual({
      'accept-encoding': 'identity',
      connection: 'keep-alive',
      'content-length': '2',
      'content-type': 'application/json',
      'last-event-id': '7',
      'mcp-protocol-version': '2025-06-18',
      'mcp-session-id': 's1',
      'x-free': 'passes',
      'x-key': gatewaySecret,
    })
  })
})

describe('a redirect', () => {
  it('within the server is followed with the message', async () => {
    asked.answer = (request, response) => {
      if (request.url === '/mcp') response.writeHead(307, { location: '/mcp/' }).end()
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(request.headers['content-length']))
    }
    expect((await askGateway(await listen(), { body: '{"a":1}' })).body).toBe('"7"')
  })

  it('to another origin is not, whatever it looks like', async () => {
    const other = createServer((request, response) => {
      asked.seen.push(request)
      response.end()
    })
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const elsewhere = `127.0.0.1:${String((other.address() as AddressInfo).port)}`
    for (const [status, location] of [
      [307, `http://${elsewhere}/mcp`],
      [308, `//${elsewhere}/mcp`],
      [301, '/mcp/'],
      [302, `http://${elsewhere}/${gatewaySecret}`],
      [307, 'http://['],
      [307, '/mcp'],
    ] as const) {
      asked.answer = (_request, response) => response.writeHead(status, { location }).end()
      const refused = await askGateway(await listen())
      expect(refused.status).toBe(502)
      expect(gatewayWords(refused)).toContain('not followed')
      expect(refused.headers.location).toBeUndefined()
    }
    expect(asked.seen.every(({ headers }) => headers.host === new URL(asked.url).host)).toBe(true)
    await new Promise((done) => other.close(done))
  })
})

describe('a server that cannot be used', () => {
  it('is told in a sentence, without its address', async () => {
    const gateway = await listen({}, { url: 'http://127.0.0.1:1/mcp' })
    const got = await askGateway(gateway)
    expect(got.status).toBe(502)
    expect(gatewayWords(got)).toBe('The MCP server could not be reached: nothing answers at its address.')
    expect(gateway.events).toEqual([{ type: 'failed', message: gatewayWords(got) }])
  })

  it.each(['Connection: Upgrade\r\nUpgrade: other\r\n', ''])(
    'is told when it changes the protocol (%j)',
    async (headers) => {
      asked.answer = (request) => request.socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`)
      const gateway = await listen()
      const got = await askGateway(gateway)
      expect(got.status).toBe(502)
      expect(gatewayWords(got)).toMatch(
        /^The MCP server answered with (another protocol than HTTP|status 101)/,
      )
      await waitFor('the server is left', () => (asked.seen[0]?.socket.destroyed === true ? true : undefined))
    },
  )

  it('is not asked with a value that no header can carry, and the value is not told', async () => {
    const gateway = await listen({}, { headers: { 'X-Key': `€${gatewaySecret}` } })
    const got = await askGateway(gateway)
    expect(gatewayWords(got)).toBe('A header value has a character that no header can carry. Save it again.')
    expect(asked.seen).toEqual([])
  })

  it('is given up when it does not answer in time', async () => {
    asked.answer = () => undefined
    const clock = createFakeClock()
    const gateway = await listen({ clock })
    const got = askGateway(gateway)
    await waitFor('it was asked', () => (asked.seen.length > 0 ? true : undefined))
    clock.advance(15 * 60_000)
    expect(gatewayWords(await got)).toBe('The MCP server did not answer in time.')
  })

  it('is asked no longer when the asker leaves', async () => {
    asked.answer = () => undefined
    const gateway = await listen()
    const abort = new AbortController()
    const request = fetch(gateway.url, { headers: gateway.authorization, signal: abort.signal })
    await waitFor('it was asked', () => (asked.seen.length > 0 ? true : undefined))
    const left = new Promise((done) => asked.seen[0]?.socket.once('close', done))
    abort.abort()
    await expect(request).rejects.toThrow()
    await left
    expect(gateway.events).toEqual([])
  })

  it('ends with the gateway, streams and all', async () => {
    asked.answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const gateway = await listen()
    const response = await fetch(gateway.url, { headers: gateway.authorization })
    const end = response.text()
    gateway.endpoint.close()
    await expect(end).rejects.toThrow()
    await waitFor('the server is left', () => (asked.seen[0]?.socket.destroyed === true ? true : undefined))
  })
})

describe('the older transport', () => {
  it('of a server that wants messages elsewhere is not used', async () => {
    asked.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`event: endpoint\ndata: http://evil.example.test/messages?k=${gatewaySecret}\n\n`)
    }
    const gateway = await listen({}, { transport: 'sse' })
    const response = await fetch(gateway.url, { headers: gateway.authorization })
    await expect(response.text()).rejects.toThrow()
    await waitFor('it is told', () => gateway.events.find(({ type }) => type === 'failed'))
    expect(gateway.events.at(-1)).toEqual({
      type: 'failed',
      message: 'The MCP server wants messages at an address that is not its own.',
    })
  })
})
