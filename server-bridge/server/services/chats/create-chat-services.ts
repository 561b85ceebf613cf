import { createAgentToolCalls } from '../../agents/agent-tool-calls.ts'
import type { Database } from '../../db/database.ts'
import { createAiProviders } from './ai-providers.ts'
import { createApprovals } from './approvals.ts'
import { createChatTools } from './create-chat-tools.ts'
import type { ChatServiceDeps } from './chat-service-deps.ts'
import { createChatGit } from './chat-git.ts'
import { type ChatStore, createChatStore } from './chat-store.ts'
import { createChatSwitches } from './chat-switches.ts'
import { createChatView } from './chat-view.ts'
import { createChatWatchers } from './chat-watchers.ts'
import { createChatWorker } from './chat-worker.ts'
import { createChats } from './chats.ts'
import { createEpisodes } from './episodes.ts'
import { createFoundModels } from './found-models.ts'
import { createModelConfigs } from './model-configs.ts'
import { createModelSteps, MODEL_TIMINGS } from './model-steps.ts'
import type { ToolBox } from './tool-box.ts'
import { createToolRules } from './tool-rules.ts'
import type { TurnLimits } from './turn-decision.ts'
import { createUsageLimits } from './usage-limits.ts'
import { createUserProviderKeys } from './user-provider-keys.ts'

/** Steps as in agents-api 12.1; the rest keeps a model that goes in circles from going on for days. */
const TURN_LIMITS: TurnLimits = {
  steps: 1200,
  ms: 12 * 3_600_000,
  tokens: 200_000_000,
  costMicros: 200_000_000,
}

/** Whoever may not sign in has nothing run for them either. */
function mayRun(db: Database, userId: string): boolean {
  const user = db.first(db.sql.selectFrom('users').select(['status', 'deleted']).where('id', '=', userId))
  return user?.deleted === 0 && user.status !== 'suspended'
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
  return {
    ...keys,
    aiProviders,
    modelConfigs,
    usageLimits: createUsageLimits({ db, clock, modelConfigs }),
    foundModels: createFoundModels({
      providers: aiProviders,
      ...(options.localModelPorts ? { ports: options.localModelPorts } : {}),
    }),
  }
}

/** Chats, and what makes them go. */
export function createChatServices(deps: ChatServiceDeps) {
  const { db, clock, logger, mcp, options } = deps
  const models = createChatModels(deps, () => interruptAll(store))
  const { aiProviders, modelConfigs, usageLimits, chatSwitches } = models
  const chatView = createChatView(db)
  const episodes = createEpisodes()
  const store = createChatStore({
    db,
    clock,
    topic: deps.topics.chat,
    onChange: (chatId, kind) => watchers.tell(chatId, kind),
    onWork: (chatId) => worker.wake(chatId),
  })
  const watchers = createChatWatchers((chatId) => store.find(chatId), chatView)
  const call = createAgentToolCalls(deps.links, clock)
  const toolRules = createToolRules(db)
  const approvals = createApprovals({
    ...{ db, clock, store, rules: toolRules },
    accepts: (chat, call) => tools.accepts(chat, call),
  })
  const tools: ToolBox = createChatTools(deps, { approvals, modelConfigs, store, call })
  const steps = createModelSteps({
    ...{ clock, store, episodes, modelConfigs, tools },
    providers: aiProviders,
    accessFor: models.userProviderKeys.accessFor,
    isActive: (userId) => mayRun(db, userId),
    timings: { ...MODEL_TIMINGS, ...options.timings },
  })
  const limits = { ...TURN_LIMITS, ...options.limits }
  const worker = createChatWorker({
    ...{ clock, logger, store, episodes, watchers, steps, tools, limits, usageLimits, approvals },
    offReason: chatSwitches.offReason,
  })
  const chats = createChats({
    ...{ db, clock, store, modelConfigs, usageLimits, chatSwitches },
    organizations: deps.organizations,
    isMcpServer: (id) => mcp.servers.list().some((row) => row.id === id),
  })
  return {
    ...models,
    approvals,
    toolRules,
    chats,
    chatGit: createChatGit({
      ...{ db, clock, call, watchers, find: store.find },
      ...{ records: deps.records, links: deps.links },
    }),
    chatStore: store,
    chatView,
    chatWatchers: watchers,
    chatWorker: worker,
    episodes,
  }
}
