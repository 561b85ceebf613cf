import { dictationSampleRate } from '#ipc/dictation-limits'
import { encodeWav } from '#ipc/wav'

/** A second of silence as WAV, to ask a service whether it takes recordings. */
export function silence(): Uint8Array<ArrayBuffer> {
  return encodeWav([new Int16Array(dictationSampleRate)])
}
