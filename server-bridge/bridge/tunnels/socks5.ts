/**
 * The server's half of SOCKS5 (RFC 1928), as a pure parser: CONNECT without a password, names left to the workspace to
 * resolve. Whoever says anything else is answered by the protocol and let go.
 */

/** Where a client wants to go. */
export interface SocksTarget {
  readonly host: string
  readonly port: number
}

/** Codes of an answer (RFC 1928, 6). */
export const socksReplies = {
  succeeded: 0,
  failed: 1,
  notAllowed: 2,
  hostUnreachable: 4,
  refused: 5,
  commandUnknown: 7,
  addressUnknown: 8,
} as const
export type SocksReply = (typeof socksReplies)[keyof typeof socksReplies]

export type SocksStep =
  /** More bytes are needed; `answer` goes out first. */
  | { readonly kind: 'more'; readonly answer?: Buffer }
  /** `rest` came behind the request: it is the client's for the target. `answer` goes out first. */
  | {
      readonly kind: 'connect'
      readonly target: SocksTarget
      readonly rest: Buffer
      readonly answer?: Buffer
    }
  /** The connection is over, with `answer` as the last word; `problem` is a sentence. */
  | { readonly kind: 'refuse'; readonly problem: string; readonly answer?: Buffer }

const version = 5
const withoutPassword = 0
const noMethod = 0xff
const connect = 1
/** A greeting with all methods and a request with the longest name: nobody needs more before an answer. */
const maxBytes = 2 + 255 + 4 + 1 + 255 + 2

/** The answer to a request. The address is none: clients of CONNECT do not use it. */
export function socksAnswer(reply: SocksReply): Buffer {
  return Buffer.from([version, reply, 0, 1, 0, 0, 0, 0, 0, 0])
}

/** Makes the parser of one connection; give it what comes until it answers other than `more`. */
export function createSocksParser(): (chunk: Buffer) => SocksStep {
  let bytes: Buffer = Buffer.alloc(0)
  let isGreeted = false

  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk])
    let greeting: Buffer | undefined
    if (!isGreeted) {
      const step = readGreeting(bytes)
      if (step.kind !== 'done') return step
      isGreeted = true
      greeting = Buffer.from([version, withoutPassword])
      bytes = bytes.subarray(step.length)
    }
    const step = readRequest(bytes)
    if (step.kind === 'more' && bytes.length > maxBytes)
      return { kind: 'refuse', problem: 'A SOCKS request was too long.' }
    const answer = Buffer.concat([greeting ?? Buffer.alloc(0), step.answer ?? Buffer.alloc(0)])
    return answer.length === 0 ? step : { ...step, answer }
  }
}

type Greeting =
  Exclude<SocksStep, { readonly kind: 'connect' }> | { readonly kind: 'done'; readonly length: number }

function readGreeting(bytes: Buffer): Greeting {
  const [said, count] = bytes
  if (said !== undefined && said !== version)
    return { kind: 'refuse', problem: 'Somebody spoke another protocol than SOCKS5.' }
  if (count === undefined || bytes.length < 2 + count) return { kind: 'more' }
  if (!bytes.subarray(2, 2 + count).includes(withoutPassword)) {
    const answer = Buffer.from([version, noMethod])
    return { kind: 'refuse', problem: 'A SOCKS client wanted to sign in, which is not needed here.', answer }
  }
  return { kind: 'done', length: 2 + count }
}

function refuse(problem: string, reply: SocksReply): SocksStep {
  return { kind: 'refuse', problem, answer: socksAnswer(reply) }
}

function readRequest(bytes: Buffer): SocksStep {
  const [said, command, reserved, type] = bytes
  if (said !== undefined && said !== version)
    return { kind: 'refuse', problem: 'A SOCKS request was of another version.' }
  if (command !== undefined && command !== connect)
    return refuse('A SOCKS client asked for another command than CONNECT.', socksReplies.commandUnknown)
  if (reserved !== undefined && reserved !== 0)
    return refuse('A SOCKS request did not follow the protocol.', socksReplies.failed)
  if (type === undefined) return { kind: 'more' }
  const length = addressLength(type, bytes[4])
  if (length === 'unknown')
    return refuse('A SOCKS request had an unknown kind of address.', socksReplies.addressUnknown)
  if (length === undefined || bytes.length < 4 + length + 2) return { kind: 'more' }
  const host = readHost(type, bytes.subarray(4, 4 + length))
  const port = bytes.readUInt16BE(4 + length)
  if (host === undefined || port === 0)
    return refuse('A SOCKS request named no usable address.', socksReplies.failed)
  return { kind: 'connect', target: { host, port }, rest: bytes.subarray(4 + length + 2) }
}

const ipv4 = 1
const name = 3
const ipv6 = 4

/** Bytes of the address, with the length byte of a name. `undefined`: not known yet. */
function addressLength(type: number, first: number | undefined): number | undefined | 'unknown' {
  switch (type) {
    case ipv4:
      return 4
    case ipv6:
      return 16
    case name:
      return first === undefined ? undefined : 1 + first
    default:
      return 'unknown'
  }
}

function readHost(type: number, bytes: Buffer): string | undefined {
  if (type === ipv4) return [...bytes].join('.')
  if (type === ipv6)
    return Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16)).join(':')
  const text = bytes.subarray(1).toString('latin1')
  // Letters of other scripts come as Punycode (RFC 5890); what else there is would be no name.
  return /^[A-Za-z0-9._:-]+$/.test(text) ? text : undefined
}
