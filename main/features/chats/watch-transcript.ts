/** What is said in one chat: a page of it by REST, then its stream, which goes on from there after every loss. */
import { followChat } from '#bridge/client/follow-chat'
import type { ReconnectState } from '#bridge/client/reconnect'
import type { ChatMessage } from '#bridge/contract/chats-messages'
import { chatMessagesRoutes } from '#bridge/contract/chats-messages'
import { chatStreamEventTypes, type ChatStreamEvent } from '#bridge/contract/chats-stream'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { ChatUpdate } from '#ipc/chats'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { FollowSession } from '../workspaces/session-stream.ts'

export interface WatchTranscriptDeps {
  readonly followSession: FollowSession
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}

const PAGE = 50
const knownTypes = new Set<string>(chatStreamEventTypes)

/** Messages of one page, oldest first. */
export async function readPage(
  connection: DeploymentConnection,
  { chatId, ...query }: { readonly chatId: string; readonly before_id?: number; readonly limit?: number },
  signal: AbortSignal,
) {
  const page = await connection.call((client) =>
    client.call(
      chatMessagesRoutes.list,
      { params: { chat: chatId }, query: { limit: PAGE, ...query } },
      { signal },
    ),
  )
  return {
    messages: page.messages.toSorted((a, b) => a.id - b.id),
    hasMore: page.has_more,
    queue: page.queued_messages,
  }
}

/** Yields the chat as it is and as it goes on, until the signal. */
export async function* watchTranscript(
  deps: WatchTranscriptDeps,
  { connection, chatId }: { readonly connection: DeploymentConnection; readonly chatId: string },
  signal: AbortSignal,
): AsyncGenerator<ChatUpdate, void> {
  const first = await readPage(connection, { chatId }, signal)
  yield { kind: 'opened', ...first }
  let newest = newestOf(first.messages)
  /** Servers before July 2026 do not number parts, and say nothing of what was taken back meanwhile. */
  const heard = { isNumbered: false, opens: 0 }

  const stream = deps.followSession<ChatUpdate>({
    connection,
    signal,
    keep: 'all',
    open: (session, sink) =>
      followChat({
        ...deps,
        client: session.client,
        chatId,
        after: () => newest,
        onEvents(events) {
          const fresh = events.filter((event) => knownTypes.has(event.type))
          for (const event of fresh) {
            heard.isNumbered ||= isOfNewEngine(event)
            if (event.type === 'history_reset') newest = 0
            newest = Math.max(newest, event.message?.id ?? 0)
          }
          if (fresh.length > 0) sink.push({ kind: 'events', events: fresh })
        },
        onState(state) {
          sink.onState(state)
          if (state.name === 'open') heard.opens += 1
          const update = connectionUpdate(state, deps.clock.now())
          if (update) sink.push(update)
        },
      }),
  })
  for await (const update of stream) {
    yield update
    const isBack = update.kind === 'connection' && update.state === 'live' && heard.opens > 1
    if (isBack && !heard.isNumbered) {
      const again = await readPage(connection, { chatId }, signal)
      newest = newestOf(again.messages)
      yield { kind: 'opened', ...again }
    }
  }
}

function newestOf(messages: readonly ChatMessage[]): number {
  return messages.reduce((newest, { id }) => Math.max(newest, id), 0)
}

function isOfNewEngine({ type, message_part: part }: ChatStreamEvent): boolean {
  return type === 'preview_reset' || type === 'history_reset' || part?.seq !== undefined
}

function connectionUpdate(state: ReconnectState, now: number): ChatUpdate | undefined {
  if (state.name === 'open') return { kind: 'connection', state: 'live' }
  if (state.name !== 'waiting') return undefined
  return { kind: 'connection', state: 'waiting', reason: state.reason, retryAt: now + state.delayMs }
}
