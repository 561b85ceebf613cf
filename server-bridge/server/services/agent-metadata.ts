import type { Selectable } from 'kysely'
import type { AgentEvent } from '../../contract/agent-link.ts'
import type { WorkspaceAgentMetadata } from '../../contract/workspace-agents.ts'
import type { Workspace } from '../../contract/workspaces.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { WorkspaceAgentMetadataTable } from '../db/tables/workspace-agent-metadata.ts'
import { groupBy } from './group-by.ts'
import type { Topics } from './topics.ts'
import { toRequiredTime } from './wire-time.ts'

type MetadataRow = Selectable<WorkspaceAgentMetadataTable>
export type MetadataEvent = Extract<AgentEvent, { type: 'metadata' }>

/** Our agent cuts at 2 KiB; another one may not. */
const MAX_TEXT_BYTES = 2048
/** A value that stays the same is written this often, so that its age is about right after a restart. */
const REWRITE_MS = 60_000

export interface AgentMetadata {
  /** All values of an agent, in the order of display. */
  read(agentId: string): WorkspaceAgentMetadata[]
  /** Takes a value an agent has measured; one under an unknown key is dropped. */
  store(agentId: string, event: MetadataEvent): void
  /** The agent has left: its values stay as they are, on disk alone. */
  settle(agentId: string): void
  /** The same workspaces with `metadata` in the agents of their latest builds, for lists that were asked for it. */
  attach(workspaces: readonly Workspace[]): Workspace[]
}

interface Measured {
  readonly value: string
  readonly error: string
  readonly collected_at: number
  readonly writtenAt: number
}

export function createAgentMetadata(db: Database, clock: Clock, topics: Topics): AgentMetadata {
  /** The newest values: a row is written only when a value changes, since some are measured every second. */
  const live = new Map<string, Map<string, Measured>>()

  const rowsOf = (agentIds: readonly string[]): MetadataRow[] =>
    db.all(
      db.sql
        .selectFrom('workspace_agent_metadata')
        .selectAll()
        .where('agent_id', 'in', [...agentIds])
        .orderBy('position'),
    )

  const toWire = (row: MetadataRow): WorkspaceAgentMetadata => {
    const { value, error, collected_at } = live.get(row.agent_id)?.get(row.key) ?? row
    return {
      result: {
        collected_at: toRequiredTime(collected_at),
        age: collected_at === null ? 0 : Math.max(0, Math.floor((clock.now() - collected_at) / 1000)),
        value,
        error,
      },
      description: {
        display_name: row.display_name,
        key: row.key,
        script: row.script,
        interval: row.interval_seconds,
        timeout: row.timeout_seconds,
      },
    }
  }

  const write = (agentId: string, key: string, measured: Measured): boolean => {
    const { value, error, collected_at } = measured
    const changed = db.run(
      db.sql
        .updateTable('workspace_agent_metadata')
        .set({ value, error, collected_at })
        .where('agent_id', '=', agentId)
        .where('key', '=', key),
    )
    return changed > 0
  }

  return {
    read: (agentId) => rowsOf([agentId]).map(toWire),

    store(agentId, event) {
      const now = clock.now()
      const known = live.get(agentId)?.get(event.key)
      const fresh = {
        value: cut(event.value),
        error: cut(event.error),
        collected_at: Date.parse(event.collected_at),
      }
      const isSame = known?.value === fresh.value && known.error === fresh.error
      const writtenAt = isSame && now - known.writtenAt < REWRITE_MS ? known.writtenAt : now
      const measured: Measured = { ...fresh, writtenAt }
      if (writtenAt === now && !write(agentId, event.key, measured)) return
      const values = live.get(agentId) ?? new Map<string, Measured>()
      live.set(agentId, values.set(event.key, measured))
      topics.agentMetadata.publish(agentId)
    },

    settle(agentId) {
      const values = live.get(agentId)
      if (values === undefined) return
      live.delete(agentId)
      db.transaction(() => {
        for (const [key, measured] of values) write(agentId, key, measured)
      })
    },

    attach(workspaces) {
      const agentIds = workspaces.flatMap((workspace) => agentsOf(workspace).map((agent) => agent.id))
      const byAgent = groupBy(rowsOf(agentIds), (row) => row.agent_id)
      return workspaces.map((workspace) => ({
        ...workspace,
        latest_build: {
          ...workspace.latest_build,
          resources: workspace.latest_build.resources.map((resource) => ({
            ...resource,
            agents: (resource.agents ?? []).map((agent) => ({
              ...agent,
              metadata: (byAgent.get(agent.id) ?? []).map(toWire),
            })),
          })),
        },
      }))
    },
  }
}

const agentsOf = ({ latest_build: build }: Workspace) => build.resources.flatMap(({ agents }) => agents ?? [])

function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= MAX_TEXT_BYTES) return text
  return bytes
    .subarray(0, MAX_TEXT_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}
