/**
 * Requests ahead of their answers: over a link with a round trip, one request at a time is a fraction of what it carries.
 * What is on its way is bounded, so a slow disk on either side holds back the other end and not memory in between.
 */
import type { SftpClient } from './sftp/sftp-client.ts'
import { SftpError, sftpStatus } from './sftp/sftp-error.ts'

/** Requests and bytes on their way. As OpenSSH's `sftp` (`num_requests`), and twice what a channel's window holds. */
const maxRequests = 64
const maxBytesAhead = 4 * 1024 * 1024

function requestsFor(chunkBytes: number): number {
  return Math.max(2, Math.min(maxRequests, Math.floor(maxBytesAhead / chunkBytes)))
}

/**
 * Reads `[from, to)` in order, less where the file ends.
 *
 * @param onChunk takes the next bytes; a promise holds the reading back. Calling `sftp.done` with them lets their memory be
 *   used again.
 */
export async function pipelinedRead(
  sftp: SftpClient,
  handle: Buffer,
  range: { readonly from: number; readonly to: number },
  onChunk: (chunk: Buffer, position: number) => void | Promise<void>,
): Promise<void> {
  const chunkBytes = sftp.maxReadBytes
  const ahead: { readonly at: number; readonly length: number; readonly data: Promise<Buffer | null> }[] = []
  const most = requestsFor(chunkBytes)
  let next = range.from
  // A short file is not asked for sixty times: requests double while answers come full.
  let allowed = 2
  const ask = (at: number, length: number) => {
    const data = sftp.read(handle, at, length)
    // Looked at in order; one that fails earlier must not count as unhandled.
    data.catch(() => undefined)
    return { at, length, data }
  }
  for (;;) {
    while (ahead.length < allowed && next < range.to) {
      const length = Math.min(chunkBytes, range.to - next)
      ahead.push(ask(next, length))
      next += length
    }
    const first = ahead.shift()
    if (first === undefined) return
    const data = await first.data
    if (data === null) return
    if (data.length === 0) throw new SftpError(sftpStatus.failure, 'The server sent nothing.')
    await onChunk(data, first.at)
    if (data.length < first.length) ahead.unshift(ask(first.at + data.length, first.length - data.length))
    else allowed = Math.min(most, allowed * 2)
  }
}

/**
 * Writes what `source` yields, one after the other from `position`. Chunks are no longer than `sftp.maxWriteBytes`.
 *
 * @param onWritten a chunk the server has confirmed, with none missing before it; until then it must not be changed.
 */
export async function pipelinedWrite(
  sftp: SftpClient,
  { handle, position }: { readonly handle: Buffer; readonly position: number },
  source: () => AsyncIterable<Buffer>,
  onWritten?: (chunk: Buffer) => void,
): Promise<void> {
  const most = requestsFor(sftp.maxWriteBytes)
  const ahead: { readonly chunk: Buffer; readonly done: Promise<void> }[] = []
  const confirm = async (): Promise<void> => {
    const first = ahead.shift()
    if (first === undefined) return
    await first.done
    onWritten?.(first.chunk)
  }
  let at = position
  try {
    for await (const chunk of source()) {
      if (ahead.length >= most) await confirm()
      const done = sftp.write(handle, at, chunk)
      done.catch(() => undefined)
      ahead.push({ chunk, done })
      at += chunk.length
    }
    while (ahead.length > 0) await confirm()
  } finally {
    // The chunks may be used again after this, so nothing of them may still be on its way.
    await Promise.allSettled(ahead.map(({ done }) => done))
  }
}
