import { agentLinkPath } from '../../contract/agent-link.ts'
import { defineRoute } from '../../contract/route.ts'
import { workspaceAgentsRoutes, type WorkspaceAgentLog } from '../../contract/workspace-agents.ts'
import type { Clock } from '../../lib/clock.ts'
import { createTurnCache } from '../../lib/turn-cache.ts'
import { ApiError, notFound } from '../api-error.ts'
import type { AgentLinks } from '../agents/agent-links.ts'
import type { AgentLogs } from '../services/agent-logs.ts'
import type { AgentRecords } from '../services/agent-records.ts'
import type { AgentView } from '../services/agent-view.ts'
import type { Actor } from '../services/sessions.ts'
import type { Topics } from '../services/topics.ts'
import type { WorkspaceActivity } from '../services/workspace-activity.ts'
import { bridgePty } from '../ws/bridge-pty.ts'
import { type Batch, followRows } from '../ws/follow-rows.ts'
import { bound } from './bind-routes.ts'
import type { RunSocket } from './call.ts'
import { createAgentFinder, mayEnter } from './find-agent.ts'
import { HtmlError } from './html-error.ts'

/** Ours: agents of the local deployment dial here. */
const agentLinkRoutes = {
  link: defineRoute({
    method: 'GET',
    path: agentLinkPath,
    auth: 'agent',
    status: 101,
    errors: [401, 410, 426],
    stream: 'duplex',
  }),
} as const

export interface AgentHandlerDeps {
  readonly records: AgentRecords
  readonly view: AgentView
  readonly logs: AgentLogs
  readonly links: AgentLinks
  readonly topics: Topics
  readonly activity: WorkspaceActivity
  readonly clock: Clock
}

function toText(row: WorkspaceAgentLog): string {
  return `${row.created_at} [${row.level}] ${row.output}\n`
}

export function agentHandlers(deps: AgentHandlerDeps) {
  const { records, view, logs, links, topics, activity, clock } = deps
  const find = createAgentFinder(records)
  const batches = createTurnCache<Batch<WorkspaceAgentLog>>()

  const readLogs = (
    agentId: string,
    actor: Actor,
    query: { readonly after?: number | undefined; readonly format?: string | undefined },
  ): WorkspaceAgentLog[] | Response => {
    find(agentId, actor)
    const rows = logs.read(agentId, query.after ?? 0)
    if (query.format !== 'text') return rows
    return new Response(rows.map(toText).join(''), {
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
  }

  const followLogs = (agentId: string, actor: Actor, after: number): RunSocket => {
    const { agent, workspaceId } = find(agentId, actor)
    return (socket) => {
      // The end of an agent is a change of its workspace, so that must wake the reader too; asking costs more than reading.
      const isReplaced = (): boolean => !records.isOfLatestBuild(agent.id)
      let isDone = isReplaced()
      const unsubscribe = topics.workspace.subscribe(workspaceId, () => {
        isDone = isReplaced()
        topics.agentLogs.publish(agent.id)
      })
      socket.on('close', unsubscribe)
      followRows(socket, {
        topic: topics.agentLogs,
        topicId: agent.id,
        read: (rowId) => logs.read(agent.id, rowId),
        after,
        framing: 'array',
        batches,
        recent: (rowId) => logs.recent(agent.id, rowId),
        isDone: () => isDone,
      })
    }
  }

  return [
    // First, so that `me` is not taken for an agent's id.
    ...bound(agentLinkRoutes, {
      link:
        ({ agent }) =>
        (socket) =>
          links.accept(agent, socket),
    }),
    ...bound(workspaceAgentsRoutes, {
      get({ params, actor }) {
        find(params.workspaceagent, actor)
        const agent = view.get(params.workspaceagent)
        if (!agent) throw notFound()
        return agent
      },
      logs: ({ params, query, actor }) => readLogs(params.workspaceagent, actor, query),
      startupLogs: ({ params, query, actor }) => readLogs(params.workspaceagent, actor, query),
      followLogs: ({ params, query, actor }) => followLogs(params.workspaceagent, actor, query.after ?? 0),
      followStartupLogs: ({ params, query, actor }) =>
        followLogs(params.workspaceagent, actor, query.after ?? 0),
      pty({ params, query, actor }) {
        const place = records.place(params.workspaceagent)
        if (!place || !mayEnter(place, actor, 'ssh') || !links.isLinked(place.agent.id)) {
          throw new HtmlError(
            404,
            'The agent does not exist, is not connected, or you may not open terminals on it.',
          )
        }
        if (query.container) {
          throw new ApiError(400, { message: 'The local deployment has no containers.' })
        }
        return (socket) => {
          const record = (): void => activity.record(place.workspaceId, 'reconnecting-pty')
          record()
          socket.on('close', clock.every(60_000, record))
          bridgePty(socket, () => links.openPty(place.agent.id, query))
        }
      },
    }),
  ]
}
