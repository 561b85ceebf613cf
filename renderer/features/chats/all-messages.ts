import type { ChatMessage } from '#bridge/contract/chats-messages'
import type { RpcClient } from '../../api/rpc-client.ts'

/** All messages of a chat, oldest first: those before the known ones are read as well. */
export async function allMessages(
  client: RpcClient,
  { deploymentId, chatId }: { readonly deploymentId: string; readonly chatId: string },
  known: { readonly messages: readonly ChatMessage[]; readonly hasMore: boolean },
): Promise<readonly ChatMessage[]> {
  let { messages, hasMore } = known
  while (hasMore) {
    const beforeId = messages[0]?.id
    if (beforeId === undefined) break
    const older = await client.call('chats.older', { deploymentId, chatId, beforeId, limit: 200 })
    messages = [...older.messages, ...messages]
    hasMore = older.hasMore && older.messages.length > 0
  }
  return messages
}
