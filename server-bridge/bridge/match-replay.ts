/**
 * Coder sends a new socket the recent output of its shell again, from a ring of 64 KiB, and then goes on with what is
 * new; nothing marks the border (stable-api, section 14). Whoever still has what came before finds the border by the
 * bytes themselves.
 */

export type ReplayMatch =
  /** The same shell: what lies from here on in the replay is new. */
  | { readonly kind: 'continues'; readonly newFrom: number }
  /** All of it is known so far: more must come before it is clear. */
  | { readonly kind: 'undecided' }
  /** It does not follow on from the history: another shell, or too much happened meanwhile. */
  | { readonly kind: 'other' }

/** Less than this in common may be chance: every shell begins with the same prompt. */
const minCommonBytes = 256
/** Output that repeats itself fits at many places; any of them then reads the same. */
const maxTries = 256
/** A server's ring holds at least this much, so a replay of a longer history is at least as long. */
const leastRingBytes = 32 * 1024

/** Compares what a new socket sent so far with the end of what an earlier one sent. */
export function matchReplay(history: Buffer, replay: Buffer): ReplayMatch {
  const skipped = preambleLength(replay)
  const asItIs = matchFrom(history, replay, 0)
  if (asItIs.kind === 'continues' || skipped === 0) return asItIs
  const withoutPreamble = matchFrom(history, replay, skipped)
  if (withoutPreamble.kind === 'continues') return withoutPreamble
  return asItIs.kind === 'undecided' ? asItIs : withoutPreamble
}

function matchFrom(history: Buffer, replay: Buffer, skipped: number): ReplayMatch {
  const tail = replay.subarray(skipped)
  // A short history comes back whole; a longer one with at least what the smallest ring holds.
  const isLongEnough = tail.length >= Math.min(history.length, leastRingBytes)
  const common = isLongEnough ? commonLength(history, tail) : 0
  if (common > 0) return { kind: 'continues', newFrom: skipped + common }
  return history.includes(tail) ? { kind: 'undecided' } : { kind: 'other' }
}

/** Length of an end of the history that `tail` begins with, as long as possible; 0: there is none to rely on. */
function commonLength(history: Buffer, tail: Buffer): number {
  // Nothing fell out of the server's ring yet: it begins where the history does.
  if (tail.length >= history.length && tail.subarray(0, history.length).equals(history)) return history.length
  const anchor = tail.subarray(0, minCommonBytes)
  let from = Math.max(0, history.length - tail.length)
  for (let tries = 0; tries < maxTries; tries += 1) {
    const at = history.indexOf(anchor, from)
    if (at < 0) return 0
    const rest = history.subarray(at)
    if (tail.subarray(0, rest.length).equals(rest)) return rest.length
    from = at + 1
  }
  return 0
}

/**
 * The local deployment begins a replay with the modes that held before its first byte: title, private modes, keypad,
 * shape of the cursor. They are no part of the history, and a screen that goes on has them.
 */
function preambleLength(replay: Buffer): number {
  const head = replay.subarray(0, maxPreambleBytes).toString('latin1')
  return preamble.exec(head)?.[0].length ?? 0
}

const maxPreambleBytes = 2048
const preamble =
  /^(?:\u001b\]2;[^\u0007\u001b]*\u0007)?(?:\u001b\[\?\d{1,5}[hl])*(?:\u001b=)?(?:\u001b\[[0-6] q)?/
