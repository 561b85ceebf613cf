import type {
  AgentConnectionTiming,
  AgentScriptTiming,
  ProvisionerTiming,
  WorkspaceBuildTimings,
} from '../../contract/workspace-build-records.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import { toWireTime } from './wire-time.ts'

export interface JobStep {
  readonly stage: 'init' | 'plan' | 'apply'
  readonly source: string
  readonly action: string
  readonly resource: string
}

export interface BuildTimings {
  /** Does the step and keeps how long it took, also when it fails. */
  measure<T>(jobId: string, step: JobStep, work: () => Promise<T>): Promise<T>
  read(jobId: string): WorkspaceBuildTimings
}

export function createBuildTimings(db: Database, clock: Clock): BuildTimings {
  const agentsOf = (jobId: string) =>
    db.sql
      .selectFrom('workspace_agents')
      .innerJoin('workspace_resources', 'workspace_resources.id', 'workspace_agents.resource_id')
      .where('workspace_resources.job_id', '=', jobId)

  const provisioner = (jobId: string): ProvisionerTiming[] =>
    db
      .all(db.sql.selectFrom('provisioner_job_timings').selectAll().where('job_id', '=', jobId).orderBy('id'))
      .map((row) => ({
        job_id: row.job_id,
        started_at: toWireTime(row.started_at),
        ended_at: toWireTime(row.ended_at),
        stage: row.stage,
        source: row.source,
        action: row.action,
        resource: row.resource,
      }))

  const scripts = (jobId: string): AgentScriptTiming[] =>
    db
      .all(
        agentsOf(jobId)
          .innerJoin('workspace_agent_scripts as script', 'script.agent_id', 'workspace_agents.id')
          .select([
            'workspace_agents.id as agent_id',
            'workspace_agents.name as agent_name',
            'script.display_name',
            'script.run_on_start',
            'script.run_on_stop',
            'script.exit_code',
            'script.status',
            'script.started_at',
            'script.ended_at',
          ])
          .orderBy('script.started_at'),
      )
      .flatMap((row) => {
        if (row.started_at === null || row.ended_at === null) return []
        return {
          started_at: toWireTime(row.started_at),
          ended_at: toWireTime(row.ended_at),
          exit_code: row.exit_code ?? 0,
          stage: row.run_on_start === 1 ? 'start' : row.run_on_stop === 1 ? 'stop' : 'cron',
          status: row.status ?? '',
          display_name: row.display_name,
          workspace_agent_id: row.agent_id,
          workspace_agent_name: row.agent_name,
        }
      })

  const connections = (jobId: string): AgentConnectionTiming[] =>
    db
      .all(
        agentsOf(jobId)
          .select([
            'workspace_agents.id',
            'workspace_agents.name',
            'workspace_agents.created_at',
            'workspace_agents.first_connected_at',
          ])
          .orderBy('workspace_agents.name'),
      )
      .flatMap((row) => {
        if (row.first_connected_at === null) return []
        return {
          started_at: toWireTime(row.created_at),
          ended_at: toWireTime(row.first_connected_at),
          stage: 'connect',
          workspace_agent_id: row.id,
          workspace_agent_name: row.name,
        }
      })

  return {
    async measure(jobId, { stage, source, action, resource }, work) {
      const startedAt = clock.now()
      try {
        return await work()
      } finally {
        db.run(
          db.sql.insertInto('provisioner_job_timings').values({
            job_id: jobId,
            stage,
            source,
            action,
            resource,
            started_at: startedAt,
            ended_at: clock.now(),
          }),
        )
      }
    },
    read: (jobId) => ({
      provisioner_timings: provisioner(jobId),
      agent_script_timings: scripts(jobId),
      agent_connection_timings: connections(jobId),
    }),
  }
}
