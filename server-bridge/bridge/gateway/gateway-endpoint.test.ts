import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { startGatewayListener, type GatewayListener } from '../../testing/gateway-listener.ts'
import { waitFor } from '../../testing/wait-for.ts'

const secret = 'tok_3f9ac27d51e8'

/** A server of MCP that answers whatever a test wants. */
let server: Server
let answer: RequestListener
let url: string
let seen: IncomingMessage[]
const open: GatewayListener[] = []
const talking: Socket[] = []

beforeEach(async () => {
  seen = []
  answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  server = createServer((request, response) => {
    seen.push(request)
    request.resume()
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`
})
afterEach(async () => {
  for (const socket of talking.splice(0)) socket.destroy()
  for (const one of open.splice(0)) await one.close()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

async function listen(
  more: Parameters<typeof startGatewayListener>[1] = {},
  target = url,
): Promise<GatewayListener> {
  const gateway = await startGatewayListener({ url: target, headers: { 'X-Key': secret } }, more)
  open.push(gateway)
  return gateway
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly statusText: string
}

/** A request with exactly these headers. */
function ask(
  gateway: GatewayListener,
  given: {
    readonly method?: string
    readonly path?: string
    readonly headers?: Record<string, string>
    readonly body?: string
  } = {},
): Promise<Answer> {
  const { method = 'POST', path = '/mcp', headers = {}, body = method === 'POST' ? '{}' : undefined } = given
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        port: gateway.port,
        host: '127.0.0.1',
        method,
        path,
        headers: { ...gateway.authorization, 'content-type': 'application/json', ...headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            statusText: response.statusMessage ?? '',
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const wordsOf = ({ body }: Answer): string =>
  (JSON.parse(body) as { error: { message: string } }).error.message

describe('who may ask', () => {
  it.each([
    ['another name (DNS rebinding)', { host: 'evil.example.test' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['the page of another origin', { origin: 'http://evil.example.test' }],
    ['a page without an origin', { origin: 'null' }],
    ['a page of another port here', { origin: 'http://localhost:5173' }],
  ])('is not %s', async (_, headers) => {
    const refused = await ask(await listen(), { headers })
    expect(refused.status).toBe(403)
    expect(seen).toEqual([])
  })

  it.each([
    ['nothing', { authorization: '' }],
    ['another', { authorization: `Bearer ${'x'.repeat(43)}` }],
    ['a longer', { authorization: `Bearer ${'x'.repeat(4300)}` }],
    ['another scheme', { authorization: 'Basic abc' }],
  ])('is not who shows %s', async (_, headers) => {
    const refused = await ask(await listen(), { headers })
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toBe('Bearer')
    expect(wordsOf(refused)).toContain('bearer')
    expect(seen).toEqual([])
  })

  it('is a client by any of the names of this machine', async () => {
    const gateway = await listen()
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      const host = `${name}:${String(gateway.port)}`
      expect((await ask(gateway, { headers: { host, origin: `http://${host}` } })).status).toBe(200)
    }
  })

  it('has another bearer each time', async () => {
    const [one, two] = [await listen(), await listen()]
    expect(Buffer.from(one.bearer, 'base64url')).toHaveLength(32)
    expect((await ask(two, { headers: { ...one.authorization } })).status).toBe(401)
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
    expect((await ask(await listen(), { path })).status).toBe(404)
    expect(seen).toEqual([])
  })

  it.each(['PUT', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE'])('is not by %s', async (method) => {
    const refused = await ask(await listen(), { method })
    expect(refused.status).toBe(405)
    expect(refused.headers.allow).toBe('GET, POST, DELETE')
    expect(seen).toEqual([])
  })

  it('is not what a page can send without asking', async () => {
    expect((await ask(await listen(), { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
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
    expect(seen).toEqual([])
  })
})

describe('limits', () => {
  it('hold for a message, whether its length is told or not', async () => {
    const gateway = await listen({ limits: { bodyBytes: 1000 } })
    const body = 'x'.repeat(1001)
    expect((await ask(gateway, { body })).status).toBe(413)
    expect((await ask(gateway, { body, headers: { 'transfer-encoding': 'chunked' } })).status).toBe(413)
    expect((await ask(gateway, { body: 'x'.repeat(1000) })).status).toBe(200)
    expect(seen).toHaveLength(1)
  })

  it('hold for headers', async () => {
    const gateway = await listen({ limits: { headerBytes: 4096 } })
    expect((await ask(gateway, { headers: { 'x-large': 'x'.repeat(5000) } })).status).toBe(431)
  })

  it('hold for a minute, and pass with it', async () => {
    const clock = createFakeClock()
    const gateway = await listen({ clock, limits: { requestsPerMinute: 3 } })
    for (let request = 0; request < 3; request += 1) expect((await ask(gateway)).status).toBe(200)
    const refused = await ask(gateway)
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10'])
    clock.advance(59_999)
    expect((await ask(gateway)).status).toBe(429)
    clock.advance(1)
    for (let request = 0; request < 3; request += 1) expect((await ask(gateway)).status).toBe(200)
    expect((await ask(gateway)).status).toBe(429)
  })

  it('are not used up by who has no bearer', async () => {
    const gateway = await listen({ limits: { requestsPerMinute: 1 } })
    for (let request = 0; request < 5; request += 1) await ask(gateway, { headers: { authorization: '' } })
    expect((await ask(gateway)).status).toBe(200)
  })

  it('hold for streams at a time', async () => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const gateway = await listen({ limits: { openRequests: 2 } })
    const streams = [1, 2].map(() => {
      const abort = new AbortController()
      return { abort, open: fetch(gateway.url, { headers: gateway.authorization, signal: abort.signal }) }
    })
    for (const stream of streams) expect((await stream.open).status).toBe(200)
    expect((await ask(gateway)).status).toBe(503)
    for (const { abort } of streams) abort.abort()
    answer = (_request, response) => response.writeHead(202).end()
    await waitFor('there is room again', async () => ((await ask(gateway)).status === 202 ? true : undefined))
  })

  it('hold for connections, and for one that says nothing', async () => {
    const clock = createFakeClock()
    const gateway = await listen({ clock, limits: { connections: 1, headersMs: 5000 } })
    const silent = connect({ port: gateway.port, host: '127.0.0.1' })
    await waitFor('it is served', () => (clock.pending > 0 ? true : undefined))
    const end = closed(silent)
    clock.advance(5000)
    await end
    // One that waits makes room, one that is used does not.
    const waiting = connect({ port: gateway.port, host: '127.0.0.1' })
    await waitFor('it is served', () => (clock.pending > 0 ? true : undefined))
    const left = closed(waiting)
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const stream = await fetch(gateway.url, { headers: gateway.authorization })
    await left
    await closed(connect({ port: gateway.port, host: '127.0.0.1' }))
    await stream.body?.cancel()
  })
})

const closed = (socket: ReturnType<typeof connect>): Promise<unknown> =>
  new Promise((done) => socket.on('error', () => undefined).once('close', done))

/** A connection that never ends by itself, with what came on it. */
function talk(
  gateway: GatewayListener,
  text: string,
): { readonly socket: ReturnType<typeof connect>; readonly received: () => string } {
  const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
  const received: Buffer[] = []
  socket.on('data', (chunk) => received.push(chunk)).on('error', () => undefined)
  socket.write(text)
  talking.push(socket)
  return { socket, received: () => Buffer.concat(received).toString() }
}
const requestText = (gateway: GatewayListener, bearer = gateway.bearer): string =>
  `GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:${String(gateway.port)}\r\nAuthorization: Bearer ${bearer}\r\n\r\n`

describe('a connection as SSH gives it', () => {
  const listenOnChannels = async (limits: Parameters<typeof startGatewayListener>[1] = {}) => {
    const clock = createFakeClock()
    return { clock, gateway: await listen({ clock, asChannels: true, ...limits }) }
  }
  const allGone = (gateway: GatewayListener): Promise<true> =>
    waitFor('it is let go', () => (gateway.connections() === 0 ? true : undefined))

  it('is let go soon after a refusal, though the other end keeps it', async () => {
    const { clock, gateway } = await listenOnChannels()
    const { received } = talk(gateway, requestText(gateway, 'wrong'))
    await waitFor('it is refused', () => (received().includes('401') ? true : undefined))
    clock.advance(2000)
    await allGone(gateway)
  })

  it('is let go when the other end has ended its half', async () => {
    const { clock, gateway } = await listenOnChannels()
    const { socket } = talk(gateway, '')
    await waitFor('it is served', () => (gateway.connections() === 1 ? true : undefined))
    const ended = new Promise((done) => socket.once('end', done).resume())
    socket.end()
    await ended
    clock.advance(2000)
    await allGone(gateway)
  })

  it('is let go when no further request comes, and used again when one does', async () => {
    const { clock, gateway } = await listenOnChannels()
    const { socket, received } = talk(gateway, requestText(gateway))
    const answers = (count: number): Promise<true> =>
      waitFor('it is answered', () => (received().split('200 OK').length > count ? true : undefined))
    await answers(1)
    await waitFor('the next one is waited for', () => (clock.pending > 0 ? true : undefined))
    clock.advance(19_000)
    socket.write(requestText(gateway))
    await answers(2)
    await waitFor('the next one is waited for', () => (clock.pending > 0 ? true : undefined))
    // The beginning of one is none.
    socket.write('GET /mcp HTTP/1.1\r\n')
    clock.advance(19_000)
    expect(gateway.connections()).toBe(1)
    clock.advance(1000)
    await allGone(gateway)
  })

  it('carries one request at a time, and takes what it asked along', async () => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const { gateway } = await listenOnChannels({ limits: { openRequests: 1 } })
    const { socket } = talk(gateway, requestText(gateway))
    await waitFor('it was asked', () => (seen.length === 1 ? true : undefined))
    socket.write(requestText(gateway) + requestText(gateway))
    await allGone(gateway)
    await waitFor('the server is left', () => (seen[0]?.socket.destroyed === true ? true : undefined))
    expect(seen).toHaveLength(1)
    answer = (_request, response) => response.writeHead(202).end()
    await waitFor('there is room again', async () => ((await ask(gateway)).status === 202 ? true : undefined))
  })
})

describe('a gateway that has ended', () => {
  it('serves nobody, whoever comes', async () => {
    const gateway = await listen()
    gateway.endpoint.close()
    await expect(ask(gateway)).rejects.toThrow()
    expect(seen).toEqual([])
  })
})

describe('what the MCP server gets', () => {
  it('is nothing about the asker or this connection', async () => {
    const gateway = await listen()
    await ask(gateway, {
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
    const { host, ...headers } = seen[0]?.headers ?? {}
    expect(host).toBe(new URL(url).host)
    expect(headers).toEqual({
      'accept-encoding': 'identity',
      connection: 'keep-alive',
      'content-length': '2',
      'content-type': 'application/json',
      'last-event-id': '7',
      'mcp-protocol-version': '2025-06-18',
      'mcp-session-id': 's1',
      'x-free': 'passes',
      'x-key': secret,
    })
  })
})

describe('a redirect', () => {
  it('within the server is followed with the message', async () => {
    answer = (request, response) => {
      if (request.url === '/mcp') response.writeHead(307, { location: '/mcp/' }).end()
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(request.headers['content-length']))
    }
    expect((await ask(await listen(), { body: '{"a":1}' })).body).toBe('"7"')
  })

  it('to another origin is not, whatever it looks like', async () => {
    const other = createServer((request, response) => {
      seen.push(request)
      response.end()
    })
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const elsewhere = `127.0.0.1:${String((other.address() as AddressInfo).port)}`
    for (const [status, location] of [
      [307, `http://${elsewhere}/mcp`],
      [308, `//${elsewhere}/mcp`],
      [301, '/mcp/'],
      [302, `http://${elsewhere}/${secret}`],
      [307, 'http://['],
      [307, '/mcp'],
    ] as const) {
      answer = (_request, response) => response.writeHead(status, { location }).end()
      const refused = await ask(await listen())
      expect(refused.status).toBe(502)
      expect(wordsOf(refused)).toContain('not followed')
      expect(refused.headers.location).toBeUndefined()
    }
    expect(seen.every(({ headers }) => headers.host === new URL(url).host)).toBe(true)
    await new Promise((done) => other.close(done))
  })
})

describe('a server that echoes what it was sent', () => {
  const mask = '*'.repeat(secret.length)

  it('in its headers and its status line', async () => {
    answer = (_request, response) => {
      response.writeHead(200, `OK ${secret}`, {
        'content-type': 'application/json',
        'mcp-session-id': `s-${secret}-1`,
        'x-echo': secret,
        'set-cookie': `k=${secret}`,
        'www-authenticate': `Bearer realm="${secret}"`,
        link: `<https://evil.example.test/${secret}>`,
      })
      response.end('{}')
    }
    const got = await ask(await listen())
    expect(got.headers['mcp-session-id']).toBe(`s-${mask}-1`)
    expect(JSON.stringify(got)).not.toContain(secret)
    expect(Object.keys(got.headers).sort()).toEqual([
      'connection',
      'content-type',
      'date',
      'mcp-session-id',
      'transfer-encoding',
    ])
  })

  it('keeps its session and its types, which hold no whole value', async () => {
    answer = (_request, response) =>
      response
        .writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'mcp-session-id': 'english-1',
          'mcp-protocol-version': '2025-06-18',
        })
        .end('{"protocolVersion":"2025-06-18"}')
    const headers = { Cookie: 'lang=english; v=2025-06-18; t=application/json' }
    const gateway = await startGatewayListener({ url: `${url}?api-version=2025-06-18`, headers })
    open.push(gateway)
    const got = await ask(gateway)
    expect(got.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'mcp-session-id': 'english-1',
      'mcp-protocol-version': '2025-06-18',
    })
    expect(got.body).toBe('{"protocolVersion":"2025-06-18"}')
  })

  it('in an early hint and in trailers', async () => {
    answer = (_request, response) => {
      response.writeEarlyHints({ link: `</${secret}>; rel=preload` })
      response.writeHead(200, { 'content-type': 'application/json', trailer: 'x-echo' })
      response.addTrailers({ 'x-echo': secret })
      response.end('{}')
    }
    const gateway = await listen()
    const socket = connect({ port: gateway.port, host: '127.0.0.1' })
    const received: Buffer[] = []
    socket.on('data', (chunk) => received.push(chunk))
    socket.write(
      `DELETE /mcp HTTP/1.1\r\nHost: 127.0.0.1:${String(gateway.port)}\r\nAuthorization: Bearer ${gateway.bearer}\r\nTE: trailers\r\nConnection: close\r\n\r\n`,
    )
    await new Promise((done) => socket.once('close', done))
    const all = Buffer.concat(received).toString()
    expect(all).toContain('200 OK')
    expect(all).not.toContain(secret)
  })

  it('in events that are cut anywhere, without an event waiting for the next one', async () => {
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(`a${secret}`).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ]
    let more: () => void = () => undefined
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const events = forms.map((form) => `event: message\ndata: {"echo":"${form}"}\n\n`).join('')
      for (const byte of Buffer.from(events)) response.write(Buffer.from([byte]))
      more = () => response.end('data: end\n\n')
    }
    const gateway = await listen()
    const response = await fetch(gateway.url, { headers: gateway.authorization })
    let text = ''
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    while (text.split('\n\n').length <= forms.length)
      text += Buffer.from((await reader.read()).value ?? []).toString()
    expect(text.split('\n\n')).toHaveLength(forms.length + 1)
    for (const form of forms) expect(text).not.toContain(form)
    expect(text).toContain(`{"echo":"${mask}"}`)
    more()
    await reader.read()
    await reader.cancel()
  })

  it('compressed, which it was not asked to', async () => {
    answer = (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify(secret)))
    expect((await ask(await listen())).status).toBe(502)
  })

  it.each([
    ['text/html', 200, 502],
    ['text/html', 404, 404],
    ['application/octet-stream', 500, 500],
    ['application/json; charset=utf-16le', 200, 502],
  ])('as %s with status %i', async (type, status, wanted) => {
    answer = (_request, response) =>
      response.writeHead(status, { 'content-type': type }).end(Buffer.from(secret, 'utf16le'))
    const got = await ask(await listen())
    expect(got.status).toBe(wanted)
    expect(got.body).not.toContain(secret[0]?.repeat(1) + '\0')
    expect(wordsOf(got)).toContain('The MCP server answered with')
  })

  it('without a type', async () => {
    answer = (_request, response) => response.writeHead(200).end(secret)
    const got = await ask(await listen())
    expect([got.status, got.body]).toEqual([200, ''])
  })

  it('with an end before its length, which ends the answer too', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write(`{"echo":"${secret}`)
      setImmediate(() => response.destroy())
    }
    const gateway = await listen()
    await expect(ask(gateway)).rejects.toThrow()
    await waitFor('it is told', () => gateway.events.find(({ type }) => type === 'failed'))
    expect(gateway.events.at(-1)).toEqual({
      type: 'failed',
      message: 'The answer of the MCP server broke off.',
    })
  })
})

