import { join } from 'node:path'
import { advisorExperiment, type Experiment, virtualDesktopExperiment } from '../contract/experiments.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { ProcessHost } from '../lib/process-host.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'
import { createAgentLinks } from './agents/agent-links.ts'
import { createAgentRequests } from './agents/agent-requests.ts'
import { createAgentSupervisor } from './agents/agent-supervisor.ts'
import type { Database } from './db/database.ts'
import { createBuildWorkspace } from './jobs/build-workspace.ts'
import { createDryRunVersion } from './jobs/dry-run-version.ts'
import { createImportVersion } from './jobs/import-version.ts'
import { createJobWorker, type JobWorker } from './jobs/job-worker.ts'
import { createLifecycle, type LifecycleDeps } from './jobs/lifecycle.ts'
import { publishWorkspaceOf } from './jobs/publish-workspace.ts'
import { tellRefusedAutostart } from './jobs/refused-autostart.ts'
import { isResumableBuild } from './jobs/resumable-build.ts'
import { createAccounts } from './services/accounts.ts'
import { createAgentEvents } from './services/agent-events.ts'
import { createAgentLogs } from './services/agent-logs.ts'
import { createAgentManifestReader } from './services/agent-manifest.ts'
import { createAgentMetadata } from './services/agent-metadata.ts'
import { createAgentRecords } from './services/agent-records.ts'
import { createAgentTimingReader } from './services/agent-timings.ts'
import { createAgentUsage } from './services/agent-usage.ts'
import { createAgentStatuses } from './services/agent-statuses.ts'
import { createAgentView } from './services/agent-view.ts'
import { createApiKeys } from './services/api-keys.ts'
import { createAppPlaces } from './services/app-places.ts'
import { createAppSessions } from './services/app-sessions.ts'
import { createAppStatuses } from './services/app-statuses.ts'
import { createAuditLog } from './services/audit.ts'
import { createAutofillReader } from './services/autofill-parameters.ts'
import { createAvailableUsers } from './services/available-users.ts'
import type { ChatOptions, ChatServiceDeps } from './services/chats/chat-service-deps.ts'
import { createChatServices } from './services/chats/create-chat-services.ts'
import { createBuildCompletion } from './services/build-completion.ts'
import { createAuditReader } from './services/audit-view.ts'
import { createBuildParameters } from './services/build-parameters.ts'
import { createBuildQueue } from './services/build-queue.ts'
import { createBuildStates } from './services/build-states.ts'
import { createBuildTimings } from './services/build-timings.ts'
import { createBuildView } from './services/build-view.ts'
import { loadDeploymentSettings } from './services/deployment-settings.ts'
import { createDynamicParameters } from './services/dynamic-parameters.ts'
import { createFiles } from './services/files.ts'
import { createGitSshKeys } from './services/git-ssh-keys.ts'
import { createHealth } from './services/health.ts'
import { createHostedApps } from './services/hosted-apps.ts'
import { createInsights } from './services/insights.ts'
import { createJobLogs } from './services/job-logs.ts'
import { createJobRecords, type JobRow } from './services/job-records.ts'
import { createKeyWatch } from './services/key-watch.ts'
import { createOrganizationMembers } from './services/organization-members.ts'
import { createMcp } from './services/mcp/mcp.ts'
import { createOrganizations } from './services/organizations.ts'
import { createPasswordSignIn } from './services/password-sign-in.ts'
import { createPlanRecords } from './services/plan-records.ts'
import { createResourceLocator } from './services/resource-locator.ts'
import { createResourceView } from './services/resource-view.ts'
import { createSessions, type Sessions } from './services/sessions.ts'
import { createReadableTemplates } from './services/readable-templates.ts'
import { createPortShares } from './services/port-shares.ts'
import { createTemplateDryRuns, type TemplateDryRuns } from './services/template-dry-runs.ts'
import { createTemplatePreviews } from './services/template-previews.ts'
import { createTemplateVersionChanges } from './services/template-version-changes.ts'
import { createNotificationEvents } from './services/notification-events.ts'
import { createNotifications } from './services/notifications.ts'
import { createProvisioners } from './services/provisioners.ts'
import type { SecretBox } from './services/secret-box.ts'
import { createTemplateVersions } from './services/template-versions.ts'
import { createTemplateUsage } from './services/template-usage.ts'
import { createTemplateView } from './services/template-view.ts'
import { createTemplates } from './services/templates.ts'
import { createTopics } from './services/topics.ts'
import { createUserAdministration } from './services/user-administration.ts'
import { createUserCreation } from './services/user-creation.ts'
import { createUserSearch } from './services/user-search.ts'
import { createUserSettings } from './services/user-settings.ts'
import { createUserSecrets } from './services/user-secrets.ts'
import { createWorkspaceActivity } from './services/workspace-activity.ts'
import { createWorkspaceBuilds } from './services/workspace-builds.ts'
import { createWorkspaceSchedules } from './services/workspace-schedules.ts'
import { createWorkspaceView } from './services/workspace-view.ts'
import { createWorkspaces } from './services/workspaces.ts'

