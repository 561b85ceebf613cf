/**
 * One chat's own row, live: read when the watch opens and where an event does not say enough. Of a chat that somebody else
 * shares nothing is told, and of one that waits for capacity not when it begins, so these are read now and then.
 */
import { chatsRoutes, type Chat } from '#bridge/contract/chats'
import type { Clock } from '#bridge/lib/clock'
import { toError } from '#bridge/lib/to-error'
import { createLiveValue, streamLatest } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { ChatFeeds } from './chat-feeds.ts'
import { asksForReading, keepNewer, mergeList } from './chat-merge.ts'

type Known = { readonly chat?: Chat; readonly error?: Error }

/** How often a chat is read of which the watch does not tell all. */
export const quietEveryMs = 20_000

export async function* watchChat(
  { feeds, clock }: { readonly feeds: ChatFeeds; readonly clock: Clock },
  target: {
    readonly deploymentId: string
    readonly connection: DeploymentConnection
    readonly chatId: string
  },
  signal: AbortSignal,
): AsyncGenerator<Chat, void> {
  const { connection, chatId } = target
  const known = createLiveValue<Known>({})
  const ended = AbortSignal.any([signal, connection.closed])
  let reading = 0
  let cancelNext = (): void => undefined
  const readLater = ({ owner_id: owner, queued_for_capacity: isQueued }: Chat): void => {
    cancelNext()
    const userId = connection.view.get().user?.id
    const isShared = userId !== undefined && userId !== owner
    if ((isShared || isQueued === true) && !ended.aborted)
      cancelNext = clock.after(quietEveryMs, () => void read())
  }
  const read = async (): Promise<void> => {
    const mine = (reading += 1)
    try {
      const chat = await connection.call((client) =>
        client.call(chatsRoutes.get, { params: { chat: chatId } }, { signal: ended }),
      )
      if (mine === reading) known.set({ chat: keepNewer(known.get().chat, chat) })
    } catch (thrown) {
      const error = toError(thrown)
      const isGone = error instanceof ProcedureError && ['not_found', 'forbidden'].includes(error.code)
      // What is known stays while the deployment is away: the watch opens again once it is back.
      if (isGone || known.get().chat === undefined) known.set({ ...known.get(), error })
    }
    const { chat, error } = known.get()
    if (chat !== undefined && error === undefined && mine === reading) readLater(chat)
  }
  const stop = feeds.listen(target.deploymentId, connection, {
    opened: () => void read(),
    event(event) {
      const { chat } = known.get()
      const isAbout = event.chat.id === chatId || event.chat.parent_chat_id === chatId
      if (chat === undefined || !isAbout) return
      if (asksForReading([chat], event)) void read()
      else {
        const merged = mergeList([chat], event)[0] ?? chat
        known.set({ chat: merged })
        if (merged.queued_for_capacity === true) readLater(merged)
      }
    },
    refused: (error) => known.set({ error }),
  })
  try {
    for await (const { chat, error } of streamLatest(known, ended)) {
      if (error !== undefined) throw error
      if (chat !== undefined) yield chat
    }
    if (!signal.aborted)
      throw new ProcedureError('deployment_unknown', 'This deployment is not in your list any more.')
  } finally {
    cancelNext()
    stop()
  }
}
