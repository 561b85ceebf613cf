/**
 * The older transport of MCP (HTTP with server-sent events, revision 2024-11-05): the first event, `endpoint`, names
 * where messages go. The workspace is given a path of ours in its place.
 */

/** One event. The largest message a gateway takes is smaller. */
const maxEventBytes = 16 * 1024 * 1024

export interface EndpointRewriter {
  /** Whole events of what came so far. @throws {SyntaxError} when one is too large or names no usable address. */
  push(chunk: Buffer): Buffer[]
}

/**
 * @param rewrite answers our path for the address the server names. It may throw.
 */
export function createEndpointRewriter(rewrite: (address: string) => string): EndpointRewriter {
  let rest: Buffer = Buffer.alloc(0)

  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const out: Buffer[] = []
      let from = 0
      let searchedFrom = Math.max(0, rest.length - 3)
      for (;;) {
        const end = endOfEvent(bytes, Math.max(from, searchedFrom))
        if (end === undefined) break
        out.push(rewriteEvent(bytes.subarray(from, end), rewrite))
        from = end
        searchedFrom = end
      }
      rest = bytes.subarray(from)
      if (rest.length > maxEventBytes)
        throw new SyntaxError('The MCP server sent an event that is too large.')
      return out
    },
  }
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Behind the empty line that ends an event; lines end with CR, LF or both (WHATWG HTML, 9.2.5). */
function endOfEvent(bytes: Buffer, from: number): number | undefined {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte !== lineFeed && byte !== carriageReturn) continue
    const first = lineEnd(bytes, at)
    if (first === 0) continue
    const second = lineEnd(bytes, at + first)
    if (second > 0) return at + first + second
  }
  return undefined
}

/** Length of the line end at a place. A lone CR at the very end may be half of one, so it is none yet. */
function lineEnd(bytes: Buffer, at: number): number {
  if (bytes[at] === lineFeed) return 1
  if (bytes[at] !== carriageReturn || at + 1 >= bytes.length) return 0
  return bytes[at + 1] === lineFeed ? 2 : 1
}

function rewriteEvent(event: Buffer, rewrite: (address: string) => string): Buffer {
  const lines = event
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
  const values = (field: string): string[] =>
    lines.flatMap((line) => {
      const [, name, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? []
      return name === field ? [value ?? ''] : []
    })
  if (values('event').at(-1) !== 'endpoint') return event
  return Buffer.from(`event: endpoint\ndata: ${rewrite(values('data').join('\n'))}\n\n`)
}
