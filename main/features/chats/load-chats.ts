import type { CoderClient } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { chatsRoutes, type Chat } from '#bridge/contract/chats'
import type { ChatsList } from '#ipc/chats'
import { byListOrder } from './chat-order.ts'
import { searchQueries } from './search-queries.ts'

/** Coder's own page; more at once is not promised (agents-api 3.2). */
const PAGE = 50

export interface ChatSearch {
  readonly q: string
  /** Plain words, empty for none. */
  readonly text: string
  readonly limit: number
}

/**
 * The first `limit` chats that fit, found by whatever the server can be searched by.
 *
 * @param unknownKeys what this server refused before, to which a refusal is added: nobody asks twice.
 */
export async function searchChats(
  client: Pick<CoderClient, 'call'>,
  { q, text, limit }: ChatSearch,
  unknownKeys: Set<string>,
  signal?: AbortSignal,
): Promise<ChatsList> {
  const queries = searchQueries(q, text).filter(({ key }) => !unknownKeys.has(key))
  const refused: string[] = []
  const answers = await Promise.all(
    queries.map(async (query, at) => {
      try {
        return await loadChats(client, { q: query.q, limit }, signal)
      } catch (error) {
        // The first one has nothing that a server might not know.
        if (at === 0 || !(error instanceof CoderApiError) || error.status !== 400) throw error
        refused.push(query.key)
        return { chats: [], hasMore: false }
      }
    }),
  )
  // Only now: a server that refuses `q` itself, and so the first one too, may know every key.
  for (const key of refused) unknownKeys.add(key)
  const [only] = answers
  if (only !== undefined && answers.length === 1) return only
  const found = new Map(answers.flatMap(({ chats }) => chats).map((chat) => [chat.id, chat]))
  return {
    chats: [...found.values()].toSorted(byListOrder).slice(0, limit),
    hasMore: found.size > limit || answers.some(({ hasMore }) => hasMore),
  }
}

/** The first `limit` chats that fit, page by page. */
async function loadChats(
  client: Pick<CoderClient, 'call'>,
  { q, limit }: { readonly q: string; readonly limit: number },
  signal?: AbortSignal,
): Promise<ChatsList> {
  const chats = new Map<string, Chat>()
  for (let offset = 0; ; offset += PAGE) {
    const query = { ...(q === '' ? {} : { q }), limit: PAGE, offset }
    const page = await client.call(chatsRoutes.list, { query }, { signal })
    // Chats move while pages are read: one may come twice.
    for (const chat of page) chats.set(chat.id, chat)
    if (page.length < PAGE) return { chats: [...chats.values()].slice(0, limit), hasMore: chats.size > limit }
    if (chats.size >= limit) return { chats: [...chats.values()].slice(0, limit), hasMore: true }
  }
}
