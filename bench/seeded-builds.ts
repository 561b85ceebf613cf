/** Ends builds as the server's worker does, but for the agents it would start. */
import type { BuildPlan, Provisioner } from '#bridge/provisioner/provisioner'
import type { LocalDeployment } from '#bridge/server/local-deployment'
import { toBuildOwner } from '#bridge/server/services/build-owner'
import { createPlanRecords } from '#bridge/server/services/plan-records'
import type { BuildRow } from '#bridge/server/services/build-view'
import { toVariableValues } from '#bridge/server/services/variable-values'
import type { WorkspaceRow } from '#bridge/server/services/workspace-view'
import { systemClock } from '#bridge/lib/clock'

export interface Builder {
  /** Ends the build of a workspace that waits. */
  end(workspace: WorkspaceRow, status: 'succeeded' | 'failed'): Promise<void>
}

const stages = ['Setting up', 'Planning infrastructure', 'Starting workspace', 'Cleaning Up']
const linesOfStage = 4
const buildMs = 1_000

export function createBuilder(
  { services, database: db, url }: LocalDeployment,
  provisioner: Provisioner,
): Builder {
  const { accounts, templates, queue, versions, files, states, jobLogs, settings } = services
  const records = createPlanRecords(db, systemClock)

  // Workspaces of a template differ by their names and parameters only, and these have the defaults.
  const plans = new Map<string, Promise<BuildPlan>>()
  const planOf = async (workspace: WorkspaceRow, build: BuildRow): Promise<BuildPlan> => {
    const key = `${build.template_version_id} ${build.transition}`
    const known = plans.get(key) ?? plan(workspace, build)
    plans.set(key, known)
    return await known
  }
  const plan = async (workspace: WorkspaceRow, build: BuildRow): Promise<BuildPlan> => {
    const version = versions.get(build.template_version_id)
    const archive = files.get(version.file_id)
    if (!archive) throw new Error('The template has no archive.')
    return await provisioner.build({
      archive: archive.data,
      variableValues: toVariableValues(version.user_variable_values),
      signal: AbortSignal.timeout(60_000),
      log: () => undefined,
      transition: build.transition as 'start' | 'stop',
      parameterValues: queue.parametersOf(build.id),
      workspace: {
        id: workspace.id,
        name: workspace.name,
        templateId: workspace.template_id,
        templateName: templates.get(workspace.template_id).name,
        templateVersion: version.name,
        accessUrl: url,
      },
      owner: toBuildOwner(db, accounts.get(workspace.owner_id)),
    })
  }

  return {
    async end(workspace, status) {
      const build = queue.latest(workspace.id)
      if (!build) throw new Error('The workspace has no build.')
      const { resources, state } = await planOf(workspace, build)
      db.transaction(() => {
        const now = systemClock.now()
        if (status === 'succeeded') {
          records.save(build.job_id, build.transition as 'start' | 'stop', resources, {
            workspaceName: workspace.name,
            ownerName: accounts.get(workspace.owner_id).username,
          })
          if (state) states.set(build.id, state)
        }
        for (const stage of stages) {
          for (let line = 0; line < linesOfStage; line += 1) {
            jobLogs.append(build.job_id, {
              source: 'provisioner',
              level: 'info',
              stage,
              output: line === 0 ? '' : `${stage}: what the provisioner says about step ${String(line)}.`,
            })
          }
        }
        db.run(
          db.sql
            .updateTable('provisioner_jobs')
            .set({
              status,
              started_at: now - buildMs,
              completed_at: now,
              worker_id: settings.workerId,
              attempts: 1,
              error: status === 'failed' ? 'The workspace could not be started.' : null,
            })
            .where('id', '=', build.job_id),
        )
      })
    },
  }
}
