/** One page of a list, with the total where the endpoint tells it. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly count?: number
}

/**
 * Walks a list that is paged by `limit` and `offset`, one page at a time. Ends at the count where the endpoint tells one,
 * else at a short page, and always at an empty one: rows that vanish meanwhile do not keep it asking, and a server that
 * gives less than was asked for does not cut the list.
 */
export async function* eachPage<T>(
  load: (page: { readonly limit: number; readonly offset: number }) => Promise<Page<T>>,
  limit = 100,
): AsyncGenerator<readonly T[], void, undefined> {
  let offset = 0
  for (;;) {
    const page = await load({ limit, offset })
    if (page.items.length === 0) return
    yield page.items
    offset += page.items.length
    if (page.count === undefined ? page.items.length < limit : offset >= page.count) return
  }
}
