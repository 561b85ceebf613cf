import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mcpTestResultSchema, mcpTextMaxChars, mcpToolsMax } from '../contract/mcp-test.ts'
import { systemClock } from '../lib/clock.ts'
import {
  listen,
  startMcpServer,
  startSessionMcpServer,
  startSseMcpServer,
  type ListeningServer,
  type SampleTool,
} from '../testing/mcp-server.ts'
import { runTrusting } from '../testing/mcp-test-program.ts'
import { createSelfSigned } from '../testing/self-signed.ts'
import { createShowText } from './shown-text.ts'
import { testMcp, type McpTestTarget } from './mcp-test.ts'

const SECRET = 'seeded-secret-"grüße"-42'
const sent = { 'X-Api-Key': Buffer.from(SECRET).toString('latin1') }
const tools: SampleTool[] = [
  { name: 'query', title: 'Query', description: 'Runs a query', annotations: { readOnlyHint: true } },
  { name: 'drop', description: 'Drops', annotations: { destructiveHint: true } },
  { name: 'add', annotations: { readOnlyHint: false, destructiveHint: false } },
  { name: 'other' },
]

const running: ListeningServer[] = []
const use = async <T extends ListeningServer>(starting: Promise<T>): Promise<T> => {
  const server = await starting
  running.push(server)
  return server
}
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())))

const run = async (
  target: Partial<McpTestTarget> & { readonly url: string },
  options: { readonly limitMs?: number; readonly maxBytes?: number; readonly signal?: AbortSignal } = {},
) => {
  const result = await testMcp(
    { transport: 'streamable_http', headers: sent, ...target },
    { clock: systemClock, signal: new AbortController().signal, ...options },
  )
  expect(mcpTestResultSchema.parse(result)).toEqual(result)
  expect(JSON.stringify(result)).not.toContain('seeded-secret')
  return result
}
const answerWith = (listener: RequestListener) => use(listen(listener))

describe('a server that works', () => {
  const shown = [
    { name: 'query', title: 'Query', description: 'Runs a query', access: 'reads' },
    { name: 'drop', title: '', description: 'Drops', access: 'destroys' },
    { name: 'add', title: '', description: '', access: 'writes' },
    { name: 'other', title: '', description: '', access: 'unsaid' },
  ]

  it.each([
    ['of the revision of 2026', startMcpServer, 'streamable_http', '/mcp', /^2026-/],
    ['of the revision of 2025, with a session', startSessionMcpServer, 'streamable_http', '/mcp', /^2025-/],
    ['of the SSE kind', startSseMcpServer, 'sse', '/sse', /^2025-/],
  ] as const)('%s gets the headers and tells its tools', async (_, start, transport, path, version) => {
    const server = await use<ListeningServer>(start(tools))
    const result = await run({ url: server.url + path, transport })
    expect(result).toMatchObject({
      ok: true,
      server: { name: 'sample', version: '3.2.1' },
      protocolVersion: expect.stringMatching(version) as unknown,
      tools: shown,
      hasMoreTools: false,
    })
    expect(result.ok && result.latencyMs).toBeGreaterThan(0)
    const values = server.requests.map(({ headers }) => headers['x-api-key'])
    expect(values.length).toBeGreaterThan(1)
    expect(new Set(values)).toEqual(new Set([sent['X-Api-Key']]))
  })

  it('is told when the session is over', async () => {
    const server = await use(startSessionMcpServer([]))
    expect(await run({ url: `${server.url}/mcp` })).toMatchObject({ ok: true, tools: [] })
    await vi.waitUntil(() => server.ended() === 1)
  })

  it('is followed within its origin, as a slash at the end wants', async () => {
    const inner = await use(startMcpServer(tools))
    const front = await answerWith((request, response) => {
      if (request.url === '/mcp') response.writeHead(308, { location: '/mcp/' }).end()
      else void forward(inner.url, request, response)
    })
    expect(await run({ url: `${front.url}/mcp` })).toMatchObject({ ok: true })
  })
})

