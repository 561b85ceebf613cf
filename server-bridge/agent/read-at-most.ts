import type { FileHandle } from 'node:fs/promises'

/**
 * The first `maxBytes` of a file. `size` is what it was measured with: no more memory than it needs is taken, and one that
 * has grown since, or goes on growing, still has an end.
 */
export async function readAtMost(
  file: Pick<FileHandle, 'read'>,
  { size, maxBytes }: { readonly size: number; readonly maxBytes: number },
): Promise<Buffer> {
  // One more, so that the end of what has not grown is found without more room.
  let buffer = Buffer.alloc(Math.min(maxBytes, size + 1))
  let bytes = 0
  while (bytes < maxBytes) {
    if (bytes === buffer.length) buffer = Buffer.concat([buffer], Math.min(maxBytes, 2 * bytes))
    const { bytesRead } = await file.read(buffer, bytes, buffer.length - bytes, null)
    if (bytesRead === 0) break
    bytes += bytesRead
  }
  return buffer.subarray(0, bytes)
}
