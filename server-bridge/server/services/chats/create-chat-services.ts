import { mcpServerRule } from '../../../contract/mcp-tool-names.ts'
import { type CallAgentTool, createAgentToolCalls } from '../../agents/agent-tool-calls.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import { createAdvice } from './create-advice.ts'
import { createAiProviders } from './ai-providers.ts'
import { type Approvals, type ApprovalsDeps, createApprovals } from './approvals.ts'
import { createChatContent, createInstructions } from './create-chat-content.ts'
import { createChatTools } from './create-chat-tools.ts'
import type { ChatServiceDeps } from './chat-service-deps.ts'
import { createChatDebug } from './chat-debug.ts'
import { createMaskForOwner } from './chat-debug-secrets.ts'
import { createChatDebugStore } from './chat-debug-store.ts'
import { createChatLabels } from './chat-labels.ts'
import { createChatLifecycle } from './chat-lifecycle.ts'
import { createChatShares } from './chat-shares.ts'
import type { ChatRow } from './chat-rows.ts'
import { createChatDesktop } from './chat-desktop.ts'
import { createChatGit } from './chat-git.ts'
import { type ChatStore, createChatStore } from './chat-store.ts'
import { type ChatSwitches, createChatSwitches } from './chat-switches.ts'
import { createChatView } from './chat-view.ts'
import { type ChatWatchers, createChatWatchers } from './chat-watchers.ts'
import { createChatWorker } from './chat-worker.ts'
import { createChats } from './chats.ts'
import { createCompaction } from './compaction.ts'
import { createEpisodes, type Episodes } from './episodes.ts'
import { createFollowedHistories } from './followed-histories.ts'
import { createFoundModels } from './found-models.ts'
import { deploymentPrompts } from './instructions.ts'
import { createModelConfigs } from './model-configs.ts'
import { createModelFiles } from './model-files.ts'
import { createModelSteps, MODEL_TIMINGS } from './model-steps.ts'
import { createSideCalls } from './side-calls.ts'
import type { ToolBox } from './tool-box.ts'
import { createToolRules } from './tool-rules.ts'
import type { TurnLimits } from './turn-decision.ts'
import { createTurnScans } from './turn-scans.ts'
import { createUsageLimits, type UsageLimits } from './usage-limits.ts'
import { createLinkedAgents } from './workspace-agents.ts'
import { createWorkspaceSkills } from './workspace-skills.ts'
import { createUserProviderKeys } from './user-provider-keys.ts'

/** Steps as in agents-api 12.1; the rest keeps a model that goes in circles from going on for days. */
const TURN_LIMITS: TurnLimits = {
  steps: 1200,
  ms: 12 * 3_600_000,
  tokens: 200_000_000,
  costMicros: 200_000_000,
}

/** Whoever may not sign in has nothing run for them either. */
function createRunGate(db: Database): (userId: string) => boolean {
  const byId = keptQuery((id: string) =>
    db.sql.selectFrom('users').select(['status', 'deleted']).where('id', '=', id),
  )
  return (userId) => {
    const user = db.firstKept(byId(userId))
    return user?.deleted === 0 && user.status !== 'suspended'
  }
}

/** Whether a model may be asked beside the turns of a chat: not where the turn would be refused. */
function createSideGate(
  db: Database,
  switches: Pick<ChatSwitches, 'offReason'>,
  limits: Pick<UsageLimits, 'refusal'>,
): (chat: ChatRow) => boolean {
  const mayRun = createRunGate(db)
  return (chat) =>
    mayRun(chat.owner_id) && switches.offReason() === undefined && limits.refusal(chat) === undefined
}

/** What was said so far of the answers stays; chats that wait for their client wait no more. */
function interruptAll(store: ChatStore): void {
  for (const chat of store.atWork())
    if (chat.status !== 'interrupting') store.apply(chat.id, { type: 'interrupt' })
}

