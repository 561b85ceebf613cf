import type { AgentConnectionTiming, AgentScriptTiming } from '../../contract/agent-timings.ts'
import type { Database } from '../db/database.ts'
import { toWireTime } from './wire-time.ts'

/** The last two lists of a `WorkspaceBuildTimings`. */
export interface AgentTimings {
  readonly agent_script_timings: AgentScriptTiming[]
  readonly agent_connection_timings: AgentConnectionTiming[]
}

/** What the agents of a build's job took to connect and to run their scripts, by time. */
export type ReadAgentTimings = (jobId: string) => AgentTimings

export function createAgentTimingReader(db: Database): ReadAgentTimings {
  const readScripts = (jobId: string): AgentScriptTiming[] =>
    db
      .all(
        db.sql
          .selectFrom('workspace_agent_script_timings as timing')
          .innerJoin('workspace_agent_scripts as script', 'script.id', 'timing.script_id')
          .innerJoin('workspace_agents as agent', 'agent.id', 'script.agent_id')
          .innerJoin('workspace_resources as resource', 'resource.id', 'agent.resource_id')
          .selectAll('timing')
          .select(['script.display_name', 'agent.id as agent_id', 'agent.name as agent_name'])
          .where('resource.job_id', '=', jobId)
          .orderBy('timing.started_at'),
      )
      .map((row) => ({
        started_at: toWireTime(row.started_at),
        ended_at: toWireTime(row.ended_at),
        exit_code: row.exit_code,
        stage: row.stage,
        status: row.status,
        display_name: row.display_name,
        workspace_agent_id: row.agent_id,
        workspace_agent_name: row.agent_name,
      }))

  const readConnections = (jobId: string): AgentConnectionTiming[] =>
    db
      .all(
        db.sql
          .selectFrom('workspace_agents as agent')
          .innerJoin('workspace_resources as resource', 'resource.id', 'agent.resource_id')
          .select(['agent.id', 'agent.name', 'agent.created_at', 'agent.first_connected_at'])
          .where('resource.job_id', '=', jobId)
          .orderBy('agent.created_at'),
      )
      .flatMap(({ id, name, created_at, first_connected_at }) => {
        if (first_connected_at === null) return []
        const times = { started_at: toWireTime(created_at), ended_at: toWireTime(first_connected_at) }
        return [{ ...times, stage: 'connect', workspace_agent_id: id, workspace_agent_name: name }]
      })

  return (jobId) => ({
    agent_script_timings: readScripts(jobId),
    agent_connection_timings: readConnections(jobId),
  })
}
