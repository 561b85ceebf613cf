import type { Chat } from '#bridge/contract/chats'
import type { ChatModelChoice } from '#ipc/chats'
import type { Output } from '../../../api/procedure-types.ts'
import { useKept } from '../../../lib/kept-state.ts'
import { useMcpServers, type McpServerEntry } from '../../mcp-servers/index.ts'
import { useOwnRootModel } from '../../own-agents/index.ts'
import { useChatModels } from '../use-chats.ts'
import { lastChoices, lastServers, usableEffort, usableModel, type LastChoices } from './chat-model.ts'
import type { Draft } from './draft.ts'
import { unsaid } from '../effort-words.ts'
import { chosenServers } from './mcp-choice.ts'

/** What a message is sent with, and what there is to choose from. */
export interface ComposerChoices {
  readonly modelConfigId: string | undefined
  /** What the model can be asked for; none where its deployment does not tell. */
  readonly efforts: readonly string[]
  /** How hard it is asked to think. Undefined: nothing is said of it. */
  readonly effort: string | undefined
  readonly defaultEffort: string | undefined
  /** No effort is known that leaving it out would mean, so it can be left out. */
  readonly canLeaveEffort: boolean
  /** How hard the model of the chat thought last, where its deployment tells. */
  readonly lastEffort: string | undefined
  /** Undefined: the servers are not known and none were chosen, so those of the chat stay as they are. */
  readonly mcpServerIds: readonly string[] | undefined
  readonly planMode: boolean
  readonly models: readonly ChatModelChoice[]
  readonly unsupported: readonly string[]
  readonly servers: readonly McpServerEntry[]
}

export interface ComposedFor {
  /** Undefined: a new one. */
  readonly chat: Chat | undefined
  /** Where it is, or will be made; undefined where that is not known, so nothing is left out for it. */
  readonly organizationId: string | undefined
}

/** The choices of a draft; where it has none those of its chat, else the last ones made on the deployment. */
export function useComposerChoices(
  deploymentId: string,
  { chat, organizationId }: ComposedFor,
  draft: Draft,
): ComposerChoices {
  const { data: known } = useChatModels(deploymentId)
  const { data: mcp } = useMcpServers(deploymentId)
  const servers = mcp?.servers.filter((server) => isOfOrganization(server, organizationId))
  const own = useOwnRootModel(deploymentId)
  const last = useKept(lastChoices)[deploymentId] ?? {}
  const models = known?.models ?? []
  const wished = [draft.modelConfigId, ...(chat ? [chat.last_model_config_id] : [own, last.modelConfigId])]
  const model = usableModel(models, wished)
  const modelConfigId = model?.configId
  const lastEffort = lastEffortOf(chat, modelConfigId)
  return {
    models,
    ...effortsOf(model, draft.effort, chat === undefined ? { remembered: last.effort } : { lastEffort }),
    lastEffort,
    servers: servers ?? [],
    unsupported: known?.unsupportedProviders ?? [],
    modelConfigId,
    mcpServerIds: serversOf(servers, draft, serversBefore({ chat, organizationId }, mcp?.capability, last)),
    planMode: draft.planMode ?? chat?.plan_mode === 'plan',
  }
}

function isOfOrganization({ organizationIds }: McpServerEntry, organizationId: string | undefined): boolean {
  return (
    organizationIds === undefined || organizationId === undefined || organizationIds.includes(organizationId)
  )
}

/** What a choice of servers begins with. */
function serversBefore(
  { chat, organizationId }: ComposedFor,
  capability: Output<'mcpServers.list'>['capability'] | undefined,
  last: LastChoices,
): readonly string[] | undefined {
  if (chat !== undefined) return chat.mcp_server_ids
  return capability === 'organization' ? lastServers(last, organizationId) : last.mcpServerIds
}

/** What is not known is not none: sent as none it would take the chat's servers away. */
function serversOf(
  servers: readonly McpServerEntry[] | undefined,
  draft: Draft,
  before: readonly string[] | undefined,
): readonly string[] | undefined {
  if (servers === undefined) return draft.mcpServerIds
  return chosenServers(
    servers.map(({ config }) => config),
    draft.mcpServerIds ?? before,
  )
}

type EffortChoices = Pick<ComposerChoices, 'efforts' | 'effort' | 'defaultEffort' | 'canLeaveEffort'>

/**
 * What leaving the effort out means is sure only where neither the model nor the chat has one: everywhere else what is
 * shown is what is sent.
 */
function effortsOf(
  model: ChatModelChoice | undefined,
  chosen: string | undefined,
  {
    remembered,
    lastEffort,
  }: { readonly remembered?: string | undefined; readonly lastEffort?: string | undefined },
): EffortChoices {
  const defaultEffort = model?.defaultEffort
  const canLeaveEffort = defaultEffort === undefined && lastEffort === undefined
  const isLeft = canLeaveEffort && chosen === unsaid
  return {
    efforts: model?.efforts ?? [],
    effort: isLeft ? undefined : usableEffort(model, [chosen, lastEffort ?? remembered]),
    defaultEffort,
    canLeaveEffort,
  }
}

/** What is told is of the model that the chat was asked with last. */
function lastEffortOf(chat: Chat | undefined, modelConfigId: string | undefined): string | undefined {
  return chat?.last_model_config_id === modelConfigId ? chat?.last_reasoning_effort : undefined
}
