import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { type CallAgentTool, createAgentToolCalls } from '../../agents/agent-tool-calls.ts'
import type { AgentLinks } from '../../agents/agent-links.ts'
import type { Database } from '../../db/database.ts'
import type { AgentRecords } from '../agent-records.ts'
import type { AuditEntry, AuditLog } from '../audit.ts'
import type { JobLogs } from '../job-logs.ts'
import type { Mcp } from '../mcp/mcp.ts'
import type { Notifications } from '../notifications.ts'
import type { Organizations } from '../organizations.ts'
import type { ReadableTemplates } from '../readable-templates.ts'
import type { SecretBox } from '../secret-box.ts'
import type { Sessions } from '../sessions.ts'
import type { TemplateVersions } from '../template-versions.ts'
import type { Templates } from '../templates.ts'
import type { Topics } from '../topics.ts'
import type { WorkspaceBuilds } from '../workspace-builds.ts'
import type { Workspaces } from '../workspaces.ts'
import { createAiProviders } from './ai-providers.ts'
import { createAttachFileTool } from './attach-file-tool.ts'
import { createChatConfig } from './chat-config.ts'
import { createChatFiles, createModelFiles } from './chat-files.ts'
import { createChatLabels } from './chat-labels.ts'
import { createChatLifecycle } from './chat-lifecycle.ts'
import { createChatUserConfig } from './chat-user-config.ts'
import { createChatGit } from './chat-git.ts'
import { type ChatStore, createChatStore } from './chat-store.ts'
import { createChatSwitches } from './chat-switches.ts'
import { createChatView } from './chat-view.ts'
import { createChatWatchers } from './chat-watchers.ts'
import { createChatWorker } from './chat-worker.ts'
import { createChats } from './chats.ts'
import { createCompaction } from './compaction.ts'
import { createEpisodes } from './episodes.ts'
import { deploymentPrompts } from './instructions.ts'
import { createFoundModels, type LocalModelPorts } from './found-models.ts'
import { createLifecycleTools } from './lifecycle-tools.ts'
import { createMcpTools } from './mcp-tools.ts'
import { createModelChoice } from './model-choice.ts'
import { createModelConfigs, type ModelConfigs } from './model-configs.ts'
import { createModelSteps, MODEL_TIMINGS, type ModelTimings } from './model-steps.ts'
import { createOwnerTools } from './owner-tools.ts'
import { createTemplateTools } from './template-tools.ts'
import { type ApproveToolCall, createToolBox, type ToolBox } from './tool-box.ts'
import { createSideCalls } from './side-calls.ts'
import { createSkillTools } from './skill-tools.ts'
import { createTurnInstructions, type TurnInstructions } from './turn-instructions.ts'
import { createUserSkills } from './user-skills.ts'
import { createWorkspaceInstructions } from './workspace-instructions.ts'
import type { TurnLimits } from './turn-decision.ts'
import { createLinkedAgents, createWorkspaceAgents } from './workspace-agents.ts'
import { createUsageLimits } from './usage-limits.ts'
import { createUserProviderKeys } from './user-provider-keys.ts'
import { createWorkspaceTools } from './workspace-tools.ts'

/** What of chats a deployment may set otherwise. */
export interface ChatOptions {
  readonly limits?: Partial<TurnLimits>
  readonly timings?: Partial<ModelTimings>
  /** Absent: everything a model calls is run. */
  readonly approveToolCall?: ApproveToolCall
  /** False: no chat works, whatever an administrator switches (`CODER_AI_GATEWAY_ENABLED`). */
  readonly isOn?: boolean
  /** Where to look for servers of models on this machine. Absent: where they are by default. */
  readonly localModelPorts?: LocalModelPorts
  /** Whether chats may make workspaces of a template. Absent: of all their owners may use. */
  readonly isTemplateAllowed?: (templateId: string) => boolean
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
  readonly workspaces: Workspaces
  readonly builds: WorkspaceBuilds
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly readable: ReadableTemplates
  readonly jobLogs: JobLogs
  readonly sessions: Pick<Sessions, 'actFor'>
  readonly auditLog: Pick<AuditLog, 'record'>
  readonly options: ChatOptions
}

