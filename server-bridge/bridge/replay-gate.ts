/** Holds back the beginning of a new connection until it is clear what of it the screen has already. */
import type { Clock } from '../lib/clock.ts'
import { EscapeScanner } from '../lib/escape-scanner.ts'
import { matchReplay } from './match-replay.ts'

/** A replay comes in one go. Quiet for longer while all of it is known: it is complete, and another shell's. */
const quietMs = 300

/**
 * Between the output of one shell and another's: out of a full-screen program, modes off, below all that is on the
 * screen, a line that says so. Mode 47 and not 1049, which on the normal screen would move the cursor over old text.
 */
const otherShellLead = Buffer.from(
  `\u0018\u001b[?47l\u001b[!p${EscapeScanner.undo}\u001b[999;1H\r\n` +
    '\u001b[2m\u2500\u2500 Connected again. Something may be missing here. \u2500\u2500\u001b[22m\r\n',
)

export interface ReplayGate {
  push(bytes: Uint8Array): void
  /** Nothing more comes: what is held belongs to another shell. */
  finish(): void
  /** The connection broke: what is held comes again. */
  drop(): void
}

/**
 * `onNew` is called once, with what follows on; `onOther` before it when that is no continuation, with what has to be
 * drawn first.
 */
export function createReplayGate(options: {
  readonly history: Buffer
  readonly clock: Clock
  readonly onNew: (bytes: Uint8Array) => void
  readonly onOther: (lead: Uint8Array) => void
}): ReplayGate {
  let held = Buffer.alloc(0)
  let cancelQuiet: (() => void) | undefined
  const takeAsOther = () => {
    cancelQuiet?.()
    options.onOther(otherShellLead)
    options.onNew(held)
  }
  return {
    push: (bytes) => {
      cancelQuiet?.()
      held = Buffer.concat([held, bytes])
      const match = matchReplay(options.history, held)
      if (match.kind === 'continues') options.onNew(held.subarray(match.newFrom))
      else if (match.kind === 'other') takeAsOther()
      else cancelQuiet = options.clock.after(quietMs, takeAsOther)
    },
    finish: () => {
      if (held.length > 0) takeAsOther()
    },
    drop: () => {
      cancelQuiet?.()
    },
  }
}
