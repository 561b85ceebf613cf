import { dictationSampleRate } from '#ipc/dictation-limits'

/** A second of silence as WAV, to ask a service whether it takes recordings. */
export function silence(): Uint8Array<ArrayBuffer> {
  const samples = dictationSampleRate
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  // PCM, one channel.
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(dictationSampleRate, 24)
  wav.writeUInt32LE(dictationSampleRate * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(samples * 2, 40)
  return new Uint8Array(wav)
}