/** Whoever may not sign in has nothing run for them either. */
function mayRun(db: Database, userId: string): boolean {
  const user = db.first(db.sql.selectFrom('users').select(['status', 'deleted']).where('id', '=', userId))
  return user?.deleted === 0 && user.status !== 'suspended'
}

/** Templates and workspaces, by the rights of the chat's owner. */
function createDeploymentTools(deps: ChatServiceDeps, store: ChatStore) {
  const shared = { ...deps, store, isTemplateAllowed: deps.options.isTemplateAllowed ?? (() => true) }
  const audit = (userId: string, entry: AuditEntry): void =>
    deps.auditLog.record(entry, {
      requestId: randomUUID(),
      userId,
      remoteAddress: '',
      userAgent: 'chat',
      statusCode: 200,
    })
  return createOwnerTools(
    [...createTemplateTools(shared), ...createLifecycleTools({ ...shared, audit })],
    deps.sessions.actFor,
  )
}

/** What was said so far of the answers stays; chats that wait for their client wait no more. */
function interruptAll(store: ChatStore): void {
  for (const chat of store.atWork())
    if (chat.status !== 'interrupting') store.apply(chat.id, { type: 'interrupt' })
}

/** What administrators and users set for chats, and what they put into them. */
function createContent({ db, clock }: ChatServiceDeps, modelConfigs: ModelConfigs) {
  const chatConfig = createChatConfig(db)
  const chatUserConfig = createChatUserConfig(db)
  return {
    chatConfig,
    chatUserConfig,
    modelChoice: createModelChoice({ modelConfigs, chatConfig, chatUserConfig }),
    userSkills: createUserSkills(db, clock),
    chatFiles: createChatFiles(db, clock),
  }
}
type Content = ReturnType<typeof createContent>

function createTools(
  deps: ChatServiceDeps,
  parts: {
    readonly store: ChatStore
    readonly call: CallAgentTool
    readonly content: Content
    readonly modelConfigs: ModelConfigs
  },
): ToolBox {
  const { clock, logger, mcp, options } = deps
  const { store, call, content, modelConfigs } = parts
  const workspace = { call, agentOf: createWorkspaceAgents(deps) }
  const isTemplateAllowed = (id: string): boolean => {
    const allowed = content.chatConfig.get('template_allowlist')
    return allowed.length === 0 || allowed.includes(id)
  }
  return createToolBox({
    sources: [
      createWorkspaceTools(workspace),
      createAttachFileTool({ ...workspace, files: content.chatFiles }),
      createSkillTools(content.userSkills),
      createDeploymentTools({ ...deps, options: { isTemplateAllowed, ...options } }, store),
      createMcpTools({ mcp, clock, logger }),
    ],
    approve: options.approveToolCall ?? (async () => ({ allowed: true })),
    contextLimitOf: (chat) => modelConfigs.get(chat.last_model_config_id)?.context_limit,
    now: () => clock.now(),
    logger,
  })
}

/** What is said in each turn beside the history. */
function createInstructions(deps: ChatServiceDeps, content: Content, call: CallAgentTool): TurnInstructions {
  const { clock, logger } = deps
  return createTurnInstructions({
    ...content,
    readWorkspace: createWorkspaceInstructions({ clock, logger, call, agentOf: createLinkedAgents(deps) }),
  })
}

