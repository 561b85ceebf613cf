/**
 * How many objects and how many items one answer may hold. A page of 100 workspaces with everything in it has some
 * thousand objects. Each costs tens of microseconds to parse when nothing in it fits, so a million, which is three
 * megabytes of `{}`, would hold up the process for a minute; an item that is no object costs a few.
 */
const maxObjects = 60_000
const maxItems = 1_000_000

/** Whether JSON, not parsed yet, holds more than any answer does. Braces and commas inside of texts count as well. */
export function holdsTooMuch(json: string | Buffer): boolean {
  return hasMore(json, '{', maxObjects) || hasMore(json, ',', maxItems)
}

function hasMore(json: string | Buffer, character: string, limit: number): boolean {
  let count = 0
  for (let at = json.indexOf(character); at !== -1; at = json.indexOf(character, at + 1)) {
    count += 1
    if (count > limit) return true
  }
  return false
}
