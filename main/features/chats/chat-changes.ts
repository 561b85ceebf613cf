/** What the user does in chats. Lists are asked to look again after each change. */
import { CoderApiError } from '#bridge/client/errors'
import { chatApprovalsRoutes } from '#bridge/contract/chats-approvals'
import { chatContextRoutes } from '#bridge/contract/chats-context'
import { chatGitActionsRoutes } from '#bridge/contract/chats-git-actions'
import { chatMessagesRoutes } from '#bridge/contract/chats-messages'
import { chatsRoutes, type UpdateChatRequest } from '#bridge/contract/chats'
import { chatTitlesRoutes } from '#bridge/contract/chats-titles'
import { zeroUuid } from '#bridge/contract/zero-values'
import type { Contract } from '#ipc/contract'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { chatFailure, spendFailure } from './chat-failures.ts'
import { organizationOf } from './chat-organization.ts'
import type { ChatFeeds } from './chat-feeds.ts'
import type { ChatLists } from './chat-lists.ts'

type ChangeHandlers = Pick<
  FeatureHandlers<Contract['chats']>,
  | 'create'
  | 'send'
  | 'edit'
  | 'interrupt'
  | 'update'
  | 'deleteQueued'
  | 'promoteQueued'
  | 'proposeTitle'
  | 'compact'
  | 'refreshContext'
  | 'decide'
  | 'gitAction'
>

interface ChatsToTell {
  readonly lists: Pick<ChatLists, 'refresh'>
  readonly feeds: Pick<ChatFeeds, 'lookAgain'>
}

export function createChatChanges(
  connection: (deploymentId: string) => DeploymentConnection,
  { lists, feeds }: ChatsToTell,
): ChangeHandlers {
  return {
    async create({ deploymentId, content, organizationId, workspaceId, mcpServerIds, planMode, ...asked }) {
      const chat = await connection(deploymentId).call(async (client) => {
        const body = {
          organization_id: await organizationOf(client, { organizationId, workspaceId }),
          content,
          client_type: 'ui' as const,
          ...(workspaceId === undefined ? {} : { workspace_id: workspaceId }),
          ...modelBody(asked),
          ...(mcpServerIds === undefined ? {} : { mcp_server_ids: mcpServerIds }),
          ...(planMode === undefined || planMode === '' ? {} : { plan_mode: planMode }),
        }
        return client.call(chatsRoutes.create, { body })
      }, spendFailure())
      lists.refresh(deploymentId)
      return chat
    },
    async send({ deploymentId, chatId, content, interrupts, mcpServerIds, planMode, ...asked }) {
      const answer = await connection(deploymentId).call(
        (client) =>
          client.call(chatMessagesRoutes.send, {
            params: { chat: chatId },
            body: {
              content,
              busy_behavior: interrupts ? 'interrupt' : 'queue',
              ...modelBody(asked),
              ...(mcpServerIds === undefined ? {} : { mcp_server_ids: mcpServerIds }),
              ...(planMode === undefined ? {} : { plan_mode: planMode }),
            },
          }),
        spendFailure({ 429: 'queue_full' }),
      )
      return { queued: answer.queued, warnings: answer.warnings ?? [] }
    },
    async edit({ deploymentId, chatId, messageId, content, ...asked }) {
      const answer = await connection(deploymentId).call(
        (client) =>
          client.call(chatMessagesRoutes.edit, {
            params: { chat: chatId, message: String(messageId) },
            body: { content, ...modelBody(asked) },
          }),
        spendFailure(),
      )
      return { messageId: answer.message.id, warnings: answer.warnings ?? [] }
    },
    async interrupt({ deploymentId, chatId }) {
      await unlessDone(
        409,
        connection(deploymentId).call((client) =>
          client.call(chatsRoutes.interrupt, { params: { chat: chatId } }),
        ),
      )
      return null
    },
    async update({ deploymentId, chatId, ...change }) {
      await connection(deploymentId).call(
        (client) => client.call(chatsRoutes.update, { params: { chat: chatId }, body: updateBody(change) }),
        chatFailure({ 409: 'busy' }),
      )
      lists.refresh(deploymentId)
      return null
    },
    async deleteQueued({ deploymentId, chatId, queuedId }) {
      const params = { chat: chatId, queuedmessage: String(queuedId) }
      await unlessDone(
        404,
        connection(deploymentId).call((client) => client.call(chatMessagesRoutes.deleteQueued, { params })),
      )
      return null
    },
    async promoteQueued({ deploymentId, chatId, queuedId }) {
      const params = { chat: chatId, queuedmessage: String(queuedId) }
      await connection(deploymentId).call((client) =>
        client.call(chatMessagesRoutes.promoteQueued, { params }),
      )
      return null
    },
    proposeTitle: ({ deploymentId, chatId }, { signal }) =>
      connection(deploymentId).call(
        (client) => client.call(chatTitlesRoutes.propose, { params: { chat: chatId } }, { signal }),
        chatFailure({ 404: 'unsupported' }),
      ),
    async compact({ deploymentId, chatId }) {
      await connection(deploymentId).call(
        (client) => client.call(chatTitlesRoutes.compact, { params: { chat: chatId } }),
        spendFailure({ 404: 'unsupported', 409: 'not_now' }),
      )
      return null
    },
    async refreshContext({ deploymentId, chatId }) {
      await connection(deploymentId).call(
        (client) => client.call(chatContextRoutes.refresh, { params: { chat: chatId } }),
        chatFailure({ 404: 'unsupported', 409: 'busy' }),
      )
      // No event tells that it is up to date again.
      feeds.lookAgain(deploymentId)
      return null
    },
    async gitAction({ deploymentId, chatId, action }) {
      await connection(deploymentId).call(
        (client) => client.call(chatGitActionsRoutes.act, { params: { chat: chatId }, body: action }),
        chatFailure({ 404: 'unsupported' }),
      )
      return null
    },
    async decide({ deploymentId, chatId, decisions }) {
      await connection(deploymentId).call(
        (client) =>
          client.call(chatApprovalsRoutes.decide, { params: { chat: chatId }, body: { decisions } }),
        chatFailure({ 404: 'unsupported', 409: 'already_decided' }),
      )
      return null
    },
  }
}

/** A refusal that means that what was asked for is so already. */
async function unlessDone(status: number, call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    const cause: unknown = error instanceof ProcedureError ? error.cause : undefined
    if (!(cause instanceof CoderApiError) || cause.status !== status) throw error
  }
}

/** What thinks, and how hard; the latter is chosen only where the deployment told what there is. */
function modelBody({
  modelConfigId,
  reasoningEffort,
}: {
  readonly modelConfigId?: string | undefined
  readonly reasoningEffort?: string | undefined
}): { model_config_id?: string; reasoning_effort?: string } {
  return {
    ...(modelConfigId === undefined ? {} : { model_config_id: modelConfigId }),
    ...(reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort }),
  }
}

function updateBody({
  title,
  archived,
  workspaceId,
  pinOrder,
}: {
  readonly title?: string | undefined
  readonly archived?: boolean | undefined
  readonly workspaceId?: string | null | undefined
  readonly pinOrder?: number | undefined
}): UpdateChatRequest {
  return {
    ...(title === undefined ? {} : { title }),
    ...(archived === undefined ? {} : { archived }),
    ...(workspaceId === undefined ? {} : { workspace_id: workspaceId ?? zeroUuid }),
    ...(pinOrder === undefined ? {} : { pin_order: pinOrder }),
  }
}
