/**
 * The older transport of MCP (HTTP with server-sent events, revision 2024-11-05): the first event that is called
 * `endpoint` names where messages go. The workspace is given a path of ours in its place.
 */

/** All up to the end of that event: an address and what may stand around it. */
const maxBytes = 64 * 1024

export interface EndpointRewriter {
  /**
   * What may be passed on of all that came so far: whole events until the endpoint is named, then everything as it is.
   *
   * @throws {SyntaxError} when the endpoint does not come within {@link maxBytes} or names no usable address.
   */
  push(chunk: Buffer): Buffer[]
}

/**
 * @param rewrite answers our path for the address the server names. It may throw.
 */
export function createEndpointRewriter(rewrite: (address: string) => string): EndpointRewriter {
  let rest: Buffer = Buffer.alloc(0)
  let seen = 0
  let isNamed = false

  return {
    push(chunk) {
      if (isNamed) return [chunk]
      // Small, so that putting the pieces of an event together costs nothing, however small they are.
      const taken = chunk.subarray(0, maxBytes - seen)
      seen += taken.length
      const bytes = Buffer.concat([rest, taken])
      const out: Buffer[] = []
      let from = 0
      let searchedFrom = Math.max(0, rest.length - 3)
      for (;;) {
        const end = endOfEvent(bytes, searchedFrom)
        if (end === undefined) break
        const address = endpointOf(bytes.subarray(from, end))
        if (address !== undefined) {
          isNamed = true
          rest = Buffer.alloc(0)
          out.push(Buffer.from(`event: endpoint\ndata: ${rewrite(address)}\n\n`))
          out.push(bytes.subarray(end), chunk.subarray(taken.length))
          return out.filter(({ length }) => length > 0)
        }
        out.push(bytes.subarray(from, end))
        from = end
        searchedFrom = end
      }
      rest = bytes.subarray(from)
      if (seen >= maxBytes)
        throw new SyntaxError('The MCP server sent too much before it said where messages go.')
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

/** The address in an event that is called `endpoint`. */
function endpointOf(event: Buffer): string | undefined {
  const lines = event
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
  const values = (field: string): string[] =>
    lines.flatMap((line) => {
      const [, name, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? []
      return name === field ? [value ?? ''] : []
    })
  return values('event').at(-1) === 'endpoint' ? values('data').join('\n') : undefined
}
