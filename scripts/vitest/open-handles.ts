/**
 * Resources that keep a process alive when somebody forgot to close them. Others (requests to the file system, DNS)
 * end by themselves. Timers are watched apart, because vitest has some of its own.
 */
const WATCHED = new Set([
  'FSEventWrap',
  'MessagePort',
  'PipeServerWrap',
  'PipeWrap',
  'ProcessWrap',
  'StatWatcher',
  'TCPServerWrap',
  'TCPSocketWrap',
  'UDPWrap',
  'Worker',
])

/** Counts what keeps the event loop alive, by kind. */
export function countHandles(active: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of active) {
    if (WATCHED.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

/** Names what is open now and was not before, such as `2 TCPServerWrap`. */
export function newHandles(before: Map<string, number>, now: Map<string, number>): string[] {
  return [...now]
    .map(([kind, count]) => ({ kind, more: count - (before.get(kind) ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ kind, more }) => `${more} ${kind}`)
}
