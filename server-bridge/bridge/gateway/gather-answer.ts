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

export interface AnswerTarget {
  pass(piece: Buffer): void
  /** All has been passed but this, where there is something left. */
  end(rest: Buffer | undefined): void
}

export interface GatheredAnswer {
  /**
   * Takes what came. Throws what `change` threw, after what was decided before has been passed on: an answer breaks off
   * where it broke.
   *
   * @param isLast the end follows in this turn, so nothing goes ahead of it.
   */
  write(chunk: Buffer, isLast: boolean): void
  end(): void
  /** Forgets what is held. */
  cancel(): void
}

/**
 * Gathers what comes in quick succession. What comes after a pause is passed on at the end of the turn, what comes within
 * {@link gapMs} of the piece before waits for the rest of that time, and the end waits for nothing. No stream of its own:
 * so the end of a short answer is one piece with it.
 *
 * @param change answers what is to be passed on of all that came so far; without a chunk: the rest. It may throw.
 */
export function gatherAnswer(
  clock: Clock,
  change: (chunk: Buffer | undefined) => readonly Buffer[],
  target: AnswerTarget,
): GatheredAnswer {
  let held: Buffer[] = []
  let size = 0
  let passedAt = -Infinity
  let cancelTimer: (() => void) | undefined
  let isTurnEnding = false

  const take = (): Buffer | undefined => {
    cancelTimer?.()
    cancelTimer = undefined
    const [only] = held
    const piece = held.length === 1 ? only : Buffer.concat(held, size)
    held = []
    size = 0
    return piece === undefined || piece.length === 0 ? undefined : piece
  }

  const pass = (): void => {
    const piece = take()
    if (piece === undefined) return
    passedAt = clock.now()
    target.pass(piece)
  }

  const hold = (pieces: readonly Buffer[]): void => {
    for (const piece of pieces) {
      held.push(piece)
      size += piece.length
    }
  }

  const passInTime = (): void => {
    if (size === 0 || isTurnEnding || cancelTimer !== undefined) return
    const since = clock.now() - passedAt
    // A clock that was set back tells nothing about the time since.
    if (since >= 0 && since < gapMs) {
      cancelTimer = clock.after(gapMs - since, pass)
      return
    }
    isTurnEnding = true
    process.nextTick(() => {
      isTurnEnding = false
      pass()
    })
  }

  return {
    write(chunk, isLast) {
      try {
        hold(change(chunk))
      } catch (thrown) {
        pass()
        throw thrown
      }
      if (size >= pieceBytes) pass()
      else if (!isLast) passInTime()
    },
    end() {
      hold(change(undefined))
      target.end(take())
    },
    cancel() {
      take()
    },
  }
}
