/** The live lists of chats somebody looks at: windows and the tray share them. */
import type { Clock } from '#bridge/lib/clock'
import type { LiveValue } from '../../lib/live-value.ts'
import { createSharedPool } from '../../lib/shared-pool.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { ChatFeeds } from './chat-feeds.ts'
import { ChatList, type ChatListState } from './chat-list.ts'
import type { ShownChats } from './shown-chats.ts'

export interface OpenChatList {
  readonly state: LiveValue<ChatListState>
  release(): void
}

export interface ChatLists {
  open(
    deploymentId: string,
    connection: DeploymentConnection,
    asked: { readonly q: string; readonly text?: string | undefined; readonly limit: number },
  ): OpenChatList
  /** Something of this deployment was just changed here: ask now. */
  refresh(deploymentId: string): void
  close(): void
}

export interface ChatListsDeps {
  readonly feeds: ChatFeeds
  readonly shown: ShownChats
  readonly clock: Clock
  readonly visible: LiveValue<boolean>
}

/** Makes the pool. */
export function createChatLists(deps: ChatListsDeps): ChatLists {
  const pool = createSharedPool<ChatList>()
  /** For as long as the connection is there: another server may know more. */
  const refused = new WeakMap<DeploymentConnection, Set<string>>()
  const unknownKeysOf = (connection: DeploymentConnection): Set<string> => {
    const known = refused.get(connection) ?? new Set()
    refused.set(connection, known)
    return known
  }
  return {
    open(deploymentId, connection, asked) {
      const key = JSON.stringify([deploymentId, asked.q, asked.text ?? '', asked.limit])
      const { value, release } = pool.take(
        key,
        () =>
          new ChatList({
            ...{ deploymentId, connection, ...asked, ...deps },
            text: asked.text ?? '',
            unknownKeys: unknownKeysOf(connection),
          }),
      )
      return { state: value.state, release }
    },
    refresh(deploymentId) {
      for (const list of pool.values()) if (list.deploymentId === deploymentId) list.refresh()
    },
    close: pool.close,
  }
}
