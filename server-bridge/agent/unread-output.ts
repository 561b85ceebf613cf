/**
 * How much of a terminal's output may be on its way to a client. Ctrl+C stops a program at once, but what it printed before
 * is drawn first, so what is on its way has to be short in time: 70 ms are 280 KB for a page that draws a flood of short
 * lines, and more than a megabyte for one that draws long ones. So the limit follows the time that output takes until it is
 * read, as LEDBAT does (RFC 6817, 2.4.2): it grows while that is below the target, and shrinks while it is above.
 */

/** What output may wait on its way, beside the time that the way itself takes, in ms. */
const targetMs = 70
/** Enough for a way of some milliseconds at full speed, and drawn within the target by the slowest page. */
const minBytes = 256 * 1024
const maxBytes = 2 * 1024 * 1024
/** Each point in the stream whose age is known costs a little memory. */
const noteEveryBytes = 8 * 1024
/** The shortest time that the way took is forgotten after as long: the client may have moved to a longer one. */
const wayMemoryMs = 60_000

export interface UnreadOutput {
  /** Output was sent. */
  sent(bytes: number): void
  /** The client has read so many bytes of all that it was sent; a number that cannot be counts for nothing. */
  read(total: number): void
  /** More is on its way than should be. Never where the client has not told yet that it counts. */
  readonly isFull: boolean
}

/** @param now in ms */
export function createUnreadOutput(now: () => number): UnreadOutput {
  let sentBytes = 0
  let readBytes = 0
  let limit = minBytes
  let counts = false
  let way = { ms: Infinity, since: 0 }
  /** When the stream was at some of its points, the oldest first. */
  let notes: { readonly at: number; readonly time: number }[] = []

  const follow = (ageMs: number, bytes: number): void => {
    if (ageMs <= way.ms || now() - way.since > wayMemoryMs) way = { ms: ageMs, since: now() }
    const waitedMs = ageMs - way.ms
    const share = Math.max(-1, 1 - waitedMs / targetMs)
    // A limit that nothing comes near to says nothing about the way.
    if (share > 0 && sentBytes - readBytes + bytes < limit / 2) return
    limit = Math.min(maxBytes, Math.max(minBytes, limit + share * bytes))
  }
  return {
    sent(bytes) {
      sentBytes += bytes
      if (sentBytes - (notes.at(-1)?.at ?? 0) >= noteEveryBytes) notes.push({ at: sentBytes, time: now() })
    },
    read(total) {
      if (total <= readBytes || total > sentBytes) return
      counts = true
      const bytes = total - readBytes
      readBytes = total
      const passed = notes.findLastIndex(({ at }) => at <= total)
      const newest = notes[passed]
      if (newest === undefined) return
      notes = notes.slice(passed + 1)
      // A clock that is set back makes nothing younger than now.
      follow(Math.max(0, now() - newest.time), bytes)
    },
    get isFull() {
      return counts && sentBytes - readBytes > limit
    },
  }
}
