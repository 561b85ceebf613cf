/**
 * How much of a terminal's output a client has read. The server puts marks among the output: WebSocket pings with the count
 * of bytes before them. Every client answers a ping once it has read what came before (RFC 6455, 5.5.2), so the answer
 * to a mark says how much that was. The app's own bridge answers later, when its page has drawn it.
 */

/** In front of the count, so that pings of others are told from these. */
const lead = new TextEncoder().encode('sent')
const countBytes = 6

/** The payload of a ping after `sent` bytes. */
export function encodeSentMark(sent: number): Uint8Array {
  const payload = new Uint8Array(lead.length + countBytes)
  payload.set(lead)
  for (let at = payload.length - 1, rest = sent; at >= lead.length; at -= 1) {
    payload[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return payload
}

/** The bytes before a mark. `undefined`: it is another's ping or pong. */
export function decodeSentMark(payload: Uint8Array): number | undefined {
  if (payload.length !== lead.length + countBytes) return undefined
  if (!lead.every((byte, at) => payload[at] === byte)) return undefined
  return payload.subarray(lead.length).reduce((sum, byte) => sum * 256 + byte, 0)
}
