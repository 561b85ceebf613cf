/** The kernel keeps sizes in 16 bits, and no screen has more. */
const maxTerminalSide = 1000

/** One side of a terminal as a client asks for it, in characters: at least 1 and no more than any screen has. */
export function clampSide(side: number): number {
  return Math.min(Math.max(side, 1), maxTerminalSide)
}