describe('a server that cannot be used', () => {
  it('is told in a sentence, without its address', async () => {
    const gateway = await listen({}, 'http://127.0.0.1:1/mcp')
    const got = await ask(gateway)
    expect(got.status).toBe(502)
    expect(wordsOf(got)).toBe('The MCP server could not be reached: nothing answers at its address.')
    expect(gateway.events).toEqual([{ type: 'failed', message: wordsOf(got) }])
  })

  it.each(['Connection: Upgrade\r\nUpgrade: other\r\n', ''])(
    'is told when it changes the protocol (%j)',
    async (headers) => {
      answer = (request) => request.socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`)
      const gateway = await listen()
      const got = await ask(gateway)
      expect(got.status).toBe(502)
      expect(wordsOf(got)).toMatch(/^The MCP server answered with (another protocol than HTTP|status 101)/)
      await waitFor('the server is left', () => (seen[0]?.socket.destroyed === true ? true : undefined))
    },
  )

  it('is not asked with a value that no header can carry, and the value is not told', async () => {
    const gateway = await startGatewayListener({ url, headers: { 'X-Key': `€${secret}` } })
    open.push(gateway)
    const got = await ask(gateway)
    expect(wordsOf(got)).toBe('A header value has a character that no header can carry. Save it again.')
    expect(seen).toEqual([])
  })

  it('is given up when it does not answer in time', async () => {
    answer = () => undefined
    const clock = createFakeClock()
    const gateway = await listen({ clock })
    const got = ask(gateway)
    await waitFor('it was asked', () => (seen.length > 0 ? true : undefined))
    clock.advance(15 * 60_000)
    expect(wordsOf(await got)).toBe('The MCP server did not answer in time.')
  })

  it('is asked no longer when the asker leaves', async () => {
    answer = () => undefined
    const gateway = await listen()
    const abort = new AbortController()
    const asked = fetch(gateway.url, { headers: gateway.authorization, signal: abort.signal })
    await waitFor('it was asked', () => (seen.length > 0 ? true : undefined))
    const left = new Promise((done) => seen[0]?.socket.once('close', done))
    abort.abort()
    await expect(asked).rejects.toThrow()
    await left
    expect(gateway.events).toEqual([])
  })

  it('ends with the gateway, streams and all', async () => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const gateway = await listen()
    const response = await fetch(gateway.url, { headers: gateway.authorization })
    const end = response.text()
    gateway.endpoint.close()
    await expect(end).rejects.toThrow()
    await waitFor('the server is left', () => (seen[0]?.socket.destroyed === true ? true : undefined))
  })
})

describe('the older transport', () => {
  it('of a server that wants messages elsewhere is not used', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`event: endpoint\ndata: http://evil.example.test/messages?k=${secret}\n\n`)
    }
    const gateway = await startGatewayListener({ url, transport: 'sse', headers: { 'X-Key': secret } })
    open.push(gateway)
    const response = await fetch(gateway.url, { headers: gateway.authorization })
    await expect(response.text()).rejects.toThrow()
    await waitFor('it is told', () => gateway.events.find(({ type }) => type === 'failed'))
    expect(gateway.events.at(-1)).toEqual({
      type: 'failed',
      message: 'The MCP server wants messages at an address that is not its own.',
    })
  })
})
