import type { Clock } from '#bridge/lib/clock'

/** How late another network may be noticed; looking costs next to nothing. */
const LOOK_EVERY_MS = 3_000

/**
 * Calls back when this computer is in another network, which no system tells in a way that Electron passes on: what is
 * connected from an address that is gone waits for answers that can never come. The answer ends it.
 */
export function watchAddresses({
  clock,
  addresses,
  onChange,
}: {
  readonly clock: Pick<Clock, 'every'>
  readonly addresses: () => readonly string[]
  readonly onChange: () => void
}): () => void {
  const read = (): string => [...addresses()].sort().join(' ')
  let last = read()
  return clock.every(LOOK_EVERY_MS, () => {
    const now = read()
    if (now === last) return
    last = now
    onChange()
  })
}
