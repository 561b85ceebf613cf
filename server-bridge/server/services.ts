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
import { createOrganizations } from './services/organizations.ts'
import { createPlanRecords } from './services/plan-records.ts'
import { createResourceView } from './services/resource-view.ts'
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
  const settings = loadDeploymentSettings(db)
  const topics = createTopics()
  const organizations = createOrganizations(db, clock)
  const accounts = createAccounts(db, clock, organizations)
  const jobs = createJobRecords(db, clock, { id: settings.workerId, name: 'local' })
  const jobLogs = createJobLogs(db, clock, topics)
  const files = createFiles(db, clock)
  const templates = createTemplates(db, clock)
  // Queued jobs wake the worker, which needs the services that queue them.
  let worker: JobWorker | undefined = undefined as JobWorker | undefined
  const onJobQueued = (): void => {
    queueMicrotask(() => worker?.wake())
  }
  const versions = createTemplateVersions({ db, clock, jobs, onJobQueued })
  const queue = createBuildQueue({ db, clock, jobs, versions, topics, onJobQueued })
  const agents = createAgents(deps, topics)
  const resources = createResourceView(db, agents.view)
  const buildView = createBuildView({ db, clock, jobs, resources })
  const parameters = createBuildParameters(versions)
  const workspaces = createWorkspaces({
    db,
    clock,
    templates,
    versions,
    queue,
    parameters,
    view: createWorkspaceView(db, buildView),
    topics,
  })
  const builds = createWorkspaceBuilds({ db, workspaces, versions, queue, parameters, view: buildView })
  const plans = createPlanRecords(db, clock)
  const shared = { db, clock, provisioner: deps.provisioner, versions, files, plans, logs: jobLogs }
  worker = createJobWorker({
    db,
    clock,
    logger: deps.logger,
    workerId: settings.workerId,
    jobs,
    logs: jobLogs,
    topics,
    runners: {
      template_version_import: createImportVersion(shared),
      workspace_build: createBuildWorkspace({
        ...shared,
        templates,
        queue,
        agentRecords: agents.records,
        supervisor: agents.supervisor,
        accessUrl: deps.accessUrl,
      }),
    },
    onJobChanged: (job) => publishWorkspaceOf(db, topics, job.workspace_build_id),
  })

  return {
    settings,
    topics,
    organizations,
    accounts,
    sessions: createSessions(db, clock),
    keys: createApiKeys(db, clock),
    auditLog: createAuditLog(db, clock),
    jobs,
    jobLogs,
    files,
    templates,
    versions,
    queue,
    resources,
    workspaces,
    builds,
    agents,
    worker,
  }
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
