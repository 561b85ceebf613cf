/** Accounting and cutting of terminal traffic; the numbers are the contract's (`server-bridge/contract/bridge-port`). */

/** Same as `terminalAckBytes`; the contract's module would bring its schemas into the window. */
export const ackBytes = 32 * 1024
/** Same as `terminalInputMaxChars`. */
export const inputMaxChars = 32 * 1024

export interface AckCounter {
  /** Bytes the screen has parsed. */
  parsed(bytes: number): void
}

/** Gives credit back in steps, so that acknowledgements stay rare; a rest below one step stays owed. */
export function createAckCounter(step: number, send: (bytes: number) => void): AckCounter {
  let owed = 0
  return {
    parsed: (bytes) => {
      owed += bytes
      if (owed < step) return
      const all = owed
      owed = 0
      send(all)
    },
  }
}

/** Cuts input into messages no longer than `max`, never through a character of two units. */
export function splitInput(text: string, max: number): readonly string[] {
  const parts: string[] = []
  let start = 0
  while (start < text.length) {
    let end = Math.min(start + max, text.length)
    const last = text.charCodeAt(end - 1)
    const cutsPair = end < text.length && last >= 0xd800 && last <= 0xdbff
    if (cutsPair && end - start > 1) end -= 1
    parts.push(text.slice(start, end))
    start = end
  }
  return parts
}