/** Passes a request on, body and all. */
async function forward(to: string, ...[request, response]: Parameters<RequestListener>): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { accept = '', 'content-type': type = '' } = request.headers
  const names = ['mcp-protocol-version', 'mcp-method', 'mcp-name']
  const answer = await fetch(`${to}/mcp`, {
    method: request.method ?? 'GET',
    headers: {
      accept,
      'content-type': type,
      ...Object.fromEntries(
        names.flatMap((name) =>
          request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]],
        ),
      ),
    },
    ...(request.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
  })
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
  response.end(Buffer.from(await answer.arrayBuffer()))
}

describe('a hostile server', () => {
  it.each([12, 256])(
    'that repeats a value of %i KiB, or pieces of it, shows none of it',
    { timeout: 30_000 },
    async (size) => {
      const value = Array.from(
        { length: size * 64 },
        (_, at) => `seeded-secret${String(at).padStart(3, '-')}`,
      ).join('')
      const shown = (text: string) => Buffer.from(text).toString('base64')
      const texts = [
        value.slice(0, 200),
        value.slice(3000, 3200).toUpperCase(),
        value,
        `${value.slice(5).slice(0, 400)}…`,
        shown(value).slice(0, 400),
        shown(` ${value}`).slice(4, 400),
        Buffer.from(value).toString('hex').slice(100, 500),
      ]
      const show = createShowText({ 'X-Api-Key': value })
      for (const text of texts) {
        const plain = show(`No: ${text} is unknown`, mcpTextMaxChars.description)
        expect(plain.startsWith('No: [your value]'), plain.slice(0, 60)).toBe(true)
        expect(plain.length).toBeLessThan(60)
      }
      expect(show('Nothing of it: seeded-secrets are words.', 200)).toBe(
        'Nothing of it: seeded-secrets are words.',
      )
    },
  )

  it('that answers with the values, in whatever spelling, shows none of them', async () => {
    const base64 = Buffer.from(SECRET).toString('base64')
    const server = await use(
      startMcpServer([
        {
          name: 'echo',
          title: SECRET,
          description: `Your key is ${SECRET.slice(0, 9)}\u200B${SECRET.slice(9)}!`,
        },
        {
          name: 'b64',
          description: `Key ${base64}, ${encodeURIComponent(SECRET)}, ${SECRET.replace('secret', 'SECRET')}`,
        },
      ]),
    )
    const result = await run({ url: `${server.url}/mcp` })
    expect(result).toMatchObject({
      ok: true,
      tools: [
        { title: '[your value]', description: 'Your key is [your value]!' },
        { description: 'Key [your value], [your value], [your value]' },
      ],
    })
  })

  it('that plays with text directions, controls and length is cut to plain lines', async () => {
    const server = await use(
      startMcpServer([
        { name: 'evil', title: 'safe\u202Egnp.exe', description: '<b>x</b>\n\u0007'.repeat(2000) },
      ]),
    )
    const result = await run({ url: `${server.url}/mcp` })
    if (!result.ok) throw new Error(result.message)
    const [tool] = result.tools
    expect(tool?.title).toBe('safegnp.exe')
    expect([...(tool?.description ?? '')]).toHaveLength(mcpTextMaxChars.description)
    expect(tool?.description).toMatch(/^<b>x<\/b> <b>x/)
  })

  it('with too many tools is cut, and that is said', async () => {
    const many = Array.from({ length: mcpToolsMax + 5 }, (_, at) => ({ name: `tool-${at}` }))
    const server = await use(startMcpServer(many))
    const result = await run({ url: `${server.url}/mcp` })
    expect(result).toMatchObject({ ok: true, hasMoreTools: true })
    expect(result.ok && result.tools).toHaveLength(mcpToolsMax)
  })

  it('that never stops talking is stopped', async () => {
    const server = await answerWith((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(16 * 1024)));
      }
      response.on('drain', more)
      more()
    })
    expect(await run({ url: server.url }, { maxBytes: 200_000 })).toMatchObject({
      ok: false,
      kind: 'too_large',
    })
  })

  it('that redirects elsewhere gets nobody’s values there', async () => {
    const other = await answerWith((_, response) => void response.end('{}'))
    const server = await answerWith(
      (_, response) => void response.writeHead(307, { location: other.url }).end(),
    )
    for (const transport of ['streamable_http', 'sse'] as const)
      expect(await run({ url: server.url, transport })).toMatchObject({ ok: false, kind: 'redirected' })
    expect(other.requests).toEqual([])
  })

  it('of the SSE kind that names another origin for its messages gets nobody’s values there', async () => {
    const other = await answerWith((_, response) => void response.end())
    const server = await answerWith((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`event: endpoint\ndata: ${other.url}/messages\n\n`)
    })
    expect((await run({ url: server.url, transport: 'sse' }, { limitMs: 2000 })).ok).toBe(false)
    expect(other.requests).toEqual([])
  })
})

