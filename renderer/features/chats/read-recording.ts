import type { RpcClient } from '../../api/rpc-client.ts'
import type { ReadProgress } from './transcript/transcript-actions.ts'

/** Reads a recording piece by piece. Its type is one of two, and is never what a page would run. */
export async function readRecording(
  client: RpcClient,
  file: { readonly deploymentId: string; readonly fileId: string },
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal,
): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array<ArrayBuffer>[] = []
    let type = ''
    let bytes = 0
    const stop = client.subscribe('chats.readRecording', file, {
      next({ mediaType, size, piece }) {
        const part = Uint8Array.from(atob(piece), (character) => character.charCodeAt(0))
        pieces.push(part)
        type = mediaType
        bytes += part.length
        onProgress({ bytes, size })
      },
      error: reject,
      done: () => resolve(new Blob(pieces, { type })),
    })
    signal.addEventListener('abort', () => {
      stop()
      reject(new DOMException('Nobody waits for it any more.', 'AbortError'))
    })
  })
}
