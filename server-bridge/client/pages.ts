/** One page of a list, with the total where the endpoint tells it. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly count?: number
}

/**
 * Walks a list that is paged by `limit` and `offset`, one page at a time. Ends at a short page, or at the count where
 * there is one, so that rows that vanish meanwhile do not keep it asking.
 */
export async function* eachPage<T>(
  load: (page: { readonly limit: number; readonly offset: number }) => Promise<Page<T>>,
  limit = 100,
): AsyncGenerator<readonly T[], void, undefined> {
  for (let offset = 0; ; offset += limit) {
    const page = await load({ limit, offset })
    if (page.items.length > 0) yield page.items
    if (page.items.length < limit) return
    if (page.count !== undefined && offset + page.items.length >= page.count) return
  }
}
