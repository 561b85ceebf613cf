import { chatCostRoutes } from '#bridge/contract/chats-cost'
import { chatGitRoutes } from '#bridge/contract/chats-git'
import { chatMessagesRoutes } from '#bridge/contract/chats-messages'
import type { Contract } from '#ipc/contract'
import { streamLatest } from '../../lib/live-value.ts'
import { nullWhereMissing } from '../../lib/null-where-missing.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { saveChosenFile } from '../../lib/save-chosen-file.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { createChatChanges } from './chat-changes.ts'
import { chatFailure } from './chat-failures.ts'
import type { ChatFeeds } from './chat-feeds.ts'
import { readRecording } from './chat-file-stream.ts'
import { createChatFiles, suggestedName } from './chat-files.ts'
import type { ChatLists } from './chat-lists.ts'
import { loadChatModels } from './chat-models.ts'
import { listOrganizations } from './chat-organization.ts'
import { readChatSupport } from './chat-support.ts'
import type { ShownChats } from './shown-chats.ts'
import { watchChat } from './watch-chat.ts'
import { watchGit } from './watch-git.ts'
import { readPage, watchTranscript, type WatchTranscriptDeps } from './watch-transcript.ts'

export interface ChatsHandlersDeps extends WatchTranscriptDeps {
  readonly connection: (deploymentId: string) => DeploymentConnection
  readonly feeds: ChatFeeds
  readonly lists: ChatLists
  readonly shown: ShownChats
  readonly desktop: Pick<Desktop, 'chooseSavePath'>
}

/** The procedures around chats with agents. */
export function createChatsHandlers(deps: ChatsHandlersDeps): FeatureHandlers<Contract['chats']> {
  const { connection } = deps
  const files = createChatFiles(connection)
  return {
    ...createChatChanges(connection, deps),
    ...watches(deps),
    ...reads(deps),
    uploadFile: (input, { signal }) => files.upload(input, signal),
    async readFile(target, { signal }) {
      const { mediaType, bytes } = await files.read(target, signal)
      return { mediaType, data: Buffer.from(bytes).toString('base64') }
    },
    readRecording: ({ deploymentId, fileId }, { signal }) =>
      readRecording(connection(deploymentId), fileId, signal),
    async saveFile({ deploymentId, fileId, name }, { signal }) {
      const { bytes, mediaType } = await files.readLarge({ deploymentId, fileId }, signal)
      const file = { what: 'The file', suggestedName: suggestedName(name, mediaType), content: bytes }
      return { saved: await saveChosenFile(deps.desktop, file) }
    },
  }
}

type Handlers = FeatureHandlers<Contract['chats']>

function watches(
  deps: ChatsHandlersDeps,
): Pick<Handlers, 'watchList' | 'watchChat' | 'watchTranscript' | 'watchGit'> {
  const { connection, lists, shown } = deps
  return {
    async *watchList({ deploymentId, ...asked }, { signal }) {
      const opened = connection(deploymentId)
      const list = lists.open(deploymentId, opened, asked)
      try {
        const ended = AbortSignal.any([signal, opened.closed])
        for await (const state of streamLatest(list.state, ended)) {
          if (state.kind === 'refused') throw unsupported(state.error)
          if (state.kind === 'loaded') yield state.list
        }
        if (!signal.aborted)
          throw new ProcedureError('deployment_unknown', 'This deployment is not in your list any more.')
      } finally {
        list.release()
      }
    },
    watchChat: ({ deploymentId, chatId }, { signal }) =>
      watchChat(deps, { deploymentId, connection: connection(deploymentId), chatId }, signal),
    async *watchTranscript({ deploymentId, chatId }, { signal }) {
      const hide = shown.show(chatId)
      try {
        yield* watchTranscript(deps, { connection: connection(deploymentId), chatId }, signal)
      } finally {
        hide()
      }
    },
    watchGit: ({ deploymentId, chatId }, { signal }) =>
      watchGit(deps, { connection: connection(deploymentId), chatId }, signal),
  }
}

/** A list that is not there is a server without chats. */
function unsupported(error: Error): Error {
  if (!(error instanceof ProcedureError) || error.code !== 'not_found') return error
  return new ProcedureError('unsupported', 'This deployment has no agents.', { cause: error })
}

function reads({
  connection,
}: ChatsHandlersDeps): Pick<
  Handlers,
  'support' | 'older' | 'models' | 'organizations' | 'prompts' | 'diff' | 'cost' | 'usage'
> {
  return {
    support: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call((client) => readChatSupport(client, signal)),
    async older({ deploymentId, chatId, beforeId, limit }, { signal }) {
      const asked = { chatId, before_id: beforeId, limit }
      const { messages, hasMore } = await readPage(connection(deploymentId), asked, signal)
      return { messages, hasMore }
    },
    models: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(
        (client) => loadChatModels(client, signal),
        chatFailure({ 404: 'unsupported' }),
      ),
    organizations: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call((client) => listOrganizations(client, signal)),
    async prompts({ deploymentId, chatId }, { signal }) {
      const { prompts } = await connection(deploymentId).call((client) =>
        client.call(chatMessagesRoutes.prompts, { params: { chat: chatId } }, { signal }),
      )
      return prompts
    },
    diff: ({ deploymentId, chatId }, { signal }) =>
      connection(deploymentId).call(
        (client) => client.call(chatGitRoutes.diff, { params: { chat: chatId } }, { signal }),
        chatFailure({ 404: 'unsupported' }),
      ),
    cost: ({ deploymentId, chatId }, { signal }) =>
      nullWhereMissing(
        connection(deploymentId).call((client) =>
          client.call(chatCostRoutes.chat, { params: { chat: chatId } }, { signal }),
        ),
      ),
    usage: ({ deploymentId }, { signal }) =>
      nullWhereMissing(
        connection(deploymentId).call((client) => client.call(chatCostRoutes.status, {}, { signal })),
      ),
  }
}
