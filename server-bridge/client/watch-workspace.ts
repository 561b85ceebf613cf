import { responseSchema } from '../contract/response.ts'
import { parseEventMessage } from '../contract/sse.ts'
import type { ServerSentEvent } from '../contract/sse.ts'
import { workspaceSchema, workspacesRoutes } from '../contract/workspaces.ts'
import type { Workspace } from '../contract/workspaces.ts'
import { silentLogger } from '../lib/logger.ts'
import { holdsTooMuch } from './answer-size.ts'
import type { CoderClient } from './coder-client.ts'
import type { ReconnectState } from './reconnect.ts'
import type { ReconnectingConnection, ReconnectingConnectionOptions } from './reconnecting-connection.ts'
import { createReconnectingSocket } from './reconnecting-socket.ts'
import { createReconnectingSse } from './reconnecting-sse.ts'

export interface WatchWorkspaceOptions extends Omit<ReconnectingConnectionOptions, 'open'> {
  readonly client: CoderClient
  readonly workspaceId: string
  /** The whole workspace: at once, and after every change. */
  readonly onWorkspace: (workspace: Workspace) => void
  /** The server could not give the workspace this time; the watch goes on. */
  readonly onProblem?: (message: string) => void
  /** Ends the watch. */
  readonly signal?: AbortSignal
}

/**
 * Watches one workspace, by WebSocket, or by server-sent events where the server or a proxy has no such socket. Starts
 * at once. There is no "done": a closed stream is opened again until the server says that the workspace is gone.
 */
export function watchWorkspace(options: WatchWorkspaceOptions): ReconnectingConnection {
  const { client, logger = silentLogger } = options
  const input = { params: { workspace: options.workspaceId } }
  const shared = { ...options, policy: { ...options.policy, finishedCodes: [] } }
  let closed = false

  const socket = createReconnectingSocket({
    ...shared,
    target: () => client.socket(workspacesRoutes.watchWs, input),
    onMessage: (data) => {
      if (holdsTooMuch(data)) {
        options.onProblem?.('The server describes more of the workspace than there can be.')
        return
      }
      try {
        takeEvent(parseEventMessage(data.toString('utf8')))
      } catch (thrown) {
        logger.warn('An event of a workspace could not be read', { error: thrown })
      }
    },
    onState: (state) => {
      if (wantsFallback(state)) fallBack()
      else options.onState?.(state)
    },
  })
  let current: ReconnectingConnection = socket

  /** vscode-coder does the same: a missing path may only mean an old server, and the old stream will tell. */
  function fallBack(): void {
    if (closed) return
    logger.info('Watching by server-sent events: the server has no socket for it', { host: client.host })
    current = createReconnectingSse({ ...shared, route: workspacesRoutes.watch, input, onEvent: takeEvent })
    current.start()
  }

  function takeEvent(event: ServerSentEvent): void {
    if (event.type === 'error') {
      const parsed = responseSchema.safeParse(event.data)
      options.onProblem?.(parsed.success ? parsed.data.message : 'The server could not read the workspace.')
      return
    }
    if (event.type !== 'data') return
    const workspace = workspaceSchema.safeParse(event.data)
    if (workspace.success) {
      options.onWorkspace(workspace.data)
      return
    }
    const paths = workspace.error.issues.map((issue) => issue.path.map(String).join('.'))
    logger.warn('A watched workspace has an unknown shape', { paths })
    options.onProblem?.('The server describes the workspace in a way this app does not understand.')
  }

  const close = () => {
    closed = true
    options.signal?.removeEventListener('abort', close)
    current.close()
  }
  if (options.signal?.aborted === true) closed = true
  else {
    options.signal?.addEventListener('abort', close, { once: true })
    socket.start()
  }
  return {
    get state() {
      return current.state
    },
    start: () => {
      current.start()
    },
    retryNow: () => {
      current.retryNow()
    },
    hint: (hint) => {
      current.hint(hint)
    },
    close,
  }
}

function wantsFallback(state: ReconnectState): boolean {
  return state.name === 'failed' && (state.code === 'not_found' || state.code === 'upgrade_required')
}
