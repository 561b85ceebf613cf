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
import { createAccounts } from './services/accounts.ts'
import { createAgentLogReader } from './services/agent-logs.ts'
import { createAgentRecords } from './services/agent-records.ts'
import { createAgentView } from './services/agent-view.ts'
import { createApiKeys } from './services/api-keys.ts'
import { createAuditLog } from './services/audit.ts'
import { createBuildParameters } from './services/build-parameters.ts'
import { createBuildQueue } from './services/build-queue.ts'
import { createBuildView } from './services/build-view.ts'
import { loadDeploymentSettings } from './services/deployment-settings.ts'
import { createFiles } from './services/files.ts'
import { createJobLogs } from './services/job-logs.ts'
import { createJobRecords } from './services/job-records.ts'
import { createMcp } from './services/mcp/mcp.ts'
import { createOrganizations } from './services/organizations.ts'
import { createPlanRecords } from './services/plan-records.ts'
import { createResourceView } from './services/resource-view.ts'
import { createSecretBox, newSecretKey } from './services/secret-box.ts'
import { createSessions } from './services/sessions.ts'
import { createTemplateVersions } from './services/template-versions.ts'
import { createTemplates } from './services/templates.ts'
import { createTopics } from './services/topics.ts'
import { createWorkspaceBuilds } from './services/workspace-builds.ts'
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
  const shared = { ...core, db, clock, parameters }
  const workspaces = createWorkspaces({ ...shared, view: createWorkspaceView(db, buildView) })
  const builds = createWorkspaceBuilds({ ...shared, workspaces, view: buildView })
  const worker = createWorker(deps, core, agents)
  core.onWorkQueued(() => worker.wake())

  return {
    ...core,
    agents,
    resources,
    workspaces,
    builds,
    worker,
    sessions: createSessions(db, clock),
    keys: createApiKeys(db, clock),
    mcp: createMcp({ db, clock, box: createSecretBox(newSecretKey()), accessUrl: deps.accessUrl }),
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
    queue: createBuildQueue({ db, clock, jobs, versions, topics, onJobQueued }),
    onWorkQueued(wake: () => void) {
      wakeWorker = wake
    },
  }
}

function createWorker(deps: ServiceDeps, core: Core, agents: Agents): JobWorker {
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
  if (build) topics.workspace.publish(build.workspace_id)
}
