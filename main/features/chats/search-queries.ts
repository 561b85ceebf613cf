/** What is typed into the search of chats, as the searches of the server that find it: its keys narrow each other. */

/** The key of full text, of servers from the middle of July 2026 on; others answer 400 (agents-api 3.2). */
export const fullTextKey = 'search'

export interface SearchQuery {
  readonly q: string
  /** Whether a server may not know it. */
  readonly key: string
}

/**
 * Every search that one has to make: titles, and pull requests and repositories as far as the words can be of one. The
 * answers belong together.
 */
export function searchQueries(q: string, text: string): readonly SearchQuery[] {
  // Quotes cannot be escaped there.
  const words = text.replaceAll('"', ' ').replaceAll(/\s+/g, ' ').trim()
  if (words === '') return [{ q, key: '' }]
  const one = (key: string, value: string): SearchQuery => ({
    q: [q, `${key}:"${value}"`].filter(Boolean).join(' '),
    key,
  })
  const page = pageOf(words)
  if (page !== undefined) return [one('title', words), one('diff_url', page)]
  const number = /^#?(\d{1,9})$/.exec(words)?.[1]
  if (number !== undefined) return [one('title', words), one(fullTextKey, words), one('pr', number)]
  return [one('title', words), one(fullTextKey, words), one('repo', words), one('pr_title', words)]
}

/** The page of a pull request or branch; what leads further into it names the same one. */
function pageOf(words: string): string | undefined {
  if (!/^https?:\/\/\S+$/i.test(words) || !URL.canParse(words)) return undefined
  const { origin, pathname } = new URL(words)
  const request = /^.*?\/(?:pull|pulls|merge_requests|pull-requests)\/\d+/.exec(pathname)?.[0]
  return `${origin}${request ?? pathname.replace(/\/+$/, '')}`
}
