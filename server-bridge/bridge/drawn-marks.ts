import { terminalAckBytes } from '../contract/bridge-port.ts'
import { decodeSentMark } from '../contract/sent-mark.ts'

/**
 * Answers the server's marks among the output of a terminal once the window has drawn what came before them, so that the
 * server counts the way as far as the eye. Where no window takes the output, reading it is all there is.
 */
export interface DrawnMarks {
  /** A ping of the server came after the output so far. Any other than a mark is answered at once. */
  ping(payload: Uint8Array, answer: () => void): void
  /** Output was sent to the window. */
  sent(bytes: number): void
  /** The window has drawn output. */
  drawn(bytes: number): void
  /** All of them are answered: no window draws what was sent. */
  reset(): void
  /** None of them is: their connection is gone. */
  drop(): void
}

/** @param hasHeld whether output before a ping is still gathered and was not sent to the window */
export function createDrawnMarks(hasHeld: () => boolean): DrawnMarks {
  let onTheWay = 0
  let sentBytes = 0
  /** In the order of their pings; without `at` what came before them is still held. */
  let waiting: { at: number | undefined; readonly answer: () => void }[] = []

  /** The window says nothing of a rest below one step of its acknowledgements. */
  const answerDrawn = (): void => {
    const drawnBytes = sentBytes - onTheWay
    const isDrawn = ({ at }: { readonly at: number | undefined }): boolean =>
      at !== undefined && at - drawnBytes < terminalAckBytes
    const firstNot = waiting.findIndex((mark) => !isDrawn(mark))
    const drawn = firstNot === -1 ? waiting : waiting.slice(0, firstNot)
    waiting = firstNot === -1 ? [] : waiting.slice(firstNot)
    for (const { answer } of drawn) answer()
  }
  return {
    ping(payload, answer) {
      if (decodeSentMark(payload) === undefined) answer()
      else {
        waiting.push({ at: hasHeld() ? undefined : sentBytes, answer })
        answerDrawn()
      }
    },
    sent(bytes) {
      sentBytes += bytes
      onTheWay += bytes
      for (const mark of waiting) mark.at ??= sentBytes
      answerDrawn()
    },
    drawn(bytes) {
      onTheWay = Math.max(0, onTheWay - bytes)
      answerDrawn()
    },
    reset() {
      onTheWay = 0
      const all = waiting
      waiting = []
      for (const { answer } of all) answer()
    },
    drop() {
      waiting = []
    },
  }
}
