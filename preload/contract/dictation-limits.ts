/** Bounds of a recording, on both sides of the port. */

/** Seconds one recording may last. */
export const dictationMaxSeconds = 300
/** As models of speech want it; a second of it is 32,000 bytes. */
export const dictationSampleRate = 16_000
/** A recording of that length as WAV, with room for its header: far below the 25 MB that services take. */
export const dictationMaxBytes = dictationMaxSeconds * dictationSampleRate * 2 + 1024
/** What one call carries of a recording. */
export const dictationPieceBytes = 512 * 1024
