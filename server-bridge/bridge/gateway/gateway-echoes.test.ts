import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { askGateway, gatewaySecret, gatewayWords, useAskedServer } from '../../testing/asked-gateway.ts'
import { waitFor } from '../../testing/wait-for.ts'

const asked = useAskedServer()
const { listen } = asked

describe('a server that echoes what it was sent', () => {
  const mask = '*'.repeat(gatewaySecret.length)

  it('in its headers and its status line', async () => {
    asked.answer = (_request, response) => {
      response.writeHead(200, `OK ${gatewaySecret}`, {
        'content-type': 'application/json',
        'mcp-session-id': `s-${gatewaySecret}-1`,
        'x-echo': gatewaySecret,
        'set-cookie': `k=${gatewaySecret}`,
        'www-authenticate': `Bearer realm="${gatewaySecret}"`,
        link: `<https://evil.example.test/${gatewaySecret}>`,
      })
      response.end('{}')
    }
    const got = await askGateway(await listen())
    expect(got.headers['mcp-session-id']).toBe(`s-${mask}-1`)
    expect(JSON.stringify(got)).not.toContain(gatewaySecret)
    expect(Object.keys(got.headers).sort()).toEqual([
      'connection',
      'content-type',
      'date',
      'mcp-session-id',
      'transfer-encoding',
    ])
  })

  it('keeps its session and its types, which hold no whole value', async () => {
    asked.answer = (_request, response) =>
      response
        .writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'mcp-session-id': 'english-1',
          'mcp-protocol-version': '2025-06-18',
        })
        .end('{"protocolVersion":"2025-06-18"}')
    const headers = { Cookie: 'lang=english; v=2025-06-18; t=application/json' }
    const gateway = await listen({}, { url: `${asked.url}?api-version=2025-06-18`, headers })
    const got = await askGateway(gateway)
    expect(got.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'mcp-session-id': 'english-1',
      'mcp-protocol-version': '2025-06-18',
    })
    expect(got.body).toBe('{"protocolVersion":"2025-06-18"}')
  })

  it('in an early hint and in trailers', async () => {
    asked.answer = (_request, response) => {
      response.writeEarlyHints({ link: `</${gatewaySecret}>; rel=preload` })
      response.writeHead(200, { 'content-type': 'application/json', trailer: 'x-echo' })
      response.addTrailers({ 'x-echo': gatewaySecret })
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
    expect(all).not.toContain(gatewaySecret)
  })

  it('in events that are cut anywhere, without an event waiting for the next one', async () => {
    const forms = [
      gatewaySecret,
      encodeURIComponent(gatewaySecret),
      Buffer.from(`a${gatewaySecret}`).toString('base64'),
      Buffer.from(gatewaySecret).toString('hex'),
    ]
    let more: () => void = () => undefined
    asked.answer = (_request, response) => {
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
    asked.answer = (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify(gatewaySecret)))
    expect((await askGateway(await listen())).status).toBe(502)
  })

  it.each([
    ['text/html', 200, 502],
    ['text/html', 404, 404],
    ['application/octet-stream', 500, 500],
    ['application/json; charset=utf-16le', 200, 502],
  ])('as %s with status %i', async (type, status, wanted) => {
    asked.answer = (_request, response) =>
      response.writeHead(status, { 'content-type': type }).end(Buffer.from(gatewaySecret, 'utf16le'))
    const got = await askGateway(await listen())
    expect(got.status).toBe(wanted)
    expect(got.body).not.toContain(gatewaySecret[0]?.repeat(1) + '\0')
    expect(gatewayWords(got)).toContain('The MCP server answered with')
  })

  it('without a type', async () => {
    asked.answer = (_request, response) => response.writeHead(200).end(gatewaySecret)
    const got = await askGateway(await listen())
    expect([got.status, got.body]).toEqual([200, ''])
  })

  it('with an end before its length, which ends the answer too', async () => {
    asked.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write(`{"echo":"${gatewaySecret}`)
      setImmediate(() => response.destroy())
    }
    const gateway = await listen()
    await expect(askGateway(gateway)).rejects.toThrow()
    await waitFor('it is told', () => gateway.events.find(({ type }) => type === 'failed'))
    expect(gateway.events.at(-1)).toEqual({
      type: 'failed',
      message: 'The answer of the MCP server broke off.',
    })
  })
})
