import type { Chat } from '#bridge/contract/chats'
import type { ChatModelChoice } from '#ipc/chats'
import { useKept } from '../../../lib/kept-state.ts'
import { useMcpServers, type McpServerEntry } from '../../mcp-servers/index.ts'
import { useChatModels } from '../use-chats.ts'
import { lastChoices, usableModel } from './chat-model.ts'
import type { Draft } from './draft.ts'
import { chosenServers } from './mcp-choice.ts'

/** What a message is sent with, and what there is to choose from. */
export interface ComposerChoices {
  readonly modelConfigId: string | undefined
  /** How hard the model of the chat thought last, where its deployment tells. */
  readonly lastEffort: string | undefined
  /** Undefined: the servers are not known and none were chosen, so those of the chat stay as they are. */
  readonly mcpServerIds: readonly string[] | undefined
  readonly planMode: boolean
  readonly models: readonly ChatModelChoice[]
  readonly unsupported: readonly string[]
  readonly servers: readonly McpServerEntry[]
}

/** The choices of a draft; where it has none those of its chat, else the last ones made on the deployment. */
export function useComposerChoices(
  deploymentId: string,
  chat: Chat | undefined,
  draft: Draft,
): ComposerChoices {
  const { data: known } = useChatModels(deploymentId)
  const { data: mcp } = useMcpServers(deploymentId)
  const last = useKept(lastChoices)[deploymentId] ?? {}
  const models = known?.models ?? []
  const wished = chat === undefined ? last.modelConfigId : chat.last_model_config_id
  const modelConfigId = usableModel(models, [draft.modelConfigId, wished])?.configId
  return {
    models,
    lastEffort: lastEffortOf(chat, modelConfigId),
    servers: mcp?.servers ?? [],
    unsupported: known?.unsupportedProviders ?? [],
    modelConfigId,
    // What is not known is not none: sent as none it would take the chat's servers away.
    mcpServerIds:
      mcp === undefined
        ? draft.mcpServerIds
        : chosenServers(
            mcp.servers.map(({ config }) => config),
            draft.mcpServerIds ?? (chat === undefined ? last.mcpServerIds : chat.mcp_server_ids),
          ),
    planMode: draft.planMode ?? chat?.plan_mode === 'plan',
  }
}

/** What is told is of the model that the chat was asked with last. */
function lastEffortOf(chat: Chat | undefined, modelConfigId: string | undefined): string | undefined {
  return chat?.last_model_config_id === modelConfigId ? chat?.last_reasoning_effort : undefined
}