/** What chats may call, by whose key and for how much. */
function createChatModels({ db, clock, box, options }: ChatServiceDeps, onStopped: () => void) {
  const aiProviders = createAiProviders(db, clock, box)
  const chatSwitches = createChatSwitches({ db, isOnAtStart: options.isOn ?? true, onStopped })
  const userProviderKeys = createUserProviderKeys({
    ...{ db, clock, box, providers: aiProviders },
    isAllowed: chatSwitches.allowsOwnKeys,
  })
  const keys = { userProviderKeys, chatSwitches }
  const modelConfigs = createModelConfigs({ db, clock, providers: aiProviders, ...keys })
  const usageLimits = createUsageLimits({ db, clock, modelConfigs })
  return {
    ...keys,
    aiProviders,
    modelConfigs,
    usageLimits,
    mayAskBeside: createSideGate(db, chatSwitches, usageLimits),
    foundModels: createFoundModels({
      providers: aiProviders,
      ...(options.localModelPorts ? { ports: options.localModelPorts } : {}),
      ...(options.localModelTimeoutMs ? { timeoutMs: options.localModelTimeoutMs } : {}),
    }),
  }
}
type ChatModels = ReturnType<typeof createChatModels>

/** What is set for chats and put into them, and what models are asked of it where their owners want to see that. */
function createContent(deps: ChatServiceDeps, models: ChatModels) {
  const { db, box, mcp } = deps
  const chatDebugStore = createChatDebugStore(db)
  const { aiProviders: providers, modelConfigs } = models
  const content = createChatContent(deps, modelConfigs)
  const chatDebug = createChatDebug({
    ...deps,
    ...content,
    ...{ modelConfigs, providers, store: chatDebugStore },
    maskFor: createMaskForOwner({
      ...{ db, box, providers, mcpServers: mcp.servers.list },
      accessFor: models.userProviderKeys.accessFor,
    }),
    isForced: deps.options.isDebugLoggingForced ?? false,
  })
  return { ...content, chatDebug, chatDebugStore }
}
type DebuggedContent = ReturnType<typeof createContent>

/** Titles and summaries of turns; they stop where turns would. */
function createLabels(deps: ChatServiceDeps, store: ChatStore, models: ChatModels & DebuggedContent) {
  const { db, clock, logger } = deps
  const { modelConfigs, chatSwitches } = models
  const sideCalls = createSideCalls({
    ...{ clock, store, modelConfigs, providers: models.aiProviders, debug: models.chatDebug },
    accessFor: models.userProviderKeys.accessFor,
    isAllowed: models.mayAskBeside,
  })
  const titleModel = models.modelChoice.forTitles
  return createChatLabels({ db, logger, store, sideCalls, chatSwitches, titleModel })
}

interface TurnParts {
  readonly store: ChatStore
  readonly models: ChatModels
  readonly content: DebuggedContent
  readonly call: CallAgentTool
  readonly tools: ToolBox
  readonly approvals: Approvals
  readonly watchers: ChatWatchers
  readonly episodes: Episodes
}

/** What calls models and tools, step after step. */
function createTurns(deps: ChatServiceDeps, parts: TurnParts) {
  const { db, clock, logger, options } = deps
  const { store, models, content, call, tools, approvals, watchers, episodes } = parts
  const debug = content.chatDebug
  const { modelConfigs, usageLimits, chatSwitches } = models
  const histories = createFollowedHistories(store.messages)
  const steps = createModelSteps({
    ...{ clock, logger, store, histories, episodes, debug, modelConfigs, tools },
    providers: models.aiProviders,
    accessFor: models.userProviderKeys.accessFor,
    readFiles: createModelFiles(content.chatFiles),
    turnInstructions: createInstructions(deps, content, call),
    isActive: createRunGate(db),
    timings: { ...MODEL_TIMINGS, ...options.timings },
  })
  const ownThreshold = content.chatUserConfig.threshold
  const compaction = createCompaction({
    ...{ clock, store, histories, steps, modelConfigs, chatSwitches, ownThreshold },
  })
  const limits = { ...TURN_LIMITS, ...options.limits }
  const chatWorker = createChatWorker({
    ...{
      clock,
      logger,
      store,
      histories,
      episodes,
      debug,
      watchers,
      steps,
      compaction,
      tools,
      limits,
      usageLimits,
      approvals,
    },
    offReason: chatSwitches.offReason,
  })
  return { compaction, chatWorker }
}