export interface ServiceDeps {
  readonly db: Database
  readonly dataDir: string
  readonly clock: Clock
  readonly logger: Logger
  readonly processHost: ProcessHost
  readonly provisioner: Provisioner
  /** Where this server answers; known once it listens. */
  readonly accessUrl: () => string
  /** Whether people may rename their workspaces; off in Coder unless it was switched on. */
  readonly allowWorkspaceRenames: boolean
  /** Told about what schedules did. */
  readonly notify?: LifecycleDeps['notify']
  /** Where processes on this machine reach it. */
  readonly localUrl: () => string
  readonly secretBox: SecretBox
  readonly chatOptions?: ChatOptions
  readonly experiments: readonly Experiment[]
}

export type Services = ReturnType<typeof createServices>

/** Everything behind the routes, wired once. */
export function createServices(deps: ServiceDeps) {
  const { db, clock } = deps
  const core = createCore(deps)
  const agents = createAgents(deps, core)
  const resources = createResourceView(db, agents.view)
  const buildView = createBuildView({ db, clock, jobs: core.jobs, resources })
  const previews = createTemplatePreviews({ ...core, provisioner: deps.provisioner })
  const parameters = createBuildParameters({ ...core, db, previews })
  const shared = { ...core, db, clock, parameters, allowRenames: deps.allowWorkspaceRenames }
  const view = createWorkspaceView(db, buildView, shared)
  const workspaces = createWorkspaces({
    ...shared,
    view,
    agentStatuses: agents.agentStatuses,
    metadata: agents.metadata,
  })
  const builds = createWorkspaceBuilds({ ...shared, workspaces, view: buildView })
  const dryRuns = createTemplateDryRuns({ ...shared, onJobQueued: core.onJobQueued })
  const onSucceeded = createBuildCompletion({ ...shared, logs: core.jobLogs })
  const worker = createWorker(deps, { ...core, dryRuns, onSucceeded }, agents)
  core.onWorkQueued(() => worker.wake())
  const schedules = createWorkspaceSchedules(shared)
  agents.onActivity((workspaceId) => schedules.recordActivity(workspaceId))

  const sessions = createSessions(db, clock, core.topics.userKeys)
  const oversight = createOversight(deps, core, worker)
  const readable = createReadableTemplates(core.templates, core.versions)
  const mcp = createMcp({ db, clock, logger: deps.logger, box: deps.secretBox, accessUrl: deps.accessUrl })
  return {
    ...core,
    ...createPeople(deps, core, sessions),
    ...oversight,
    previews,
    dryRuns,
    readable,
    versionChanges: createTemplateVersionChanges({ ...core, db, clock }),
    dynamicParameters: createDynamicParameters({ ...core, db, previews }),
    db,
    agents,
    resources,
    workspaces,
    builds,
    schedules,
    lifecycle: createLifecycle({
      ...shared,
      logger: deps.logger,
      notify: deps.notify ?? ((notice) => tellRefusedAutostart(core.notifications, notice)),
    }),
    portShares: createPortShares(db),
    availableUsers: createAvailableUsers(db),
    worker,
    sessions,
    watchKey: createKeyWatch({ lifeOf: sessions.lifeOf, topic: core.topics.userKeys, clock }),
    keys: createApiKeys(db, clock),
    locator: createResourceLocator(db, core.accounts),
    mcp,
    ...createChats(deps, { ...core, ...agents, ...oversight, mcp, workspaces, builds, sessions, readable }),
  }
}

function createChats(
  deps: ServiceDeps,
  parts: Omit<ChatServiceDeps, keyof ServiceDeps | 'box' | 'options' | 'hasDesktops' | 'hasAdvisor'>,
) {
  return createChatServices({
    ...parts,
    ...deps,
    box: deps.secretBox,
    hasDesktops: deps.experiments.includes(virtualDesktopExperiment),
    hasAdvisor: deps.experiments.includes(advisorExperiment),
    options: deps.chatOptions ?? {},
  })
}

type Core = ReturnType<typeof createCore>
type Agents = ReturnType<typeof createAgents>

