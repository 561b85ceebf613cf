/* eslint-disable @typescript-eslint/no-deprecated -- the older transport is still about, so it is tested */
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startGatewayListener, type GatewayListener } from '../../testing/gateway-listener.ts'
import { startGatedMcpServer, type GatedMcpServer } from '../../testing/gated-mcp-server.ts'
import { waitFor } from '../../testing/wait-for.ts'

const values = { 'X-Obs-Token': 'tok_3f9a"c27\\d51/e', 'X-Tenant': 'payments-eu' }

let server: GatedMcpServer
const open: { close(): Promise<unknown> }[] = []

beforeEach(async () => {
  server = await startGatedMcpServer(values)
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  await server.close()
})

async function listen(url: string, headers: Record<string, string> = values): Promise<GatewayListener> {
  const gateway = await startGatewayListener({
    url,
    headers,
    transport: url === server.sseUrl ? 'sse' : 'streamable_http',
  })
  open.unshift(gateway)
  return gateway
}

type Kind = 'url' | 'currentUrl' | 'sseUrl'

async function connect(
  kind: Kind,
  gateway: GatewayListener,
  more: Record<string, string> = {},
): Promise<Client> {
  const client = new Client({ name: 'workspace', version: '1.0.0' })
  const requestInit = { headers: { ...gateway.authorization, ...more } }
  const url = new URL(gateway.url)
  const transport =
    kind === 'sseUrl'
      ? new SSEClientTransport(url, { requestInit })
      : new StreamableHTTPClientTransport(url, { requestInit, reconnectionOptions: quick })
  await client.connect(transport)
  open.unshift(client)
  return client
}

const quick = {
  initialReconnectionDelay: 50,
  maxReconnectionDelay: 100,
  reconnectionDelayGrowFactor: 1,
  maxRetries: 20,
}

async function call(client: Client, name: string, given: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: given })
  const [first] = content as { text: string }[]
  return first?.text ?? ''
}

describe.each<Kind>(['url', 'currentUrl', 'sseUrl'])('a client of the MCP server at %s', (kind) => {
  it('reaches its tools without knowing a value', async () => {
    const gateway = await listen(server[kind])
    const client = await connect(kind, gateway)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('echo')
    expect(await call(client, 'echo', { text: 'hello é€' })).toBe('hello é€')
    expect(gateway.events.filter(({ type }) => type === 'call')).toHaveLength(1)
    expect(server.requests.every(({ headers }) => headers['x-obs-token'] === values['X-Obs-Token'])).toBe(
      true,
    )
  })

  it('never sees a value, also where the server tells its headers', async () => {
    const client = await connect(kind, await listen(server[kind]))
    const told = await call(client, 'whoami')
    const headers = JSON.parse(told) as Record<string, string>
    expect(headers['x-obs-token']).toMatch(/^\*+$/)
    expect(headers['x-tenant']).toBe('***********')
    expect(headers).not.toHaveProperty('authorization')
  })

  it('cannot put a value of its own in the place of one', async () => {
    const client = await connect(kind, await listen(server[kind]), {
      'x-OBS-token': 'mine',
      X_Tenant: 'mine',
      'x-free': 'passes',
      cookie: 'a=b',
    })
    expect(await call(client, 'echo', { text: 'hi' })).toBe('hi')
    const last = server.requests.at(-1)?.headers
    expect(last).toMatchObject({
      'x-obs-token': values['X-Obs-Token'],
      'x-tenant': values['X-Tenant'],
      'x-free': 'passes',
    })
    expect(last).not.toHaveProperty('x_tenant')
    expect(last).not.toHaveProperty('cookie')
  })

  it('is told in words when the server refuses the values', async () => {
    const gateway = await listen(server[kind], { ...values, 'X-Tenant': 'another' })
    await expect(connect(kind, gateway)).rejects.toThrow()
    expect(gateway.events).toContainEqual({ type: 'answered', status: 401 })
  })

  it('gets nothing without the bearer', async () => {
    const gateway = await listen(server[kind])
    await expect(
      connect(kind, { ...gateway, authorization: { authorization: 'Bearer wrong' } }),
    ).rejects.toThrow()
    expect(server.requests).toEqual([])
  })
})

describe('a session', () => {
  it('hears what the server says unasked, and resumes after its stream was cut', async () => {
    const client = await connect('url', await listen(server.url))
    const heard: unknown[] = []
    client.setNotificationHandler('notifications/message', ({ params }) => void heard.push(params.data))
    await waitFor('the stream is open', () =>
      server.requests.some(({ method }) => method === 'GET') ? true : undefined,
    )
    await waitFor('the first word came', async () => {
      await server.announce('one')
      return heard.length > 0 ? true : undefined
    })
    server.cutStreams()
    await server.announce('while away')
    await waitFor('the missed word came', () => (heard.includes('while away') ? true : undefined))
    expect(server.requests.some(({ headers }) => headers['last-event-id'] !== undefined)).toBe(true)
  })

  it('is ended by the client', async () => {
    const gateway = await listen(server.url)
    const client = new Client({ name: 'workspace', version: '1.0.0' })
    const transport = new StreamableHTTPClientTransport(new URL(gateway.url), {
      requestInit: { headers: gateway.authorization },
    })
    await client.connect(transport)
    expect(server.sessions.size).toBe(1)
    await transport.terminateSession()
    expect(server.sessions.size).toBe(0)
    await client.close()
  })

  it('carries a large answer and progress while a tool runs', async () => {
    const client = await connect('url', await listen(server.url))
    expect(await call(client, 'fill', { size: 3_000_000 })).toHaveLength(3_000_000)
    const steps: number[] = []
    await client.callTool(
      { name: 'test_tool_with_progress', arguments: {} },
      { onprogress: ({ progress }) => void steps.push(progress) },
    )
    expect(steps).toEqual([0, 50, 100])
  })
})

describe('the older transport', () => {
  it('names a path of ours for messages, which ends with its stream', async () => {
    const gateway = await listen(server.sseUrl)
    const abort = new AbortController()
    const response = await fetch(gateway.url, { headers: gateway.authorization, signal: abort.signal })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const text = Buffer.from((await reader.read()).value ?? []).toString()
    const path = /^event: endpoint\ndata: (\/mcp\/[\w-]{22})\n\n$/.exec(text)?.[1] ?? ''
    expect(path).not.toBe('')
    const post = (): Promise<number> =>
      fetch(`http://127.0.0.1:${String(gateway.port)}${path}`, {
        method: 'POST',
        headers: { ...gateway.authorization, 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      }).then(({ status }) => status)
    expect(await post()).toBe(202)
    abort.abort()
    await waitFor('the path is gone', async () => ((await post()) === 404 ? true : undefined))
  })
})
