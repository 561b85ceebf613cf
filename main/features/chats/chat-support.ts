/** What a deployment can do about chats, found out by asking (agents-api 1, "feature probe"). */
import type { CoderClient } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { chatModelsRoutes } from '#bridge/contract/chats-models'
import { chatsRoutes } from '#bridge/contract/chats'
import { hasFeature } from '#bridge/contract/features'

export interface ChatSupport {
  readonly chats: 'ready' | 'none' | 'forbidden' | 'gateway_off'
  readonly approvals: boolean
}

/** Asks. @throws what `CoderClient.call` throws for anything but a plain no. */
export async function readChatSupport(
  client: Pick<CoderClient, 'call'>,
  signal: AbortSignal,
): Promise<ChatSupport> {
  const buildInfo = await client.call(buildInfoRoutes.get, {}, { signal })
  const rest = { approvals: hasFeature(buildInfo, 'chat-approvals') }
  try {
    await client.call(chatsRoutes.list, { query: { limit: 1 } }, { signal })
    await client.call(chatModelsRoutes.usable, {}, { signal })
    return { chats: 'ready', ...rest }
  } catch (error) {
    if (!(error instanceof CoderApiError)) throw error
    if (error.status === 404 || error.status === 410) return { chats: 'none', ...rest }
    if (error.status === 403) return { chats: 'forbidden', ...rest }
    if (error.status === 503) return { chats: 'gateway_off', ...rest }
    throw error
  }
}
