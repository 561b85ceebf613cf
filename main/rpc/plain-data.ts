/** Depth beyond which no input of the contract goes; more is an attempt to exhaust the parser. */
const MAX_DEPTH = 16

/**
 * Far above any list of the contract. A list made long by its `length` alone costs nothing to send and counts as empty,
 * but whoever walks it visits every index: four thousand million of them would hold up main for minutes.
 */
const MAX_ITEMS = 100_000

/**
 * Whether a message is plain data: objects without a foreign prototype, arrays, strings, finite numbers, booleans,
 * null. Exotic objects have broken context isolation before (CVE-2026-34780), and an own `__proto__` key is dropped
 * by some parsers instead of refused.
 */
export function isPlainData(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      break
    default:
      return false
  }
  if (value === null) return true
  if (depth >= MAX_DEPTH) return false
  if (Array.isArray(value) && value.length > MAX_ITEMS) return false
  if (Array.isArray(value)) return value.every((item) => isPlainData(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Object.entries(value).every(([key, item]) => key !== '__proto__' && isPlainData(item, depth + 1))
}
