import type { CoderClient } from '#bridge/client/coder-client'
import { chatsRoutes, type Chat } from '#bridge/contract/chats'
import type { ChatsList } from '#ipc/chats'

/** Coder's own page; more at once is not promised (agents-api 3.2). */
const PAGE = 50

/** The first `limit` chats that fit, page by page. */
export async function loadChats(
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
