import { dictationSampleRate } from './dictation-limits.ts'

/**
 * Samples of one channel as a WAV file: what the page records, and what main asks a service with before anything is said.
 *
 * @param rate samples a second
 */
export function encodeWav(
  pieces: readonly Int16Array[],
  rate: number = dictationSampleRate,
): Uint8Array<ArrayBuffer> {
  const samples = pieces.reduce((sum, { length }) => sum + length, 0)
  const wav = new Uint8Array(44 + samples * 2)
  const view = new DataView(wav.buffer)
  const tag = (at: number, text: string): void =>
    [...text].forEach((sign, index) => view.setUint8(at + index, sign.charCodeAt(0)))
  tag(0, 'RIFF')
  view.setUint32(4, wav.length - 8, true)
  tag(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  // PCM, one channel, 16 bits.
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  tag(36, 'data')
  view.setUint32(40, samples * 2, true)
  let at = 44
  for (const piece of pieces) {
    for (const sample of piece) {
      view.setInt16(at, sample, true)
      at += 2
    }
  }
  return wav
}