describe('a server that does not work', () => {
  it.each([
    [401, 'unauthorized', /refused your values/],
    [403, 'forbidden', /does not let you in/],
    [404, 'status', /no MCP server at this path/],
    [503, 'status', /trouble of its own/],
    [418, 'status', /refused the connection/],
  ] as const)('with %i is of the kind %s, and what it said is masked', async (status, kind, words) => {
    const server = await answerWith((request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      const key = Buffer.from(String(request.headers['x-api-key']), 'latin1').toString('utf8')
      response.end(JSON.stringify({ message: `No: ${key}` }))
    })
    for (const transport of ['streamable_http', 'sse'] as const) {
      const result = await run({ url: server.url, transport })
      expect(result).toMatchObject({ ok: false, kind, status, detail: 'No: [your value]' })
      expect(!result.ok && result.message).toMatch(words)
    }
  })

  it('asks for credentials where none were sent', async () => {
    const server = await answerWith((_, response) => void response.writeHead(401).end())
    expect(await run({ url: server.url, headers: {} })).toMatchObject({
      kind: 'unauthorized',
      message: expect.stringContaining('none are set') as unknown,
    })
  })

  it('is no MCP server', async () => {
    for (const [type, body] of [
      ['text/html', '<h1>Hello</h1>'],
      ['application/json', '{"hello":"world"}'],
      ['application/json', 'not json'],
    ] as const) {
      const server = await answerWith(
        (_, response) => void response.writeHead(200, { 'content-type': type }).end(body),
      )
      for (const transport of ['streamable_http', 'sse'] as const)
        expect(
          await run({ url: server.url, transport }, { limitMs: 2000 }),
          `${type} ${transport}`,
        ).toMatchObject({
          ok: false,
          kind: 'not_mcp',
        })
    }
  })

  it('does not answer in time', async () => {
    const server = await answerWith(() => undefined)
    for (const transport of ['streamable_http', 'sse'] as const)
      expect(await run({ url: server.url, transport }, { limitMs: 200 })).toMatchObject({
        ok: false,
        kind: 'timeout',
        message: expect.stringContaining('within 0.2 seconds') as unknown,
      })
  })

  it('is not there', async () => {
    const { url, close } = await listen(() => undefined)
    await close()
    expect(await run({ url })).toMatchObject({ ok: false, kind: 'refused', status: null })
    expect(await run({ url, transport: 'sse' })).toMatchObject({ ok: false, kind: 'refused' })
    expect(await run({ url: 'https://no-such-name.invalid/mcp' })).toMatchObject({ ok: false, kind: 'dns' })
  })

  it('has a certificate that is not trusted', async () => {
    const listener: RequestListener = (_, response) => void response.end('{}')
    const server = await use(listen(listener, createSelfSigned()))
    expect(await run({ url: server.url })).toMatchObject({ ok: false, kind: 'tls_untrusted' })
    expect(await run({ url: server.url, transport: 'sse' })).toMatchObject({
      ok: false,
      kind: 'tls_untrusted',
    })
    const plain = await answerWith(listener)
    expect(await run({ url: plain.url.replace('http:', 'https:') })).toMatchObject({ ok: false, kind: 'tls' })
    expect(server.requests).toEqual([])
  })

  const DAY = 86_400_000
  it.each([
    [
      'out of date',
      { notBefore: new Date(Date.now() - 9 * DAY), notAfter: new Date(Date.now() - DAY) },
      '127.0.0.1',
      'tls_expired',
      /is not trusted: it has expired/,
    ],
    [
      'not valid yet',
      { notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 9 * DAY) },
      '127.0.0.1',
      'tls_expired',
      /not valid yet; check the clock/,
    ],
    ['of another host', { host: 'elsewhere.example' }, 'localhost', 'tls_name', /made for another host name/],
  ] as const)('has a certificate that is %s', { timeout: 60_000 }, async (_, options, host, kind, words) => {
    const certificate = createSelfSigned(options)
    const server = await use(listen((_, response) => void response.end('{}'), certificate))
    const url = new URL(server.url)
    url.hostname = host
    for (const transport of ['streamable_http', 'sse'] as const) {
      const result = await runTrusting(certificate.cert, { url: url.href, transport, headers: sent })
      expect(result).toMatchObject({ ok: false, kind, status: null })
      expect(!result.ok && result.message).toMatch(words)
    }
    expect(server.requests, 'no value goes to a server that is not who it says').toEqual([])
  })

  it('has a certificate of an issuer that nobody here knows', async () => {
    const issuer = { host: 'An issuer of its own', key: createSelfSigned().key }
    const server = await use(listen((_, response) => void response.end('{}'), createSelfSigned({ issuer })))
    for (const transport of ['streamable_http', 'sse'] as const)
      expect(await run({ url: server.url, transport })).toMatchObject({
        ok: false,
        kind: 'tls_untrusted',
        message: expect.stringMatching(/issuer|intermediate certificate/) as unknown,
      })
    expect(server.requests).toEqual([])
  })

  it('is sent a value larger than it takes, which is said in words', async () => {
    const server = await answerWith((_, response) => void response.end('{}'))
    for (const size of [20, 256])
      for (const transport of ['streamable_http', 'sse'] as const) {
        const headers = { 'X-Api-Key': `seeded-secret-${'x'.repeat(size * 1024 - 14)}` }
        const result = await run({ url: server.url, transport, headers })
        expect(result).toMatchObject({
          ok: false,
          message: expect.stringMatching(new RegExp(`together they have ${size} KiB`)) as unknown,
        })
        // The refusal, or the end of the connection before the last of the headers was sent.
        expect(!result.ok && ['status', 'network']).toContain(!result.ok && result.kind)
      }
    expect(server.requests).toEqual([])
  })

  it('speaks a version nobody knows', async () => {
    const server = await answerWith((request, response) => void speak(request, response))
    expect(await run({ url: server.url })).toMatchObject({ ok: false, kind: 'protocol_version' })
  })

  it('is left when the user cancels', async () => {
    const server = await answerWith(() => undefined)
    const controller = new AbortController()
    const result = run({ url: server.url }, { signal: controller.signal })
    await vi.waitUntil(() => server.requests.length > 0)
    const closed = new Promise((resolve) => server.requests[0]?.once('close', resolve))
    controller.abort()
    expect((await result).ok).toBe(false)
    await closed
  })
})

async function speak(...[request, response]: Parameters<RequestListener>): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const { id, method } = JSON.parse(body) as { id: number; method: string }
  response.writeHead(method === 'initialize' ? 200 : 404, { 'content-type': 'application/json' })
  const result = {
    protocolVersion: '1999-01-01',
    capabilities: {},
    serverInfo: { name: 'old', version: '0' },
  }
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
}
