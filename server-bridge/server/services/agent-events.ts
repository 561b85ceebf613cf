import { agentLogSourceId, type AgentEvent } from '../../contract/agent-link.ts'
import type { WorkspaceApp } from '../../contract/workspace-apps.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import { createAgentLineGatherer } from './agent-line-gatherer.ts'
import type { AgentLogs } from './agent-logs.ts'
import type { AgentMetadata } from './agent-metadata.ts'
import type { AgentPlace } from './agent-records.ts'
import type { AgentUsage } from './agent-usage.ts'
import type { AgentRow } from './agent-view.ts'
import type { Topics } from './topics.ts'

/** What an agent says about itself goes with every answer about its workspace. The longest is a path. */
const MAX_FACT_CHARS = 4096

type EventOf<T extends AgentEvent['type']> = Extract<AgentEvent, { type: T }>

/** Takes what agents report over their links. */
export interface AgentEvents {
  /** Lines alone may wait a moment; `onFailure` hears why those could not be kept. */
  take(place: AgentPlace, events: readonly AgentEvent[], onFailure: (error: unknown) => void): void
  /** The link of the agent is gone: what it said about the present holds no more. */
  left(agentId: string): void
}

export interface AgentEventDeps {
  readonly db: Database
  readonly clock: Clock
  readonly topics: Topics
  readonly logs: AgentLogs
  readonly metadata: AgentMetadata
  readonly usage: AgentUsage
}

export function createAgentEvents(deps: AgentEventDeps): AgentEvents {
  const { db, clock, topics, logs, metadata, usage } = deps
  const gatherer = createAgentLineGatherer(db, logs)

  const update = (agentId: string, values: Partial<Omit<AgentRow, 'token_hash'>>): void => {
    db.run(
      db.sql
        .updateTable('workspace_agents')
        .set({ ...values, updated_at: clock.now() })
        .where('id', '=', agentId),
    )
  }

  const takeHello = (agentId: string, event: EventOf<'hello'>): void =>
    update(agentId, {
      version: event.version.slice(0, MAX_FACT_CHARS),
      operating_system: event.operating_system.slice(0, MAX_FACT_CHARS),
      architecture: event.architecture.slice(0, MAX_FACT_CHARS),
      expanded_directory: event.expanded_directory.slice(0, MAX_FACT_CHARS),
    })

  const takeLifecycle = (agentId: string, event: EventOf<'lifecycle'>): void => {
    const at = Date.parse(event.changed_at)
    const isReady = ['ready', 'start_timeout', 'start_error'].includes(event.state)
    update(agentId, {
      lifecycle_state: event.state,
      ...(event.state === 'starting' ? { started_at: at, ready_at: null } : {}),
      ...(isReady ? { ready_at: at } : {}),
    })
  }

  const takeScriptCompleted = (agentId: string, event: EventOf<'script-completed'>): void => {
    const run = {
      exit_code: event.exit_code,
      status: event.status,
      started_at: Date.parse(event.started_at),
      ended_at: Date.parse(event.ended_at),
    }
    const changed = db.run(
      db.sql
        .updateTable('workspace_agent_scripts')
        .set(run)
        .where('id', '=', event.script_id)
        .where('agent_id', '=', agentId),
    )
    if (changed === 0) return
    db.run(
      db.sql
        .replaceInto('workspace_agent_script_timings')
        .values({ ...run, script_id: event.script_id, stage: event.stage }),
    )
  }

  /** The apps of an agent are one JSON column: they come with the plan, and only their health moves. */
  const takeAppHealth = (agentId: string, event: EventOf<'app-health'>): void => {
    const row = db.first(db.sql.selectFrom('workspace_agents').select('apps').where('id', '=', agentId))
    const apps = JSON.parse(row?.apps ?? '[]') as WorkspaceApp[]
    const app = apps.find(({ id, health }) => id === event.app_id && health !== 'disabled')
    if (app === undefined || app.health === event.health) return
    app.health = event.health
    update(agentId, { apps: JSON.stringify(apps) })
  }

  /** Answers whether those who look at the workspace see a difference. */
  const takeOther = (
    { agent, workspaceId }: AgentPlace,
    event: Exclude<AgentEvent, { type: 'log' }>,
  ): boolean => {
    switch (event.type) {
      case 'hello':
        takeHello(agent.id, event)
        return true
      case 'lifecycle':
        takeLifecycle(agent.id, event)
        return true
      case 'script-completed':
        takeScriptCompleted(agent.id, event)
        return true
      case 'app-health':
        takeAppHealth(agent.id, event)
        return true
      case 'metadata':
        metadata.store(agent.id, event)
        return false
      case 'stats':
        usage.report(agent.id, workspaceId, event)
        return false
    }
  }

  /** What the agent itself has to say goes under the source that the server made for it. */
  const linesOf = (agentId: string, events: readonly AgentEvent[]): EventOf<'log'>[] => {
    let own: string | undefined
    return events
      .filter((event) => event.type === 'log')
      .map((line) =>
        line.log_source_id === agentLogSourceId
          ? { ...line, log_source_id: (own ??= logs.defaultSource(agentId)) }
          : line,
      )
  }

  const apply = (place: AgentPlace, events: readonly AgentEvent[]): void => {
    const lines = linesOf(place.agent.id, events)
    const others = events.filter((event) => event.type !== 'log')
    const isVisible = db.transaction(() => {
      if (lines.length > 0) logs.appendNumbered(place.agent.id, lines)
      return others.map((event) => takeOther(place, event)).includes(true)
    })
    if (isVisible) topics.workspace.publish(place.workspaceId)
  }

  return {
    left(agentId) {
      gatherer.flush()
      usage.forget(agentId)
      metadata.settle(agentId)
    },
    take(place, events, onFailure) {
      const lines = linesOf(place.agent.id, events)
      if (lines.length === events.length) gatherer.add(place.agent.id, lines, onFailure)
      else {
        // The lines before it come first.
        gatherer.flush()
        apply(place, events)
      }
    },
  }
}