/** Rows and their rules, without anything that runs. */
function createCore({ db, clock, logger, secretBox }: ServiceDeps) {
  const settings = loadDeploymentSettings(db)
  const topics = createTopics()
  const organizations = createOrganizations(db, clock)
  const notifications = createNotifications(db, clock)
  const notificationEvents = createNotificationEvents({ db, clock, logger, notifications })
  const jobs = createJobRecords(db, clock, { id: settings.workerId, name: 'local' })
  let wakeWorker = (): void => undefined
  // Not at once: a job may be queued inside a transaction.
  const onJobQueued = (): void => queueMicrotask(() => wakeWorker())
  const versions = createTemplateVersions({ db, clock, jobs, onJobQueued })
  const templateUsage = createTemplateUsage(db, clock)
  const templateView = createTemplateView(db, templateUsage)
  const states = createBuildStates(db)
  return {
    settings,
    topics,
    notifications,
    notificationEvents,
    organizations,
    accounts: createAccounts(db, clock, organizations),
    jobs,
    jobLogs: createJobLogs(db, clock, topics),
    files: createFiles(db, clock),
    templateUsage,
    templates: createTemplates({ db, clock, topics, usage: templateUsage, view: templateView }),
    templateView,
    secrets: createUserSecrets(db, clock, secretBox),
    gitKeys: createGitSshKeys(db, clock, secretBox),
    versions,
    onJobQueued,
    states,
    timings: createBuildTimings(db, clock, createAgentTimingReader(db)),
    queue: createBuildQueue({ db, clock, jobs, versions, states, topics, onJobQueued }),
    onWorkQueued(wake: () => void) {
      wakeWorker = wake
    },
  }
}

/** What tells administrators how the deployment is and what was done on it. */
function createOversight({ db, clock, accessUrl }: ServiceDeps, core: Core, worker: JobWorker) {
  const provisioners = createProvisioners({ ...core, db, clock })
  return {
    provisioners,
    insights: createInsights(db, clock),
    activity: createWorkspaceActivity(db, clock),
    health: createHealth({ db, clock, provisioners, accessUrl, isWorking: () => worker.isWorking() }),
    auditLog: createAuditLog(db, clock, core.notificationEvents.wake),
    readAuditLog: createAuditReader(db, core.accounts),
  }
}

/** What is done with accounts, beside signing in. */
function createPeople(
  { db, clock }: ServiceDeps,
  { accounts, organizations, topics }: Core,
  sessions: Sessions,
) {
  return {
    administration: createUserAdministration({ db, clock, accounts, sessions, userKeys: topics.userKeys }),
    autofillParameters: createAutofillReader(db),
    signIn: createPasswordSignIn(accounts, sessions),
    createUser: createUserCreation(accounts, organizations),
    members: createOrganizationMembers(db, clock, accounts),
    searchUsers: createUserSearch(db),
    userSettings: createUserSettings(db),
  }
}

function createWorker(
  deps: ServiceDeps,
  core: Core & { readonly dryRuns: TemplateDryRuns; readonly onSucceeded: (job: JobRow) => void },
  agents: Agents,
): JobWorker {
  const { db, clock, logger, provisioner, accessUrl } = deps
  const shared = { ...core, db, clock, provisioner, plans: createPlanRecords(db, clock), logs: core.jobLogs }
  return createJobWorker({
    ...shared,
    logger,
    workerId: core.settings.workerId,
    runners: {
      template_version_import: createImportVersion(shared),
      template_version_dry_run: createDryRunVersion({ ...shared, accessUrl }),
      workspace_build: createBuildWorkspace({
        ...shared,
        agentRecords: agents.records,
        supervisor: agents.supervisor,
        accessUrl,
      }),
    },
    onJobChanged(job) {
      publishWorkspaceOf(db, core.topics, job.workspace_build_id)
      core.notificationEvents.wake()
    },
    isResumable: (job) => isResumableBuild(db, core.states, job.workspace_build_id),
  })
}

function createAgents(deps: ServiceDeps, { topics, secrets }: Core) {
  const { db, clock, logger, accessUrl, localUrl, processHost, dataDir } = deps
  let onActivity = (_workspaceId: string): void => undefined
  const records = createAgentRecords(db, clock, topics)
  const logs = createAgentLogs(db, clock, topics)
  const metadata = createAgentMetadata(db, clock, topics)
  const usage = createAgentUsage((workspaceId) => onActivity(workspaceId))
  const statuses = createAppStatuses(db, clock, topics)
  const events = createAgentEvents({ db, clock, topics, logs, metadata, usage })
  const readManifest = createAgentManifestReader(db, secrets)
  const links = createAgentLinks({ records, events, readManifest, clock, logger, accessUrl })
  return {
    records,
    links,
    logs,
    metadata,
    usage,
    statuses,
    agentStatuses: createAgentStatuses(db, clock, (agentId) => links.lastHeard(agentId)),
    requests: createAgentRequests(links, clock),
    appSessions: createAppSessions(db, clock),
    findAppPlace: createAppPlaces(db, records),
    hostedApps: createHostedApps(db, records),
    view: createAgentView({ db, clock, links, statuses }),
    supervisor: createAgentSupervisor({
      processHost,
      records,
      links,
      clock,
      logger,
      workspacesDir: join(dataDir, 'workspaces'),
      serverUrl: localUrl,
    }),
    /** Whom to tell, again and again, that somebody uses a workspace. */
    onActivity(listener: (workspaceId: string) => void) {
      onActivity = listener
    },
  }
}
