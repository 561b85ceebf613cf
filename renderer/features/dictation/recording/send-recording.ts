import { dictationPieceBytes } from '#ipc/dictation-limits'
import type { RpcClient } from '../../../api/rpc-client.ts'

/** Hands a recording to main and answers what was said. @throws {BridgeError} */
export async function sendRecording(
  client: RpcClient,
  wav: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  const recordingId = crypto.randomUUID()
  for (let at = 0; ; at += dictationPieceBytes) {
    const end = Math.min(wav.length, at + dictationPieceBytes)
    const isLast = end === wav.length
    const piece = base64(wav.subarray(at, end))
    const { text } = await client.call('dictation.transcribe', { recordingId, at, piece, isLast }, signal)
    if (isLast) return text ?? ''
  }
}

/** In steps, since a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(binary)
}
