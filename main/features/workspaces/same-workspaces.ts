/** Times that move with every heartbeat of an agent and that nothing shows. */
const HEARTBEAT_KEYS: ReadonlySet<string> = new Set(['last_connected_at', 'updated_at'])

/** Whether two answers show the same, so that an unchanged list is neither sent nor drawn again. */
export function showSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => showSame(item, b[index]))
  }
  const before = a as Readonly<Record<string, unknown>>
  const after = b as Readonly<Record<string, unknown>>
  const keys = Object.keys(before)
  if (keys.length !== Object.keys(after).length) return false
  return keys.every((key) => key in after && (HEARTBEAT_KEYS.has(key) || showSame(before[key], after[key])))
}
