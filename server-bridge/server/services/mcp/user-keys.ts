import { canonical } from '../../../contract/mcp-header-names.ts'

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

/**
 * Applies what an administrator sent to what is there; `authProblems` has found nothing wrong with the outcome. New
 * keys without descriptions keep the old ones of keys that remain; descriptions alone replace all.
 */
export function applyUserKeys(present: UserKeys, change: UserKeysChange): UserKeys {
  const keys = change.keys === undefined ? present.keys : change.keys.map((key) => key.trim())
  const texts = new Map(
    Object.entries(change.descriptions ?? present.descriptions).map(([key, text]) => [
      canonical(key),
      text.trim(),
    ]),
  )
  // A null prototype, since a key may be called like a property of objects.
  const descriptions = Object.create(null) as Record<string, string>
  for (const key of keys) {
    const text = texts.get(canonical(key)) ?? ''
    if (text !== '') descriptions[key] = text
  }
  return { keys, descriptions }
}
