import { canonical, refuse, requireHeaderName } from './header-names.ts'

/** The headers of a server whose values belong to each user. */
export interface UserKeys {
  /** In the administrator's spelling and order. */
  readonly keys: readonly string[]
  /** By key, in the same spelling. */
  readonly descriptions: Readonly<Record<string, string>>
}

export interface UserKeysChange {
  readonly keys?: readonly string[] | undefined
  readonly descriptions?: Readonly<Record<string, string>> | undefined
}

export const noUserKeys: UserKeys = { keys: [], descriptions: {} }

const KEYS = 'custom_headers_user_keys'
const DESCRIPTIONS = 'custom_headers_user_key_descriptions'

/**
 * Applies what an administrator sent to what is there. New keys without descriptions keep the old ones of keys that
 * remain; descriptions alone replace all.
 *
 * @param adminHeaders names of the server's own headers, which no user key may repeat.
 * @throws {ApiError} 400 when a rule is broken.
 */
export function applyUserKeys(
  present: UserKeys,
  change: UserKeysChange,
  adminHeaders: readonly string[],
): UserKeys {
  const keys = change.keys === undefined ? present.keys : parseKeys(change.keys)
  requireDisjoint(keys, adminHeaders)
  if (change.descriptions !== undefined)
    return { keys, descriptions: parseDescriptions(keys, change.descriptions) }
  return { keys, descriptions: keepDescriptions(keys, present.descriptions) }
}

/** Whether users' values have to go: order does not matter, spelling does. */
export function isSameKeySet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key))
}

function parseKeys(raw: readonly string[]): string[] {
  const keys = raw.map((key) => key.trim())
  const seen = new Set<string>()
  for (const key of keys) {
    if (key === '') throw refuse(KEYS, 'A user key must not be empty.')
    requireHeaderName(key, KEYS)
    if (seen.has(canonical(key)))
      throw refuse(
        KEYS,
        `The user key ${JSON.stringify(key)} is there twice; upper and lower case are the same.`,
      )
    seen.add(canonical(key))
  }
  return keys
}

function requireDisjoint(keys: readonly string[], adminHeaders: readonly string[]): void {
  const taken = new Set(adminHeaders.map(canonical))
  const clash = keys.find((key) => taken.has(canonical(key)))
  if (clash === undefined) return
  throw refuse(
    KEYS,
    `${JSON.stringify(clash)} is a header of the administrator already: it cannot be a user key too.`,
  )
}

function parseDescriptions(
  keys: readonly string[],
  raw: Readonly<Record<string, string>>,
): Record<string, string> {
  const spelling = new Map(keys.map((key) => [canonical(key), key]))
  const described = new Set<string>()
  // A null prototype, since a key may be called like a property of objects.
  const descriptions = Object.create(null) as Record<string, string>
  for (const [name, text] of Object.entries(raw)) {
    const key = spelling.get(canonical(name))
    if (key === undefined)
      throw refuse(DESCRIPTIONS, `The description of ${JSON.stringify(name)} belongs to no user key.`)
    if (described.has(key)) throw refuse(DESCRIPTIONS, `${JSON.stringify(key)} is described twice.`)
    described.add(key)
    if (text.trim() !== '') descriptions[key] = text.trim()
  }
  return descriptions
}

/** Of keys that remain, also when their spelling changed. */
function keepDescriptions(
  keys: readonly string[],
  present: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Map(Object.entries(present).map(([key, text]) => [canonical(key), text]))
  const kept = Object.create(null) as Record<string, string>
  for (const key of keys) {
    const text = known.get(canonical(key))
    if (text !== undefined) kept[key] = text
  }
  return kept
}