/** What looks at the changes in workspaces. */
function createGitLooks(
  { db, clock, records, links, logger }: ChatServiceDeps,
  { store, call, watchers }: Pick<TurnParts, 'store' | 'call' | 'watchers'>,
) {
  const chatGit = createChatGit({ ...{ db, clock, call, watchers, find: store.find }, records, links })
  const turnScans = createTurnScans({
    ...{ find: store.find, messages: store.messages, scan: chatGit.count, logger },
  })
  return { chatGit, turnScans }
}

/** What rules about all tools of a call's MCP server are called. */
function createServerRules({ servers }: ChatServiceDeps['mcp']): ApprovalsDeps['serverRuleOf'] {
  return ({ serverId }) => {
    const server = serverId && servers.list().find(({ id }) => id === serverId)
    return server ? mcpServerRule(server.slug) : undefined
  }
}

/** Chats, and what makes them go. */
export function createChatServices(deps: ChatServiceDeps) {
  const { db, clock, mcp } = deps
  const models = createChatModels(deps, () => interruptAll(store))
  const { modelConfigs, usageLimits, chatSwitches } = models
  const content = createContent(deps, models)
  const chatShares = createChatShares({
    ...{ db, clock, topic: deps.topics.chatReaders, notifications: deps.notifications },
    isOn: deps.options.isSharingOn ?? true,
  })
  const chatView = createChatView(db, chatShares)
  const store = createChatStore({
    db,
    clock,
    topic: deps.topics.chat,
    onChange: (chatId, kind) => watchers.tell(chatId, kind),
    onWork(chatId) {
      turns.chatWorker.wake(chatId)
      chatLabels.wake(chatId)
      turnScans.wake(chatId)
    },
  })
  const watchers = createChatWatchers((chatId) => store.find(chatId), chatView)
  const call = createAgentToolCalls(deps.links, clock)
  const workspaceSkills = createWorkspaceSkills({
    ...{ call, clock, logger: deps.logger },
    agentOf: createLinkedAgents(deps),
  })
  const toolRules = createToolRules(db)
  const approvals = createApprovals({
    ...{ db, clock, store, rules: toolRules, chatSwitches },
    accepts: (chat, toolCall) => tools.accepts(chat, toolCall),
    serverRuleOf: createServerRules(mcp),
  })
  const episodes = createEpisodes()
  const advice = createAdvice(deps, { ...models, ...content, store, episodes })
  const tools: ToolBox = createChatTools(deps, {
    ...{ approvals, content, modelConfigs, store, call, workspaceSkills, advisorTool: advice.tool },
    ...{ providers: models.aiProviders, accessFor: models.userProviderKeys.accessFor },
  })
  const turns = createTurns(deps, { store, models, content, call, tools, approvals, watchers, episodes })
  const chatLabels = createLabels(deps, store, { ...models, ...content })
  const chats = createChats({
    ...{ db, clock, store, modelConfigs, usageLimits, chatSwitches },
    shares: chatShares,
    organizations: deps.organizations,
    files: content.chatFiles,
    chooseModel: content.modelChoice.forNew,
    deploymentPrompts: () => deploymentPrompts(content.chatConfig),
    settle: approvals.settle,
    isMcpServer: (id) => mcp.servers.list().some((row) => row.id === id),
  })
  const { chatGit, turnScans } = createGitLooks(deps, { store, call, watchers })
  return {
    ...models,
    ...content,
    ...turns,
    ...{ approvals, toolRules, chats, chatLabels, chatShares, chatView, workspaceSkills },
    chatLifecycle: createChatLifecycle({ ...deps, ...content, store }),
    ...{ chatGit, turnScans, episodes, advisor: advice.advisor },
    chatDesktop: createChatDesktop({ ...deps, call, find: store.find }),
    chatStore: store,
    chatWatchers: watchers,
  }
}
