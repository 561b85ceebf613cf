/** The timeline as a text for people, oldest first: a line each. */
import type { ConnectionEvent } from '#bridge/contract/connection-events'
import { connectionKindWords } from '#bridge/contract/connection-words'
import type { TimelineEntry } from '#ipc/diagnostics'

/** `2026-11-26T23:00:00.000Z  Terminal of workspace …: waits, since … (3 times since …)` */
export function timelineLine(entry: TimelineEntry, nameOf: (deploymentId: string) => string): string {
  const { event, since, times } = entry
  const where = [
    `on ${nameOf(event.deploymentId)}`,
    ...(event.workspaceId === null ? [] : [`workspace ${event.workspaceId}`]),
    ...(event.agentId === null ? [] : [`agent ${event.agentId}`]),
    ...(event.name === '' ? [] : [event.name]),
  ].join(', ')
  const often = times === 1 ? '' : ` (${String(times)} times since ${iso(since)})`
  return `${iso(event.at)}  ${connectionKindWords[event.what]} ${where}: ${stateWords(event)}${often}`
}

function stateWords({ state }: ConnectionEvent): string {
  switch (state.kind) {
    case 'connecting':
      return 'connects'
    case 'open':
      return 'connected'
    case 'closed':
      return 'closed'
    case 'waiting':
      return state.retryAt === null
        ? `waits. ${state.reason}`
        : `waits until ${iso(state.retryAt)}. ${state.reason}`
    case 'failed':
      return `given up (${state.code}). ${state.reason}`
  }
}

const iso = (time: number): string => new Date(time).toISOString()
