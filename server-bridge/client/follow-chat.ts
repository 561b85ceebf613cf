import { chatGitRoutes, parseGitFrame, type GitServerMessage } from '../contract/chats-git.ts'
import { chatStreamRoutes, parseChatStreamFrame, type ChatStreamEvent } from '../contract/chats-stream.ts'
import { chatWatchRoutes, parseChatWatchFrame, type ChatWatchEvent } from '../contract/chats-watch.ts'
import { silentLogger } from '../lib/logger.ts'
import { holdsTooMuch } from './answer-size.ts'
import type { CoderClient, SocketTarget } from './coder-client.ts'
import type { ReconnectingConnection, ReconnectingConnectionOptions } from './reconnecting-connection.ts'
import { createReconnectingSocket, type ReconnectingSocket } from './reconnecting-socket.ts'

interface FollowOptions extends Omit<ReconnectingConnectionOptions, 'open'> {
  readonly client: CoderClient
}

export interface FollowChatOptions extends FollowOptions {
  readonly chatId: string
  /** The newest message that is known: asked before every attempt, and spares the server to tell it again. */
  readonly after: () => number
  readonly onEvents: (events: readonly ChatStreamEvent[]) => void
}

/** Follows what is said in a chat. Starts at once; what comes after a reconnect is the server's first sync again. */
export function followChat(options: FollowChatOptions): ReconnectingConnection {
  const { client, chatId } = options
  return started(
    options,
    () =>
      client.socket(chatStreamRoutes.stream, {
        params: { chat: chatId },
        query: { after_id: options.after() },
      }),
    (text) => options.onEvents(parseChatStreamFrame(text)),
  )
}

export interface WatchChatsOptions extends FollowOptions {
  readonly onEvent: (event: ChatWatchEvent) => void
}

/** Follows what happens to the user's own chats. Nothing is told again: whoever opens it has to read the list anew. */
export function watchChats(options: WatchChatsOptions): ReconnectingConnection {
  const { client } = options
  return started(
    options,
    () => client.socket(chatWatchRoutes.watch, {}),
    (text) => options.onEvent(parseChatWatchFrame(text)),
  )
}

export interface FollowChatGitOptions extends FollowOptions {
  readonly chatId: string
  readonly onMessage: (message: GitServerMessage) => void
}

/** Follows the changes in the repositories of a chat's workspace. */
export function followChatGit(options: FollowChatGitOptions): ReconnectingConnection {
  const { client, chatId } = options
  return started(
    options,
    () => client.socket(chatGitRoutes.watch, { params: { chat: chatId } }),
    (text) => options.onMessage(parseGitFrame(text)),
  )
}

/** A closed stream of a chat is opened again until the server says that there is none: there is no end of a chat. */
function started(
  options: FollowOptions,
  target: () => SocketTarget,
  onText: (text: string) => void,
): ReconnectingSocket {
  const { logger = silentLogger } = options
  const socket = createReconnectingSocket({
    ...options,
    policy: { ...options.policy, finishedCodes: [] },
    target,
    onMessage(data) {
      if (holdsTooMuch(data)) {
        logger.warn('A message about a chat is larger than any')
        return
      }
      try {
        onText(data.toString('utf8'))
      } catch (thrown) {
        logger.warn('A message about a chat could not be read', { error: thrown })
      }
    },
  })
  socket.start()
  return socket
}
