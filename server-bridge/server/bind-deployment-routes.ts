/** Which routes the local deployment serves, and by which handlers. */
import type { RouteDefinition } from '../contract/route.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { aiProviderKeyHandlers } from './http/ai-provider-keys.ts'
import { aiProviderHandlers } from './http/ai-providers.ts'
import { chatHandlers } from './http/chats.ts'
import { chatAdvisorHandlers } from './http/chats-advisor.ts'
import { chatApprovalHandlers } from './http/chats-approvals.ts'
import { chatConfigHandlers } from './http/chats-config.ts'
import { chatUserConfigHandlers } from './http/chats-user-config.ts'
import { chatDebugHandlers } from './http/chats-debug.ts'
import { chatFileHandlers } from './http/chats-files.ts'
import { chatCostHandlers } from './http/chats-cost.ts'
import { chatDesktopHandlers } from './http/chats-desktop.ts'
import { chatFoundModelHandlers } from './http/chats-found-models.ts'
import { chatGitHandlers } from './http/chats-git.ts'
import { chatModelHandlers } from './http/chats-models.ts'
import { chatSharingHandlers } from './http/chats-sharing.ts'
import { chatSwitchHandlers } from './http/chats-switches.ts'
import { chatStreamHandlers } from './http/chats-streams.ts'
import { chatTitleHandlers } from './http/chats-titles.ts'
import { goneChatHandlers } from './http/chats-gone.ts'
import { agentHandlers } from './http/workspace-agents.ts'
import { agentNetworkHandlers } from './http/agent-network.ts'
import { agentRuntimeHandlers } from './http/agent-runtime.ts'
import { agentSideHandlers } from './http/agent-side.ts'
import { apiKeyHandlers } from './http/api-keys.ts'
import { auditHandlers } from './http/audit.ts'
import { authorizationHandlers } from './http/authorization.ts'
import { cliAuthHandlers } from './http/cli-auth.ts'
import { createJobLogStreams } from './http/job-log-routes.ts'
import type { AppHosts } from './apps/app-hosts.ts'
import { appSignInHandlers } from './apps/app-sign-in.ts'
import { createPathApps } from './apps/path-apps.ts'
import { createRateLimiter, noRateLimits } from './http/rate-limiter.ts'
import { createTemplateExamples } from './services/template-examples.ts'
import { debugHandlers } from './http/debug.ts'
import { deploymentAdminHandlers } from './http/deployment-admin.ts'
import { deploymentHandlers } from './http/deployment.ts'
import { dynamicParameterHandlers } from './http/dynamic-parameters.ts'
import { fileHandlers } from './http/files.ts'
import { insightsHandlers } from './http/insights.ts'
import { mcpServerHandlers } from './http/mcp-servers.ts'
import { notificationHandlers } from './http/notifications.ts'
import { organizationHandlers } from './http/organizations.ts'
import { provisionerHandlers } from './http/provisioners.ts'
import { signInHandlers } from './http/sign-in.ts'
import { staticPageHandlers } from './http/static-pages.ts'
import { templateDryRunHandlers } from './http/template-dry-runs.ts'
import { templateHandlers } from './http/templates.ts'
import { templateVersionHandlers } from './http/template-versions.ts'
import { unlicensedHandlers } from './http/unlicensed.ts'
import { userAccountHandlers } from './http/user-accounts.ts'
import { userSecretHandlers } from './http/user-secrets.ts'
import { userHandlers } from './http/users.ts'
import { userSkillHandlers } from './http/user-skills.ts'
import { userSettingsHandlers } from './http/user-settings.ts'
import { workspaceBuildHandlers } from './http/workspace-builds.ts'
import { workspaceBuildRecordHandlers } from './http/workspace-build-records.ts'
import { workspaceHandlers } from './http/workspaces.ts'
import { workspaceSettingsHandlers } from './http/workspace-settings.ts'
import { workspaceSharingHandlers } from './http/workspace-sharing.ts'
import { workspaceSshHandlers } from './http/workspace-ssh.ts'
import { workspaceWatchHandlers } from './http/workspace-watches.ts'
import { type App, bindRoutes } from './http/bind-routes.ts'
import type { Services } from './services.ts'
import type { ServedOptions } from './services/deployment-config.ts'
import type { ImportShippedTemplates, ListShippedTemplates } from './services/shipped-templates.ts'

/** What of the server's options its routes need. */
export interface RouteOptions {
  /** What a new deployment begins with. Absent: nothing. */
  readonly listShippedTemplates?: ListShippedTemplates
  /** The longest life a token can be made with. Absent: Coder's 100 years. */
  readonly maxTokenLifetimeSeconds?: number
  /** For tests that call more often than people do. */
  readonly disableRateLimits?: boolean
  /** Compare every answer with its schema, for tests. */
  readonly checkAnswers?: boolean
}

export interface BindingParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly accessUrl: () => string
  /** The names of subdomain apps, if there are any. */
  readonly appHosts: () => AppHosts | undefined
  readonly options: RouteOptions
  readonly served: ServedOptions
  readonly httpAddress: () => string
  readonly onFirstUser: ImportShippedTemplates
}

