import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { createAgentToolCalls } from '../../agents/agent-tool-calls.ts'
import type { AgentLinks } from '../../agents/agent-links.ts'
import type { Database } from '../../db/database.ts'
import type { AgentRecords } from '../agent-records.ts'
import type { Mcp } from '../mcp/mcp.ts'
import type { Notifications } from '../notifications.ts'
import type { Organizations } from '../organizations.ts'
import type { SecretBox } from '../secret-box.ts'
import type { Topics } from '../topics.ts'
import { createAiProviders } from './ai-providers.ts'
import { createAttachFileTool } from './attach-file-tool.ts'
import { createChatConfig } from './chat-config.ts'
import { createChatFiles, createModelFiles } from './chat-files.ts'
import { createChatLabels } from './chat-labels.ts'
import { createChatLifecycle } from './chat-lifecycle.ts'
import { createChatUserConfig } from './chat-user-config.ts'
import { createChatStore } from './chat-store.ts'
import { createChatView } from './chat-view.ts'
import { createChatWatchers } from './chat-watchers.ts'
import { createChatWorker } from './chat-worker.ts'
import { createChats } from './chats.ts'
import { createCompaction } from './compaction.ts'
import { createEpisodes } from './episodes.ts'
import { DEFAULT_INSTRUCTIONS } from './instructions.ts'
import { createMcpTools } from './mcp-tools.ts'
import { createModelChoice } from './model-choice.ts'
import { createModelConfigs } from './model-configs.ts'
import { createModelSteps, MODEL_TIMINGS, type ModelTimings } from './model-steps.ts'
import { type ApproveToolCall, createToolBox } from './tool-box.ts'
import { createSideCalls } from './side-calls.ts'
import { createSkillTools } from './skill-tools.ts'
import { createTurnInstructions } from './turn-instructions.ts'
import { createUserSkills } from './user-skills.ts'
import { createWorkspaceInstructions } from './workspace-instructions.ts'
import type { TurnLimits } from './turn-decision.ts'
import { createLinkedAgents, createWorkspaceAgents } from './workspace-agents.ts'
import { createWorkspaceTools } from './workspace-tools.ts'

/** What of chats a deployment may set otherwise. */
export interface ChatOptions {
  readonly limits?: Partial<TurnLimits>
  readonly timings?: Partial<ModelTimings>
  /** Absent: everything a model calls is run. */
  readonly approveToolCall?: ApproveToolCall
}

/** Steps as in agents-api 12.1; the rest keeps a model that goes in circles from going on for days. */
const TURN_LIMITS: TurnLimits = {
  steps: 1200,
  ms: 12 * 3_600_000,
  tokens: 200_000_000,
  costMicros: 200_000_000,
}

export interface ChatServiceDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly box: SecretBox
  readonly topics: Topics
  readonly organizations: Organizations
  readonly mcp: Mcp
  readonly records: AgentRecords
  readonly links: AgentLinks
  readonly notifications: Notifications
  readonly options: ChatOptions
}

/** Whoever may not sign in has nothing run for them either. */
function mayRun(db: Database, userId: string): boolean {
  const user = db.first(db.sql.selectFrom('users').select(['status', 'deleted']).where('id', '=', userId))
  return user?.deleted === 0 && user.status !== 'suspended'
}

/** Chats, and what makes them go. */
export function createChatServices(deps: ChatServiceDeps) {
  const { db, clock, logger, mcp, options } = deps
  const aiProviders = createAiProviders(db, clock, deps.box)
  const modelConfigs = createModelConfigs(db, clock, aiProviders)
  const chatView = createChatView(db)
  const chatConfig = createChatConfig(db)
  const chatUserConfig = createChatUserConfig(db)
  const modelChoice = createModelChoice({ modelConfigs, chatConfig, chatUserConfig })
  const userSkills = createUserSkills(db, clock)
  const episodes = createEpisodes()
  const chatFiles = createChatFiles(db, clock)
  const store = createChatStore({
    db,
    clock,
    topic: deps.topics.chat,
    onChange: (chatId, kind) => watchers.tell(chatId, kind),
    onWork(chatId) {
      worker.wake(chatId)
      labels.wake(chatId)
    },
  })
  const watchers = createChatWatchers((chatId) => store.find(chatId), chatView)
  const workspace = {
    call: createAgentToolCalls(deps.links, clock),
    agentOf: createWorkspaceAgents(deps),
  }
  const tools = createToolBox({
    sources: [
      createWorkspaceTools(workspace),
      createAttachFileTool({ ...workspace, files: chatFiles }),
      createSkillTools(userSkills),
      createMcpTools({ mcp, clock, logger }),
    ],
    approve: options.approveToolCall ?? (async () => ({ allowed: true })),
    contextLimitOf: (chat) => modelConfigs.get(chat.last_model_config_id)?.context_limit,
    now: () => clock.now(),
    logger,
  })
  const steps = createModelSteps({
    ...{ clock, store, episodes, modelConfigs, tools },
    providers: aiProviders,
    readFile: createModelFiles(chatFiles),
    turnInstructions: createTurnInstructions({
      ...{ chatConfig, chatUserConfig },
      readWorkspace: createWorkspaceInstructions({
        ...{ clock, logger },
        call: workspace.call,
        agentOf: createLinkedAgents(deps),
      }),
    }),
    isActive: (userId) => mayRun(db, userId),
    timings: { ...MODEL_TIMINGS, ...options.timings },
  })
  const sideCalls = createSideCalls({
    ...{ clock, store, modelConfigs },
    providers: aiProviders,
    accessFor: (_ownerId, provider) => aiProviders.open(provider),
    isAllowed: (chat) => mayRun(db, chat.owner_id),
  })
  const labels = createChatLabels({ db, logger, store, sideCalls, titleModel: modelChoice.forTitles })
  const compaction = createCompaction({
    clock,
    store,
    steps,
    modelConfigs,
    ownThreshold: chatUserConfig.threshold,
  })
  const limits = { ...TURN_LIMITS, ...options.limits }
  const worker = createChatWorker({
    ...{ clock, logger, store, episodes, watchers, steps, tools, limits, compaction },
  })
  const chats = createChats({
    ...{ db, clock, store, modelConfigs },
    organizations: deps.organizations,
    files: chatFiles,
    chooseModel: modelChoice.forNew,
    deploymentPrompts: () => [
      ...(chatConfig.get('include_default_system_prompt') ? [DEFAULT_INSTRUCTIONS] : []),
      chatConfig.get('system_prompt'),
    ],
    isMcpServer: (id) => mcp.servers.list().some((row) => row.id === id),
  })
  return {
    aiProviders,
    modelConfigs,
    chats,
    chatConfig,
    chatUserConfig,
    modelChoice,
    userSkills,
    chatLifecycle: createChatLifecycle({
      ...{ db, clock, logger, store, chatConfig },
      notifications: deps.notifications,
    }),
    chatFiles,
    chatLabels: labels,
    compaction,
    chatStore: store,
    chatView,
    chatWatchers: watchers,
    chatWorker: worker,
    episodes,
  }
}
