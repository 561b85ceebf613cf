/**
 * Takes secret values out of what a server sends back. Every byte of a value is replaced by an asterisk, so lengths and
 * the syntax around it stay. This is for servers that echo what they were sent; one that means to hand a value on can
 * always disguise it beyond recognition.
 */
import { patternsOf, type Place } from './secret-patterns.ts'
import { createSecretMatcher, type MatchState } from './secret-matcher.ts'

const asterisk = 0x2a

export interface SecretMasker {
  /** A stream of its own: bytes that could be the beginning of a value are held back until that is decided. */
  stream(): MaskStream
  /** A text that is complete, such as the value of a header. */
  text(text: string): string
}

export interface MaskStream {
  /** What may be passed on of all that was pushed so far. */
  push(chunk: Buffer): Buffer[]
  /** What was held back, once nothing more comes. */
  end(): Buffer[]
}

export function createSecretMasker(secrets: readonly string[]): SecretMasker {
  const places = new Map<string, Place>()
  const matcher = createSecretMatcher(secrets.flatMap((secret) => patternsOf(secret, places)))
  const { idle, step, skips } = matcher
  /** Bytes that begin no value at all: most of a text goes by here. */
  const begins = new Uint8Array(256)
  for (let byte = 0; byte < 256; byte += 1) if (step(idle, byte) !== idle) begins[byte] = 1

  const stream = (): MaskStream => {
    let state: MatchState = idle
    /** Held back, all in one piece. */
    let held: Buffer = Buffer.alloc(0)
    /** Parts of `held` and the current chunk to be replaced; they may overlap. */
    let found: { readonly start: number; readonly end: number }[] = []

    /** Ends come in order, so one that overlaps the last makes it larger. */
    const mark = (start: number, end: number): void => {
      const last = found.at(-1)
      if (last === undefined || start > last.end) found.push({ start, end })
      else found[found.length - 1] = { start: Math.min(start, last.start), end }
    }

    /** Cuts off what is decided and moves the rest to the front. */
    const release = (bytes: Buffer, upTo: number): Buffer[] => {
      let out = bytes.subarray(0, upTo)
      if (found.length > 0) {
        // A copy: the bytes that stay are still to be compared as they came.
        out = Buffer.from(out)
        for (const { start, end } of found) out.fill(asterisk, Math.min(start, upTo), Math.min(end, upTo))
        found = found
          .filter(({ end }) => end > upTo)
          .map(({ start, end }) => ({ start: Math.max(0, start - upTo), end: end - upTo }))
      }
      held = bytes.subarray(upTo)
      return out.length > 0 ? [out] : []
    }

    return {
      push(chunk) {
        const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
        /** Everything before this is decided. */
        let decided = 0
        for (let at = held.length; at < bytes.length; at += 1) {
          if (state === idle) {
            at = skips.next(bytes, at)
            while (at < bytes.length && begins[bytes[at] as number] === 0) at = skips.next(bytes, at + 1)
            if (at === bytes.length) {
              decided = at
              break
            }
            decided = at
          }
          const byte = bytes[at] as number
          state = state.next[byte] ?? step(state, byte)
          for (const pattern of state.ends) {
            mark(matcher.startOf(pattern, bytes, at + 1), at + 1)
          }
          if (state.isIdle) {
            decided = at + 1
            if (state.ends.length > 0) state = idle
          }
        }
        return release(bytes, Math.max(decided, bytes.length - matcher.longest, 0))
      },
      end() {
        state = idle
        return release(held, held.length)
      },
    }
  }

  return {
    stream,
    text(text) {
      const one = stream()
      const bytes = Buffer.from(text, 'latin1')
      return Buffer.concat([...one.push(bytes), ...one.end()]).toString('latin1')
    },
  }
}