/** Puts every route on the app and answers them all. */
export function bindDeploymentRoutes(app: App, services: Services, parts: BindingParts): RouteDefinition[] {
  const { sessions, watchKey, locator, auditLog, agents } = services
  const { clock, logger, options, served } = parts
  app.use(createPathApps({ ...agents, sessions, watchKey }))
  return bindRoutes(
    app,
    {
      sessions,
      agents: agents.records,
      watchKey,
      locator,
      auditLog,
      rateLimiter: served.disableRateLimits ? noRateLimits : createRateLimiter(clock),
      logger,
      checkAnswers: options.checkAnswers ?? false,
    },
    [
      ...accountRoutes(services, parts),
      ...administrationRoutes(services, parts),
      ...templateRoutes(services, parts),
      ...workspaceRoutes(services, parts),
      ...chatRoutes(services, parts),
    ],
  )
}

/** Paths with a fixed word come before those where a chat may stand there. */
function chatRoutes(services: Services, { clock, logger, served }: BindingParts) {
  return [
    ...aiProviderHandlers(services),
    ...aiProviderKeyHandlers(services),
    ...goneChatHandlers(),
    ...chatSwitchHandlers(services),
    ...chatFoundModelHandlers(services),
    ...chatGitHandlers(services),
    ...chatDesktopHandlers({
      ...services,
      ...{ clock, links: services.agents.links, experiments: served.experiments },
      recordActivity: (workspaceId) => services.schedules.recordActivity(workspaceId),
    }),
    ...chatModelHandlers(services),
    ...chatApprovalHandlers(services),
    ...chatFileHandlers(services),
    ...chatConfigHandlers({ ...services, experiments: served.experiments }),
    ...chatAdvisorHandlers({ ...services, experiments: served.experiments }),
    ...chatUserConfigHandlers(services),
    ...chatDebugHandlers(services),
    ...chatCostHandlers({ ...services, clock }),
    ...chatStreamHandlers({ ...services, clock, logger }),
    ...chatSharingHandlers(services),
    ...chatTitleHandlers(services),
    ...chatHandlers(services),
  ]
}

function accountRoutes(services: Services, { accessUrl, served, onFirstUser }: BindingParts) {
  return [
    ...deploymentHandlers(services.settings, accessUrl, served),
    // Paths with a fixed word come before those where a user or a key may stand there.
    ...signInHandlers(services.accounts),
    ...authorizationHandlers(services),
    ...userHandlers({ ...services, onFirstUser }),
    ...userAccountHandlers(services),
    ...userSettingsHandlers(services),
    ...userSkillHandlers(services),
    ...organizationHandlers(services),
    ...apiKeyHandlers({ ...services, maxLifetimeSeconds: served.maxTokenLifetimeSeconds }),
  ]
}

function administrationRoutes(services: Services, parts: BindingParts) {
  const { clock, accessUrl } = parts
  return [
    ...userSecretHandlers(services),
    ...auditHandlers(services),
    ...notificationHandlers(services),
    ...deploymentAdminHandlers({ ...services, ...parts }),
    ...debugHandlers(services),
    ...insightsHandlers({ ...services, clock }),
    ...provisionerHandlers(services),
    ...unlicensedHandlers(),
    ...cliAuthHandlers({ ...services, accessUrl }),
    ...staticPageHandlers(),
    ...mcpServerHandlers(services),
  ]
}

function templateRoutes(services: Services, { clock, logger, options }: BindingParts) {
  const jobLogs = createJobLogStreams(services.jobLogs, services.jobs, services.topics)
  const examples = createTemplateExamples(options.listShippedTemplates ?? (async () => []))
  return [
    ...fileHandlers(services.files),
    ...templateHandlers({ ...services, examples }),
    ...templateVersionHandlers({ ...services, examples, jobLogs }),
    ...templateDryRunHandlers({ ...services, clock, jobLogs }),
    ...dynamicParameterHandlers({ ...services, clock, logger }),
  ]
}

function workspaceRoutes(services: Services, { clock, logger, appHosts }: BindingParts) {
  const { agents, topics } = services
  const jobLogs = createJobLogStreams(services.jobLogs, services.jobs, services.topics)
  return [
    ...workspaceHandlers({ ...services, logger }),
    ...workspaceSettingsHandlers(services),
    ...workspaceSharingHandlers(services),
    ...workspaceBuildHandlers({ ...services, jobLogs }),
    ...workspaceBuildRecordHandlers(services),
    ...workspaceWatchHandlers({ ...services, logger }),
    ...agentSideHandlers({ ...agents, gitKeys: services.gitKeys }),
    ...agentNetworkHandlers(agents),
    ...agentHandlers({ ...agents, topics, activity: services.activity, clock }),
    ...agentRuntimeHandlers({ ...agents, topics, clock, appHosts }),
    ...appSignInHandlers({ ...services, ...agents, appHosts }),
    ...workspaceSshHandlers({
      ...agents,
      clock,
      recordActivity: (workspaceId) => services.schedules.recordActivity(workspaceId),
    }),
  ]
}
