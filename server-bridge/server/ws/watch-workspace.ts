import type { Response as ApiMessage } from '../../contract/response.ts'
import type { ServerSentEvent } from '../../contract/sse.ts'
import type { Workspace } from '../../contract/workspaces.ts'
import { ApiError } from '../api-error.ts'
import type { Topic } from '../services/topics.ts'

/** Where events of a watch go; answers false when the reader lags and must not be given more yet. */
export type EventSink = (event: ServerSentEvent) => boolean

export interface WatchOptions {
  readonly topic: Topic
  readonly workspaceId: string
  /** A workspace shows facts of its template, which may change as well. */
  readonly templateTopic: Topic
  readonly templateId: string
  readonly read: () => Workspace
  /** As `read`, for what all watchers do at the same time; may miss a change that its watcher is told of. */
  readonly readShared: () => Workspace
  readonly send: EventSink
  /** Ends the stream: the workspace cannot be read any more. */
  readonly logFailure: (error: unknown) => void
}

/** Changes within this time are one event: a build writes many rows at once. */
const COALESCE_MS = 25

/**
 * The events of one watcher: a ping, the whole workspace, then the whole workspace on every change.
 *
 * @returns what ends it, and what to call when a lagging reader has caught up.
 */
export function watchWorkspace(options: WatchOptions): {
  readonly end: () => void
  readonly resume: () => void
} {
  const { topic, workspaceId, send, logFailure } = options
  let timer: NodeJS.Timeout | undefined
  let canSend = true
  let isDirty = false
  let ended = false

  const push = (read = options.readShared): void => {
    timer = undefined
    if (ended) return
    if (!canSend) {
      isDirty = true
      return
    }
    isDirty = false
    canSend = send(currentEvent(read, logFailure))
  }
  const changed = (): void => {
    timer ??= setTimeout(() => push(), COALESCE_MS)
  }
  const subscriptions = [
    topic.subscribe(workspaceId, changed),
    options.templateTopic.subscribe(options.templateId, changed),
  ]
  send({ type: 'ping', data: null })
  push(options.read)
  return {
    end() {
      ended = true
      clearTimeout(timer)
      for (const unsubscribe of subscriptions) unsubscribe()
    },
    resume() {
      canSend = true
      if (isDirty) push()
    },
  }
}

function currentEvent(read: () => Workspace, logFailure: (error: unknown) => void): ServerSentEvent {
  try {
    return { type: 'data', data: read() }
  } catch (error) {
    if (!(error instanceof ApiError)) logFailure(error)
    const data: ApiMessage =
      error instanceof ApiError ? error.body : { message: 'Internal error fetching workspace.' }
    return { type: 'error', data }
  }
}
