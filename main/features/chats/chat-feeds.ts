/** What happens to the user's chats at each deployment: one watch however many listen. */
import { watchChats } from '#bridge/client/follow-chat'
import type { ChatWatchEvent } from '#bridge/contract/chats-watch'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { FollowSession } from '../workspaces/session-stream.ts'

export interface ChatFeedListener {
  /** The watch begins, also after it was lost: what was known may be old. */
  readonly opened: () => void
  readonly event: (event: ChatWatchEvent) => void
  /** There is no watch at this deployment, and there will be none. */
  readonly refused: (error: Error) => void
}

export interface ChatFeeds {
  /** The returned function lets go. */
  listen(deploymentId: string, connection: DeploymentConnection, listener: ChatFeedListener): () => void
  /** Of what was done no event tells: all that listens at this deployment reads anew. */
  lookAgain(deploymentId: string): void
  close(): void
}

export interface ChatFeedsDeps {
  readonly followSession: FollowSession
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}

interface Feed {
  readonly listeners: Set<ChatFeedListener>
  readonly stop: AbortController
  isOpen: boolean
  refusal: Error | undefined
}

type FeedNews = { readonly kind: 'opened' } | { readonly kind: 'event'; readonly event: ChatWatchEvent }

/** Makes the pool. */
export function createChatFeeds(deps: ChatFeedsDeps): ChatFeeds {
  const feeds = new Map<string, Feed>()

  const run = async (connection: DeploymentConnection, feed: Feed): Promise<void> => {
    const news = deps.followSession<FeedNews>({
      connection,
      signal: feed.stop.signal,
      keep: 'all',
      open: (session, sink) =>
        watchChats({
          ...deps,
          client: session.client,
          onEvent: (event) => sink.push({ kind: 'event', event }),
          onState(state) {
            sink.onState(state)
            if (state.name === 'open') sink.push({ kind: 'opened' })
            else feed.isOpen = false
          },
        }),
    })
    try {
      for await (const one of news) {
        if (one.kind === 'opened') feed.isOpen = true
        for (const listener of [...feed.listeners]) {
          if (one.kind === 'opened') listener.opened()
          else listener.event(one.event)
        }
      }
    } catch (thrown) {
      feed.refusal = toError(thrown)
      for (const listener of [...feed.listeners]) listener.refused(feed.refusal)
    }
  }

  return {
    listen(deploymentId, connection, listener) {
      let feed = feeds.get(deploymentId)
      if (feed?.refusal !== undefined || feed === undefined) {
        feed = { listeners: new Set(), stop: new AbortController(), isOpen: false, refusal: undefined }
        feeds.set(deploymentId, feed)
        void run(connection, feed)
      }
      const mine = feed
      mine.listeners.add(listener)
      if (mine.isOpen) listener.opened()
      return () => {
        mine.listeners.delete(listener)
        if (mine.listeners.size > 0) return
        mine.stop.abort()
        if (feeds.get(deploymentId) === mine) feeds.delete(deploymentId)
      }
    },
    lookAgain(deploymentId) {
      for (const listener of [...(feeds.get(deploymentId)?.listeners ?? [])]) listener.opened()
    },
    close() {
      for (const { stop } of feeds.values()) stop.abort()
      feeds.clear()
    },
  }
}
