import type { WebSocket } from 'ws'
import { formatLogMessage } from '../../contract/log-follow.ts'
import { type ConnectionWatchEvent, watchErrorCodes } from '../../contract/workspace-watches.ts'
import type { Workspace } from '../../contract/workspaces.ts'
import type { Topic } from '../services/topics.ts'

export interface ConnectionWatch {
  readonly topic: Topic
  readonly workspaceId: string
  /** Absent: the only agent there is. */
  readonly agentName: string | undefined
  readonly read: () => Workspace
  readonly logFailure: (error: unknown) => void
}

/** Changes within this time are one look: a build writes many rows at once. */
const COALESCE_MS = 25
const ENDED = 1000

/**
 * Tells who waits for an agent how its build and its life go on (stable-api, section 12). Only changes are sent; what
 * cannot become true by waiting is an error, after which the socket closes.
 */
export function watchConnection(socket: WebSocket, watch: ConnectionWatch): void {
  let timer: NodeJS.Timeout | undefined
  let last: readonly string[] = []
  const look = (): void => {
    timer = undefined
    if (socket.readyState !== socket.OPEN) return
    const events = readEvents(watch)
    const texts = events.map((event) => formatLogMessage(event))
    for (const text of texts) if (!last.includes(text)) socket.send(text)
    last = texts
    if (events.some((event) => event.error)) socket.close(ENDED)
  }
  const unsubscribe = watch.topic.subscribe(watch.workspaceId, () => {
    timer ??= setTimeout(look, COALESCE_MS)
  })
  socket.on('close', () => {
    clearTimeout(timer)
    unsubscribe()
  })
  look()
}

function readEvents(watch: ConnectionWatch): ConnectionWatchEvent[] {
  try {
    return eventsOf(watch.read(), watch.agentName)
  } catch (error) {
    watch.logFailure(error)
    return [refusal(watchErrorCodes.internal, 'The workspace cannot be read any more.', true)]
  }
}

type ErrorCode = NonNullable<ConnectionWatchEvent['error']>['code']

function refusal(code: ErrorCode, message: string, retryable = false): ConnectionWatchEvent {
  return { error: { code, retryable, message } }
}

/** How things are: the build, and its agent once there is one. */
export function eventsOf(
  { latest_build: build }: Pick<Workspace, 'latest_build'>,
  agentName: string | undefined,
): ConnectionWatchEvent[] {
  const events: ConnectionWatchEvent[] = [
    { error: null, build_update: { transition: build.transition, job_status: build.job.status } },
  ]
  if (build.status !== 'running') return events
  const agents = build.resources.flatMap((resource) => resource.agents ?? [])
  const named = agentName === undefined ? agents : agents.filter((agent) => agent.name === agentName)
  const [agent] = named
  if (agents.length === 0) {
    events.push(refusal(watchErrorCodes.noAgents, 'The workspace has no agents.'))
  } else if (!agent) {
    const message = `The workspace has no agent named ${JSON.stringify(agentName)}.`
    events.push(refusal(watchErrorCodes.nameNotFound, message))
  } else if (named.length > 1) {
    const names = named.map(({ name }) => name).join(', ')
    events.push(
      refusal(watchErrorCodes.tooManyAgents, `The workspace has several agents, name one: ${names}.`),
    )
  } else events.push({ error: null, agent_update: { lifecycle: agent.lifecycle_state, id: agent.id } })
  return events
}
