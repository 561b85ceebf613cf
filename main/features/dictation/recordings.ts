import { dictationMaxBytes } from '#ipc/dictation-limits'
import { ProcedureError } from '../../lib/procedure-error.ts'

export interface RecordingPiece {
  readonly recordingId: string
  readonly at: number
  readonly piece: string
  readonly isLast: boolean
}

/** Recordings a window began to hand over and did not end. */
const maxOpen = 3

/** Puts recordings together again, which come in pieces. */
export interface Recordings {
  /** The whole, once its last piece is there. @throws {ProcedureError} `piece_missing`, `too_large` */
  take(windowId: number, input: RecordingPiece): Uint8Array<ArrayBuffer> | undefined
}

export function createRecordings(): Recordings {
  const open = new Map<string, Buffer[]>()
  return {
    take(windowId, { recordingId, at, piece, isLast }) {
      const key = `${String(windowId)}/${recordingId}`
      // From the beginning: it is handed over once more.
      const pieces = at === 0 ? [] : (open.get(key) ?? [])
      open.delete(key)
      if (sizeOf(pieces) !== at)
        throw new ProcedureError(
          'piece_missing',
          'A part of the recording was lost on its way inside Outpost. Try again.',
        )
      pieces.push(Buffer.from(piece, 'base64'))
      if (sizeOf(pieces) > dictationMaxBytes)
        throw new ProcedureError('too_large', 'The recording is longer than five minutes.')
      if (isLast) return new Uint8Array(Buffer.concat(pieces))
      open.set(key, pieces)
      // The oldest is the one whose window forgot it.
      for (const oldest of open.keys()) {
        if (open.size <= maxOpen) break
        open.delete(oldest)
      }
      return undefined
    },
  }
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}
