/**
 * Runs beside the page, on the audio's own thread: gathers what the microphone gives into pieces of a tenth of a second,
 * as 16-bit samples, and posts each with its loudest.
 */
import { samplesOfPiece, type CapturedPiece } from './captured-piece.ts'

/** What the scope of a worklet has; the libraries of TypeScript leave it out. */
interface WorkletProcessor {
  readonly port: MessagePort
}
declare const AudioWorkletProcessor: new () => WorkletProcessor
declare function registerProcessor(name: string, processor: new () => WorkletProcessor): void

class Capture extends AudioWorkletProcessor {
  #samples = new Int16Array(samplesOfPiece)
  #filled = 0
  #peak = 0

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    for (const value of inputs[0]?.[0] ?? []) {
      const sample = Math.max(-1, Math.min(1, value))
      this.#peak = Math.max(this.#peak, Math.abs(sample))
      this.#samples[this.#filled++] = Math.round(sample * 32_767)
      if (this.#filled === samplesOfPiece) this.#post()
    }
    return true
  }

  #post(): void {
    const piece: CapturedPiece = { samples: this.#samples, peak: this.#peak }
    this.port.postMessage(piece, [this.#samples.buffer])
    this.#samples = new Int16Array(samplesOfPiece)
    this.#filled = 0
    this.#peak = 0
  }
}

registerProcessor('capture', Capture)
