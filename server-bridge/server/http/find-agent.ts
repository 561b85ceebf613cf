import type { Action } from '../services/authorization.ts'
import { mayAct, requireMay } from '../services/authorization.ts'
import type { AgentPlace, AgentRecords } from '../services/agent-records.ts'
import type { Actor } from '../services/sessions.ts'
import { notFound } from '../api-error.ts'

/** The agent, for somebody who may do this with its workspace. @throws {ApiError} 404, 403 */
export type FindAgent = (agentId: string, actor: Actor, action?: Action) => AgentPlace

export function createAgentFinder(records: Pick<AgentRecords, 'place'>): FindAgent {
  return (agentId, actor, action = 'read') => {
    const place = records.place(agentId)
    if (!place) throw notFound()
    requireMay(actor, action, { type: 'workspace', ownerId: place.ownerId, id: place.workspaceId })
    return place
  }
}

/**
 * Whether the caller may open shells and apps of this workspace. Only its owner has those rights, whatever else the
 * owner of the deployment may do.
 */
export function mayEnter(place: AgentPlace, actor: Actor, action: 'ssh' | 'application_connect'): boolean {
  const resource = { type: 'workspace', ownerId: place.ownerId, id: place.workspaceId } as const
  return place.ownerId === actor.user.id && mayAct(actor, action, resource)
}
