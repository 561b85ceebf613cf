import { Transform } from 'node:stream'
import type { Clock } from '../../lib/clock.ts'

/**
 * How often a stream of events is passed on. Each piece costs a packet of SSH, three messages and as many turns of other
 * processes, whatever its size, so of a flood many events go together.
 */
const gapMs = 2
/**
 * No more is waited for. With an event behind it and what HTTP puts around a chunk a piece is still one packet of SSH,
 * which ssh2 makes of 32 KiB at most.
 */
const pieceBytes = 30 * 1024

/**
 * A stream that gathers what comes in quick succession. What comes after a pause is passed on at the end of the turn,
 * what comes within {@link gapMs} of the piece before waits for the rest of that time, and the end waits for nothing.
 *
 * @param change answers what is to be passed on of all that came so far; without a chunk: the rest. It may throw.
 */
export function gatherAnswer(
  clock: Clock,
  change: (chunk: Buffer | undefined) => readonly Buffer[],
): Transform {
  let held: Buffer[] = []
  let size = 0
  let passedAt = -Infinity
  let cancel: (() => void) | undefined
  let isTurnEnding = false

  const pass = (): void => {
    cancel?.()
    cancel = undefined
    const [only] = held
    const piece = held.length === 1 ? only : Buffer.concat(held, size)
    held = []
    size = 0
    if (piece === undefined || piece.length === 0 || stream.destroyed) return
    passedAt = clock.now()
    stream.push(piece)
  }

  const hold = (pieces: readonly Buffer[]): void => {
    for (const piece of pieces) {
      held.push(piece)
      size += piece.length
    }
  }

  const passInTime = (): void => {
    if (size === 0 || isTurnEnding || cancel !== undefined) return
    const since = clock.now() - passedAt
    // A clock that was set back tells nothing about the time since.
    if (since >= 0 && since < gapMs) {
      cancel = clock.after(gapMs - since, pass)
      return
    }
    isTurnEnding = true
    process.nextTick(() => {
      isTurnEnding = false
      pass()
    })
  }

  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        hold(change(chunk))
      } catch (thrown) {
        // What was decided before is passed on: an answer breaks off where it broke.
        pass()
        done(thrown as Error)
        return
      }
      if (size >= pieceBytes) pass()
      else passInTime()
      done()
    },
    flush(done) {
      hold(change(undefined))
      pass()
      done()
    },
    destroy(error, done) {
      cancel?.()
      done(error)
    },
  })
  return stream
}
