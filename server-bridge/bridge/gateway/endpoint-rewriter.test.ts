import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEndpointRewriter } from './endpoint-rewriter.ts'

function rewriteAll(text: string, cuts: readonly number[] = []): string {
  const rewriter = createEndpointRewriter((address) => `/ours(${address})`)
  const bytes = Buffer.from(text)
  const out: Buffer[] = []
  let from = 0
  for (const end of [...cuts, bytes.length]) {
    if (end <= from) continue
    out.push(...rewriter.push(bytes.subarray(from, end)))
    from = end
  }
  return Buffer.concat(out).toString()
}

const other = ': alive\n\nevent: message\nid: 4\ndata: {"a":1}\ndata: endpoint\n\n'

describe('an endpoint event', () => {
  it.each([
    ['event: endpoint\ndata: /messages?id=1\n\n', '/messages?id=1'],
    ['event:endpoint\r\ndata:/m\r\n\r\n', '/m'],
    ['data: /m\revent: endpoint\r\rx', '/m', 'x'],
    ['id: 1\nevent: other\nevent: endpoint\ndata: /m\nretry: 5\n\n', '/m'],
    ['\uFEFFevent: endpoint\ndata: /m\n\n', '/m'],
  ])('is renamed in %j', (event, address, behind = '') => {
    expect(rewriteAll(event)).toBe(`event: endpoint\ndata: /ours(${address})\n\n${behind}`)
  })

  it('is renamed wherever it is cut, and other events stay as they are', () => {
    const text = `event: endpoint\r\ndata: /messages\r\n\r\n${other}`
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        expect(
          rewriteAll(
            text,
            cuts.toSorted((a, b) => a - b),
          ),
        ).toBe(`event: endpoint\ndata: /ours(/messages)\n\n${other}`)
      }),
    )
  })
})

describe('everything else', () => {
  it('stays', () => {
    for (const text of [other, 'event: endpoints\ndata: x\n\n', 'data: event: endpoint\n\n', '\n\n']) {
      expect(rewriteAll(text)).toBe(text)
    }
  })

  it.each([
    ['an event has no end', 'x'],
    ['no event names the endpoint', ': alive\n\n'],
  ])('is refused soon when %s', (_, text) => {
    const rewriter = createEndpointRewriter((address) => address)
    const piece = Buffer.from(text.repeat(Math.ceil(1024 / text.length)))
    let sent = 0
    expect(() => {
      for (; sent < 18 * 1024; sent += 1) rewriter.push(piece)
    }).toThrow('too much before it said where messages go')
    expect(sent).toBeLessThan(64)
  })

  it('passes at once behind the endpoint: as it is, not held and not renamed', () => {
    let named = 0
    const rewriter = createEndpointRewriter(() => `/ours/${String((named += 1))}`)
    rewriter.push(Buffer.from('event: endpoint\ndata: /m\n\n'))
    for (const text of ['data: no end', 'x'.repeat(100_000), '\n\nevent: endpoint\ndata: /other\n\n']) {
      const chunk = Buffer.from(text)
      expect(rewriter.push(chunk)).toEqual([chunk])
    }
    expect(named).toBe(1)
  })

  it('passes behind the endpoint in one chunk too, however large', () => {
    const tail = 'x'.repeat(200_000)
    expect(rewriteAll(`event: endpoint\ndata: /m\n\n${tail}`)).toBe(
      `event: endpoint\ndata: /ours(/m)\n\n${tail}`,
    )
  })
})
