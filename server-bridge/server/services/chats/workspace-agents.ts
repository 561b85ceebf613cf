import type { Clock } from '../../../lib/clock.ts'
import { badRequest } from '../../api-error.ts'
import type { AgentLinks } from '../../agents/agent-links.ts'
import type { AgentPlace, AgentRecords } from '../agent-records.ts'
import type { ChatRow } from './chat-rows.ts'

export interface WorkspaceAgentsDeps {
  readonly records: Pick<AgentRecords, 'wantedOf'>
  readonly links: Pick<AgentLinks, 'isLinked' | 'onChange'>
  readonly clock: Clock
}

/** agents-api 12.2 */
const DIAL_MS = 30_000
const CHOSEN_SUFFIX = '-coderd-chat'

/** Finds the agent whose tools a chat uses, and waits a while for it. */
export function createWorkspaceAgents({ records, links, clock }: WorkspaceAgentsDeps) {
  const isLinkedWithin = (agentId: string, ms: number, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (links.isLinked(agentId)) end(true)
      }
      const giveUp = (): void => end(false)
      const stops = [links.onChange(look), clock.after(ms, giveUp)]
      const end = (isLinked: boolean): void => {
        for (const stop of stops) stop()
        signal.removeEventListener('abort', giveUp)
        resolve(isLinked)
      }
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
      else look()
    })

  return async (chat: ChatRow, signal: AbortSignal): Promise<string> => {
    const { workspace_id: workspaceId } = chat
    // The workspace may have been given to somebody else, with whose rights nothing of this chat may run.
    const places =
      workspaceId === null
        ? []
        : records.wantedOf(workspaceId).filter((place) => place.ownerId === chat.owner_id)
    const agentId = chooseAgent(places)
    if (agentId === undefined)
      throw new Error(
        'The workspace is not running. It has to be started, by start_workspace, before anything can be done in it.',
      )
    if (await isLinkedWithin(agentId, DIAL_MS, signal)) return agentId
    signal.throwIfAborted()
    throw new Error(
      'The agent of the workspace cannot be reached. Stopping and starting the workspace may help.',
    )
  }
}

/** The agent whose tools a chat uses, if it can be reached right now. */
export function createLinkedAgents({ records, links }: Omit<WorkspaceAgentsDeps, 'clock'>) {
  return (chat: ChatRow): string | undefined => {
    const { workspace_id: workspaceId } = chat
    if (workspaceId === null) return undefined
    const places = records.wantedOf(workspaceId).filter((place) => place.ownerId === chat.owner_id)
    // Where tools would say what is wrong with the agents, nothing is read.
    const chosen = places.filter(({ agent }) => agent.name.endsWith(CHOSEN_SUFFIX)).length
    const agentId = chosen > 1 ? undefined : chooseAgent(places)
    return agentId !== undefined && links.isLinked(agentId) ? agentId : undefined
  }
}

/** The agent that chats use, by its id. @throws {ApiError} 400 where a workspace says that it is two */
export function chooseAgent(places: readonly AgentPlace[]): string | undefined {
  const chosen = places.filter(({ agent }) => agent.name.endsWith(CHOSEN_SUFFIX))
  if (chosen.length > 1)
    throw badRequest(`The workspace has ${chosen.length} agents for chats, of which there may be one.`)
  const sorted = places.toSorted((a, b) => (a.agent.name < b.agent.name ? -1 : 1))
  return (chosen[0] ?? sorted[0])?.agent.id
}