/** Who may use models, with which keys, and for how much. */
function createModels(deps: ChatServiceDeps, onStopped: () => void) {
  const { db, clock, box, options } = deps
  const aiProviders = createAiProviders(db, clock, box)
  const chatSwitches = createChatSwitches({ db, isOnAtStart: options.isOn ?? true, onStopped })
  const userProviderKeys = createUserProviderKeys({
    ...{ db, clock, box, providers: aiProviders },
    isAllowed: chatSwitches.allowsOwnKeys,
  })
  const modelConfigs = createModelConfigs({
    db,
    clock,
    providers: aiProviders,
    userProviderKeys,
    chatSwitches,
  })
  return {
    ...{ aiProviders, chatSwitches, userProviderKeys, modelConfigs },
    usageLimits: createUsageLimits({ db, clock, modelConfigs }),
    foundModels: createFoundModels({
      providers: aiProviders,
      ...(options.localModelPorts ? { ports: options.localModelPorts } : {}),
    }),
  }
}
type Models = ReturnType<typeof createModels>

/** Titles and summaries of turns; they stop where turns would. */
function createLabels(deps: ChatServiceDeps, store: ChatStore, models: Models & Content) {
  const { db, clock, logger } = deps
  const sideCalls = createSideCalls({
    ...{ clock, store, modelConfigs: models.modelConfigs, providers: models.aiProviders },
    accessFor: models.userProviderKeys.accessFor,
    isAllowed: (chat) =>
      mayRun(db, chat.owner_id) &&
      models.chatSwitches.offReason() === undefined &&
      models.usageLimits.refusal(chat) === undefined,
  })
  return createChatLabels({ db, logger, store, sideCalls, titleModel: models.modelChoice.forTitles })
}

/** Chats, and what makes them go. */
export function createChatServices(deps: ChatServiceDeps) {
  const { db, clock, logger, mcp, options } = deps
  const models = createModels(deps, () => interruptAll(store))
  const { aiProviders, modelConfigs, chatSwitches, usageLimits, userProviderKeys } = models
  const content = createContent(deps, modelConfigs)
  const chatView = createChatView(db)
  const episodes = createEpisodes()
  const store = createChatStore({
    db,
    clock,
    topic: deps.topics.chat,
    onChange: (chatId, kind) => watchers.tell(chatId, kind),
    onWork(chatId) {
      worker.wake(chatId)
      chatLabels.wake(chatId)
    },
  })
  const watchers = createChatWatchers((chatId) => store.find(chatId), chatView)
  const call = createAgentToolCalls(deps.links, clock)
  const tools = createTools(deps, { store, call, content, modelConfigs })
  const steps = createModelSteps({
    ...{ clock, store, episodes, modelConfigs, tools },
    providers: aiProviders,
    accessFor: userProviderKeys.accessFor,
    readFile: createModelFiles(content.chatFiles),
    turnInstructions: createInstructions(deps, content, call),
    isActive: (userId) => mayRun(db, userId),
    timings: { ...MODEL_TIMINGS, ...options.timings },
  })
  const chatLabels = createLabels(deps, store, { ...models, ...content })
  const ownThreshold = content.chatUserConfig.threshold
  const compaction = createCompaction({ clock, store, steps, modelConfigs, ownThreshold })
  const limits = { ...TURN_LIMITS, ...options.limits }
  const worker = createChatWorker({
    ...{ clock, logger, store, episodes, watchers, steps, tools, limits, usageLimits, compaction },
    offReason: chatSwitches.offReason,
  })
  const chats = createChats({
    ...{ db, clock, store, modelConfigs, usageLimits, chatSwitches },
    organizations: deps.organizations,
    files: content.chatFiles,
    chooseModel: content.modelChoice.forNew,
    deploymentPrompts: () => deploymentPrompts(content.chatConfig),
    isMcpServer: (id) => mcp.servers.list().some((row) => row.id === id),
  })
  return {
    ...models,
    ...content,
    ...{ chats, chatLabels, compaction, chatView, episodes },
    chatLifecycle: createChatLifecycle({ ...deps, store, chatConfig: content.chatConfig }),
    chatGit: createChatGit({
      ...{ db, clock, call, watchers, find: store.find },
      ...{ records: deps.records, links: deps.links },
    }),
    chatStore: store,
    chatWatchers: watchers,
    chatWorker: worker,
  }
}
