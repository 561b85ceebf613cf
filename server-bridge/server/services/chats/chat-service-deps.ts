import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { AgentLinks } from '../../agents/agent-links.ts'
import type { Database } from '../../db/database.ts'
import type { AgentRecords } from '../agent-records.ts'
import type { AuditLog } from '../audit.ts'
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
import type { TurnLimits } from './turn-decision.ts'
import type { LocalModelPorts } from './found-models.ts'
import type { ModelTimings } from './model-steps.ts'

/** What of chats a deployment may set otherwise. */
export interface ChatOptions {
  readonly limits?: Partial<TurnLimits>
  readonly timings?: Partial<ModelTimings>
  /** False: no chat works, whatever an administrator switches (`CODER_AI_GATEWAY_ENABLED`). */
  readonly isOn?: boolean
  /** False: nobody reads another's chat, whatever was shared before (`CODER_DISABLE_CHAT_SHARING`). */
  readonly isSharingOn?: boolean
  /** True: debug logging is on for all chats, whatever anybody switches (`CODER_CHAT_DEBUG_LOGGING_ENABLED`). */
  readonly isDebugLoggingForced?: boolean
  /** Where to look for servers of models on this machine. Absent: where they are by default. */
  readonly localModelPorts?: LocalModelPorts
  /** How long each of them may take to answer. */
  readonly localModelTimeoutMs?: number
  /** Whether chats may make workspaces of a template. Absent: of all their owners may use. */
  readonly isTemplateAllowed?: (templateId: string) => boolean
}

/** What chats need of the rest of the server. */
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
  /** Whether workspaces of chats have a desktop. */
  readonly hasDesktops: boolean
  /** Whether agents can ask another model for advice. */
  readonly hasAdvisor: boolean
  readonly options: ChatOptions
}
