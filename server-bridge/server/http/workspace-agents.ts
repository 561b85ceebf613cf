import { agentLinkPath } from '../../contract/agent-link.ts'
import { defineRoute } from '../../contract/route.ts'
import { workspaceAgentsRoutes, type WorkspaceAgentLog } from '../../contract/workspace-agents.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, notFound } from '../api-error.ts'
import type { AgentLinks } from '../agents/agent-links.ts'
import type { ReadAgentLogs } from '../services/agent-logs.ts'
import type { AgentPlace, AgentRecords } from '../services/agent-records.ts'
import type { AgentView } from '../services/agent-view.ts'
import type { Actor } from '../services/sessions.ts'
import type { Topics } from '../services/topics.ts'
import type { WorkspaceActivity } from '../services/workspace-activity.ts'
import { bridgePty } from '../ws/bridge-pty.ts'
import { followRows } from '../ws/follow-rows.ts'
import { bound } from './bind-routes.ts'
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
  readonly readLogs: ReadAgentLogs
  readonly links: AgentLinks
  readonly topics: Topics
  readonly activity: WorkspaceActivity
  readonly clock: Clock
}

function toText(row: WorkspaceAgentLog): string {
  return `${row.created_at} [${row.level}] ${row.output}\n`
}

export function agentHandlers(deps: AgentHandlerDeps) {
  const { records, view, readLogs, links, topics, activity, clock } = deps
  const find = (agentId: string, actor: Actor): AgentPlace => {
    const place = records.place(agentId)
    if (!place || (place.ownerId !== actor.user.id && !actor.isOwner)) throw notFound()
    return place
  }

  return [
    // First, so that `me` is not taken for an agent's id.
    ...bound(agentLinkRoutes, {
      link({ request }) {
        const place = records.authenticate(request.headers.get('coder-session-token') ?? undefined)
        return (socket) => links.accept(place, socket)
      },
    }),
    ...bound(workspaceAgentsRoutes, {
      get({ params, actor }) {
        find(params.workspaceagent, actor)
        const agent = view.get(params.workspaceagent)
        if (!agent) throw notFound()
        return agent
      },
      logs({ params, query, actor }) {
        find(params.workspaceagent, actor)
        const rows = readLogs(params.workspaceagent, query.after ?? 0)
        if (query.format !== 'text') return rows
        return new Response(rows.map(toText).join(''), {
          headers: { 'content-type': 'text/plain; charset=utf-8' },
        })
      },
      followLogs({ params, query, actor }) {
        const { agent, workspaceId } = find(params.workspaceagent, actor)
        return (socket) => {
          // The end of an agent is a change of its workspace, so that must wake the reader too.
          const unsubscribe = topics.workspace.subscribe(workspaceId, () =>
            topics.agentLogs.publish(agent.id),
          )
          socket.on('close', unsubscribe)
          followRows(socket, {
            topic: topics.agentLogs,
            topicId: agent.id,
            read: (after) => readLogs(agent.id, after),
            after: query.after ?? 0,
            framing: 'array',
            isDone: () => !records.isOfLatestBuild(agent.id),
          })
        }
      },
      pty({ params, query, actor }) {
        const place = records.place(params.workspaceagent)
        // Only the owner of the workspace has the ssh right, not the owner of the deployment.
        const mayOpen = place?.ownerId === actor.user.id
        if (!mayOpen || !links.isLinked(place.agent.id)) {
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
