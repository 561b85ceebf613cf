import { agentRuntimeRoutes } from '../../contract/agent-runtime.ts'
import type { WorkspaceApp } from '../../contract/workspace-apps.ts'
import type { Clock } from '../../lib/clock.ts'
import type { AgentLinks } from '../agents/agent-links.ts'
import type { AgentRequests } from '../agents/agent-requests.ts'
import { badRequest, forbidden, notFound } from '../api-error.ts'
import { createAppOpener, type OpenAppDeps } from '../apps/open-app.ts'
import type { AgentMetadata } from '../services/agent-metadata.ts'
import type { AgentPlace, AgentRecords } from '../services/agent-records.ts'
import type { AgentView } from '../services/agent-view.ts'
import type { Actor } from '../services/sessions.ts'
import { isShownPort } from '../services/shown-ports.ts'
import type { Topics } from '../services/topics.ts'
import { watchMetadata } from '../ws/watch-metadata.ts'
import { sendEventsBySocket, sendEventsBySse, type StartEvents } from '../ws/watch-streams.ts'
import { bound } from './bind-routes.ts'
import { createAgentFinder, mayEnter } from './find-agent.ts'

export interface AgentRuntimeDeps extends OpenAppDeps {
  readonly records: AgentRecords
  readonly view: AgentView
  readonly links: AgentLinks
  readonly requests: AgentRequests
  readonly metadata: AgentMetadata
  readonly topics: Topics
  readonly clock: Clock
}

/** What is asked of a running agent, and what it measures. */
export function agentRuntimeHandlers(deps: AgentRuntimeDeps) {
  const { records, view, links, requests, metadata, topics, clock } = deps
  const openApp = createAppOpener(deps)
  const find = createAgentFinder(records)

  const requireConnected = (place: AgentPlace): void => {
    if (links.isLinked(place.agent.id)) return
    const status = view.get(place.agent.id)?.status ?? 'disconnected'
    throw badRequest(`Agent state is "${status}", it must be in the "connected" state.`)
  }

  /** There are none: a workspace is processes of this machine. */
  const refuseContainers = (agentId: string, actor: Actor, action: 'read' | 'update'): never => {
    requireConnected(find(agentId, actor, action))
    throw forbidden('Dev containers are not enabled: the local deployment has no containers.')
  }

  const findOwn = (agentId: string, actor: Actor, action: 'ssh' | 'application_connect'): AgentPlace => {
    const place = records.place(agentId)
    if (!place || !mayEnter(place, actor, action)) throw notFound()
    return place
  }

  const watch = (agentId: string, actor: Actor): StartEvents => {
    find(agentId, actor)
    return watchMetadata({
      topic: topics.agentMetadata,
      agentId,
      read: () => metadata.read(agentId),
      clock,
    })
  }

  return bound(agentRuntimeRoutes, {
    async listeningPorts({ params, actor }) {
      const place = find(params.workspaceagent, actor)
      requireConnected(place)
      const apps = JSON.parse(place.agent.apps) as WorkspaceApp[]
      const ports = await requests.listPorts(place.agent.id)
      return {
        ports: ports
          .filter(({ port }) => isShownPort(port, apps))
          .map((listening) => ({ ...listening, network: 'tcp' })),
      }
    },
    watchMetadataWs({ params, actor }) {
      const start = watch(params.workspaceagent, actor)
      return (socket) => sendEventsBySocket(socket, start)
    },
    watchMetadata: ({ params, actor, request }) =>
      sendEventsBySse(watch(params.workspaceagent, actor), request.signal),
    containers: ({ params, actor }) => refuseContainers(params.workspaceagent, actor, 'read'),
    watchContainers: ({ params, actor }) => refuseContainers(params.workspaceagent, actor, 'read'),
    recreateDevcontainer: ({ params, actor }) => refuseContainers(params.workspaceagent, actor, 'update'),
    deleteDevcontainer: ({ params, actor }) => refuseContainers(params.workspaceagent, actor, 'update'),
    async terminals({ params, actor }) {
      const place = findOwn(params.workspaceagent, actor, 'ssh')
      requireConnected(place)
      return { terminals: await requests.listTerminals(place.agent.id) }
    },
    async endTerminal({ params, actor, audit }) {
      const place = findOwn(params.workspaceagent, actor, 'ssh')
      requireConnected(place)
      audit({
        resourceType: 'workspace',
        resourceId: place.workspaceId,
        resourceTarget: place.workspaceName,
        action: 'close',
      })
      if (!(await requests.endTerminal(place.agent.id, params.terminal))) throw notFound()
      return undefined
    },
    openApp({ params, actor, audit }) {
      const place = findOwn(params.workspaceagent, actor, 'application_connect')
      const url = openApp(place, actor.keyId, params.app)
      audit({
        resourceType: 'workspace',
        resourceId: place.workspaceId,
        resourceTarget: `${place.workspaceName} ${params.app}`,
        action: 'open',
      })
      return { url }
    },
  })
}
