/** A tenth of a second of 16 kHz. */
export const samplesOfPiece = 1600

/** What the microphone gave in that time. */
export interface CapturedPiece {
  readonly samples: Int16Array<ArrayBuffer>
  /** The loudest sample, 0 to 1. */
  readonly peak: number
}
