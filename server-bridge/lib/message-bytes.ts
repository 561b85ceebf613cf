import type { RawData } from 'ws'

/**
 * The bytes of a WebSocket message. `ws` hands over one buffer, or its fragments when asked to; array buffers only with another
 * `binaryType`.
 */
export function messageBytes(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
