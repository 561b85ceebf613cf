import { join } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { ProcessHost } from '../lib/process-host.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'
import { createAgentLinks } from './agents/agent-links.ts'
import { createAgentSupervisor } from './agents/agent-supervisor.ts'
import type { Database } from './db/database.ts'
import { createBuildWorkspace } from './jobs/build-workspace.ts'
import { createImportVersion } from './jobs/import-version.ts'
import { createJobWorker, type JobWorker } from './jobs/job-worker.ts'
import { createLifecycle, type LifecycleDeps } from './jobs/lifecycle.ts'
import { createAccounts } from './services/accounts.ts'
import { createAgentLogReader } from './services/agent-logs.ts'
import { createAgentRecords } from './services/agent-records.ts'
import { createAgentStatuses } from './services/agent-statuses.ts'
import { createAgentView } from './services/agent-view.ts'
import { createApiKeys } from './services/api-keys.ts'
import { createAuditLog } from './services/audit.ts'
import { createAvailableUsers } from './services/available-users.ts'
import { createBuildCompletion } from './services/build-completion.ts'
import { createBuildParameters } from './services/build-parameters.ts'
import { createBuildQueue } from './services/build-queue.ts'
import { createBuildStates } from './services/build-states.ts'
import { createBuildTimings } from './services/build-timings.ts'
import { createBuildView } from './services/build-view.ts'
import { loadDeploymentSettings } from './services/deployment-settings.ts'
import { createFiles } from './services/files.ts'
import { createJobLogs } from './services/job-logs.ts'
import { createJobRecords, type JobRow } from './services/job-records.ts'
import { createOrganizations } from './services/organizations.ts'
import { createPlanRecords } from './services/plan-records.ts'
import { createPortShares } from './services/port-shares.ts'
import { createResourceView } from './services/resource-view.ts'
import { createSessions } from './services/sessions.ts'
import { createTemplateVersions } from './services/template-versions.ts'
import { createTemplates } from './services/templates.ts'
import { createTopics } from './services/topics.ts'
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
}

export type Services = ReturnType<typeof createServices>

/** Everything behind the routes, wired once. */
export function createServices(deps: ServiceDeps) {
  const { db, clock } = deps
  const core = createCore(deps)
  const agents = createAgents(deps, core.topics)
  const resources = createResourceView(db, agents.view)
  const buildView = createBuildView({ db, clock, jobs: core.jobs, resources })
  const parameters = createBuildParameters(core.versions)
  const shared = { ...core, db, clock, parameters, allowRenames: deps.allowWorkspaceRenames }
  const view = createWorkspaceView(db, buildView, shared)
  const workspaces = createWorkspaces({ ...shared, view, agentStatuses: agents.statuses })
  const builds = createWorkspaceBuilds({ ...shared, workspaces, view: buildView })
  const worker = createWorker(deps, core, agents, createBuildCompletion({ ...shared, logs: core.jobLogs }))
  core.onWorkQueued(() => worker.wake())

  return {
    ...core,
    agents,
    resources,
    workspaces,
    builds,
    schedules: createWorkspaceSchedules(shared),
    lifecycle: createLifecycle({
      ...shared,
      logger: deps.logger,
      ...(deps.notify ? { notify: deps.notify } : {}),
    }),
    portShares: createPortShares(db),
    availableUsers: createAvailableUsers(db),
    worker,
    sessions: createSessions(db, clock),
    keys: createApiKeys(db, clock),
    auditLog: createAuditLog(db, clock),
  }
}

type Core = ReturnType<typeof createCore>
type Agents = ReturnType<typeof createAgents>

/** Rows and their rules, without anything that runs. */
function createCore({ db, clock }: ServiceDeps) {
  const settings = loadDeploymentSettings(db)
  const topics = createTopics()
  const organizations = createOrganizations(db, clock)
  const jobs = createJobRecords(db, clock, { id: settings.workerId, name: 'local' })
  let wakeWorker = (): void => undefined
  // Not at once: a job may be queued inside a transaction.
  const onJobQueued = (): void => queueMicrotask(() => wakeWorker())
  const versions = createTemplateVersions({ db, clock, jobs, onJobQueued })
  const states = createBuildStates(db)
  return {
    settings,
    topics,
    organizations,
    accounts: createAccounts(db, clock, organizations),
    jobs,
    jobLogs: createJobLogs(db, clock, topics),
    files: createFiles(db, clock),
    templates: createTemplates(db, clock),
    versions,
    states,
    timings: createBuildTimings(db, clock),
    queue: createBuildQueue({ db, clock, jobs, versions, states, topics, onJobQueued }),
    onWorkQueued(wake: () => void) {
      wakeWorker = wake
    },
  }
}

function createWorker(
  deps: ServiceDeps,
  core: Core,
  agents: Agents,
  onSucceeded: (job: JobRow) => void,
): JobWorker {
  const { db, clock, logger, provisioner, accessUrl } = deps
  const shared = { ...core, db, clock, provisioner, plans: createPlanRecords(db, clock), logs: core.jobLogs }
  return createJobWorker({
    ...shared,
    logger,
    workerId: core.settings.workerId,
    runners: {
      template_version_import: createImportVersion(shared),
      workspace_build: createBuildWorkspace({
        ...shared,
        agentRecords: agents.records,
        supervisor: agents.supervisor,
        accessUrl,
      }),
    },
    onJobChanged: (job) => publishWorkspaceOf(db, core.topics, job.workspace_build_id),
    onSucceeded,
    isResumable: (job) => isResumableBuild(db, job.workspace_build_id),
  })
}

function createAgents(deps: ServiceDeps, topics: ReturnType<typeof createTopics>) {
  const { db, clock, logger, accessUrl, processHost, dataDir } = deps
  const records = createAgentRecords(db, clock, topics)
  const links = createAgentLinks({ records, clock, logger, accessUrl })
  return {
    records,
    links,
    view: createAgentView(db, clock, (agentId) => links.lastHeard(agentId)),
    statuses: createAgentStatuses(db, clock, (agentId) => links.lastHeard(agentId)),
    readLogs: createAgentLogReader(db),
    supervisor: createAgentSupervisor({
      processHost,
      records,
      links,
      clock,
      logger,
      workspacesDir: join(dataDir, 'workspaces'),
      serverUrl: accessUrl,
    }),
  }
}

function publishWorkspaceOf(
  db: Database,
  topics: ReturnType<typeof createTopics>,
  buildId: string | null,
): void {
  if (buildId === null) return
  const build = db.first(
    db.sql.selectFrom('workspace_builds').select('workspace_id').where('id', '=', buildId),
  )
  if (!build) return
  topics.workspace.publish(build.workspace_id)
  topics.builds.publish(buildId)
}

/** Ending a workspace twice does no harm, and nobody is there to start again what a schedule has started. */
function isResumableBuild(db: Database, buildId: string | null): boolean {
  const build = db.first(
    db.sql
      .selectFrom('workspace_builds')
      .select(['transition', 'reason'])
      .where('id', '=', buildId ?? ''),
  )
  return build !== undefined && (build.transition !== 'start' || build.reason === 'autostart')
}
