import type { Duplex } from 'node:stream'
import type { UsageSession } from './usage.ts'

/**
 * Counts what goes over a stream that somebody else reads and writes. Nothing is put in between, so back-pressure stays
 * that of the stream itself.
 */
export function countBytes(stream: Duplex, meter: Pick<UsageSession, 'count'>): void {
  stream.on('data', (bytes: Buffer) => meter.count('rx', bytes.length))
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean
  stream.write = (chunk: Buffer | string, ...more: unknown[]): boolean => {
    meter.count('tx', Buffer.byteLength(chunk))
    return write(chunk, ...more)
  }
}
