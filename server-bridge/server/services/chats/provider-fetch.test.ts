import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type Agent } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createSelfSigned } from '../../../testing/self-signed.ts'
import { providerAgents, providerFetch } from './provider-fetch.ts'

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => new Promise((resolve) => void server.close(() => resolve())))
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  onTestFinished(() => server.closeAllConnections())
  return listen(server)
}

/** Answers each connection with these bytes. */
async function serveBytes(bytes: string): Promise<string> {
  return listen(
    createTcpServer(
      (socket) =>
        void socket
          .on('error', () => undefined)
          .resume()
          .end(bytes),
    ),
  )
}

const answer =
  (status: number, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, headers).end(status === 204 ? undefined : 'text')

const causeOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no error',
    (error: unknown) => [(error as Error).message, ((error as Error).cause as Error).message],
  )

describe('a call of a provider', () => {
  it('sends what it is given, in one piece, and gives back what comes', async () => {
    const url = await serve((request, response) => {
      const said = [request.method, request.url, request.headers['x-key'], request.headers['content-length']]
      response.writeHead(429, { 'Retry-After': '7' })
      request.on('data', (chunk: Buffer) => response.end([...said, chunk.toString()].join(' ')))
    })
    const response = await providerFetch(`${url}/v1?a=b`, {
      method: 'POST',
      headers: { 'X-Key': 'k' },
      body: 'Grüße',
    })
    expect([response.status, response.ok, response.headers.get('retry-after')]).toEqual([429, false, '7'])
    expect(await response.text()).toBe('POST /v1?a=b k 7 Grüße')
  })

  it.each([
    [new Headers({ 'x-key': 'k' }), Buffer.from('b')],
    [[['x-key', 'k']] as [string, string][], new Uint8Array([98])],
  ])('takes headers and bytes as the standard has them', async (headers, body) => {
    const url = await serve((request, response) => {
      request.on('data', (chunk: Buffer) =>
        response.end(`${String(request.headers['x-key'])} ${chunk.toString()}`),
      )
    })
    const response = await providerFetch(new URL(url), { method: 'POST', headers, body })
    expect(await response.text()).toBe('k b')
  })

  it('gives what has come before the answer is whole, and holds the rest back while nobody reads', async () => {
    let written = 0
    const url = await serve((_, response) => {
      const write = (): void => {
        while (written < 64 && response.write(Buffer.alloc(1 << 20))) written += 1
        if (written >= 64) response.end()
      }
      response.on('drain', () => {
        written += 1
        write()
      })
      write()
    })
    const { body } = await providerFetch(url)
    const reader = body?.getReader()
    expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0)
    await vi.waitFor(() => expect(written).toBeGreaterThan(0))
    expect(written).toBeLessThan(64)
    let all = 0
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      all += part.value.byteLength
    expect(all).toBeGreaterThan(60 << 20)
  })

  it('uses a connection again', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('x')
    })
    for (let count = 0; count < 3; count += 1) await (await providerFetch(url)).text()
    expect(ports.size).toBe(1)
  })

  it('waits for an answer longer than it keeps a connection', async () => {
    const url = await serve((_, response) => void response.write('a'))
    const { body } = await providerFetch(url)
    const reader = body?.getReader()
    await reader?.read()
    const rest = reader?.read()
    const open = Object.values(providerAgents['http:']?.sockets ?? {}).flat()
    expect(open).toHaveLength(1)
    open[0]?.emit('timeout')
    const early = Promise.race([rest, new Promise((resolve) => setImmediate(() => resolve('waits')))])
    expect(await early).toBe('waits')
    await reader?.cancel()
  })

  it('asks over TLS whoever it can trust, and nobody else', async () => {
    const certificate = createSelfSigned()
    const asked = vi.fn(answer(200))
    const server = createSecureServer(certificate, asked)
    onTestFinished(() => server.closeAllConnections())
    const url = (await listen(server)).replace('http://127.0.0.1', 'https://localhost')
    expect(await causeOf(providerFetch(url))).toEqual(['fetch failed', 'self-signed certificate'])
    expect(asked).not.toHaveBeenCalled()
    const agent = providerAgents['https:'] as Agent
    agent.options.ca = certificate.cert
    onTestFinished(() => {
      delete agent.options.ca
    })
    expect(await (await providerFetch(url)).text()).toBe('text')
  })

  it.each([301, 302, 303, 307, 308])('follows no redirect (%i)', async (status) => {
    const asked = vi.fn(answer(200))
    const elsewhere = await serve(asked)
    const url = await serve(answer(status, { location: elsewhere }))
    expect(await causeOf(providerFetch(url))).toEqual(['fetch failed', 'unexpected redirect'])
    expect(asked).not.toHaveBeenCalled()
  })

  it('has no body where there can be none', async () => {
    const response = await providerFetch(await serve(answer(204)))
    expect([response.status, response.body]).toEqual([204, null])
  })

  it('refuses what is compressed in a way that it cannot read, and asks for no way', async () => {
    const asked = vi.fn(answer(200, { 'content-encoding': 'br' }))
    const url = await serve(asked)
    expect(await causeOf(providerFetch(url))).toEqual([
      'fetch failed',
      'The answer comes as br, which was not asked for.',
    ])
    expect(asked.mock.calls[0]?.[0].headers['accept-encoding']).toBe('identity')
  })

  it.each([
    ['a status that there is not', 'HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n', 'range'],
    ['no HTTP', 'SSH-2.0-x\r\n', 'Parse Error'],
    ['nothing', '', 'socket hang up'],
  ])('fails as the standard’s when it is answered by %s', async (_, bytes, words) => {
    expect(await causeOf(providerFetch(await serveBytes(bytes)))).toEqual([
      'fetch failed',
      expect.stringContaining(words),
    ])
  })

  it('fails as the standard’s where nobody listens', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const cause = (await causeOf(providerFetch(`http://127.0.0.1:${String(port)}`))) as string[]
    expect(cause[1]).toContain('ECONNREFUSED')
  })

  it('tells of an answer that is cut off, after what came', async () => {
    const url = await serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')
    const reader = (await providerFetch(url)).body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('abc')
    await expect(reader?.read()).rejects.toMatchObject({ message: 'aborted', code: 'ECONNRESET' })
  })

  it('is called off before, while it waits, and in the middle of the answer', async () => {
    const why = new Error('Stopped')
    await expect(providerFetch('http://127.0.0.1:1', { signal: AbortSignal.abort(why) })).rejects.toBe(why)
    for (const begins of [false, true]) {
      const closed = vi.fn()
      const stop = new AbortController()
      const url = await serve((_, response) => {
        response.on('close', closed)
        if (begins) response.write('abc')
        else stop.abort(why)
      })
      const call = providerFetch(url, { signal: stop.signal })
      if (begins) {
        const reader = (await call).body?.getReader()
        await reader?.read()
        const rest = reader?.read()
        stop.abort(why)
        await expect(rest).rejects.toThrow()
      } else await expect(call).rejects.toBe(why)
      await vi.waitFor(() => expect(closed).toHaveBeenCalled())
    }
  })

  it('ends the connection when nobody wants the rest', async () => {
    const closed = vi.fn()
    const url = await serve((_, response) => void response.on('close', closed).write('abc'))
    await (await providerFetch(url)).body?.cancel()
    await vi.waitFor(() => expect(closed).toHaveBeenCalled())
  })

  it('does not take what would have to be read first', async () => {
    await expect(providerFetch(new Request('http://127.0.0.1:1'))).rejects.toThrow('by address')
    const body = new ReadableStream()
    await expect(providerFetch('http://127.0.0.1:1', { method: 'POST', body })).rejects.toThrow(
      'text or bytes',
    )
    await expect(providerFetch('file:///etc/passwd')).rejects.toThrow('not by file:')
  })
})
