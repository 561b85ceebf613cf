/** The one connection to a workspace that all its tunnels share. */
import type { Client } from 'ssh2'
import type { ReconnectState } from '../../client/reconnect.ts'
import type { Clock } from '../../lib/clock.ts'
import type { JoinableChannel } from '../../lib/join-channel.ts'
import type { Logger } from '../../lib/logger.ts'
import { TransportLoad } from '../../lib/transport-load.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { createWorkspaceSsh, type WorkspaceSsh } from '../ssh/workspace-ssh.ts'

/** A connection that can be used. */
export interface OpenLink {
  readonly ssh: Client
  readonly load: TransportLoad
  /** Calls back when it breaks, before its channels look as if they had ended well; the answer takes it back. */
  onBreak(listener: () => void): () => void
}

export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'open'; readonly link: OpenLink }
  | {
      readonly kind: 'failed'
      readonly reason: string
      readonly code: 'signed_out' | 'gone' | 'refused'
    }

/** Where in the workspace a connection came from: `tcp 3000` or `socket /tmp/x`. */
export type RemoteListenKey = string

export interface WorkspaceLink {
  readonly state: LinkState
  onState(listener: (state: LinkState) => void): () => void
  /** Connections that come to a forward of the workspace. One listener a key. */
  onIncoming(key: RemoteListenKey, accept: (channel: JoinableChannel) => void): () => void
  /**
   * The connection, also one that comes within `waitMs`.
   *
   * @throws {LinkAwayError} with a sentence.
   */
  whenOpen(waitMs: number, signal: AbortSignal): Promise<OpenLink>
  retryNow(): void
  wake(): void
  /** Connects anew, with what the deployment is by now. */
  restart(): void
  close(): void
}

export class LinkAwayError extends Error {
  override readonly name = 'LinkAwayError'
}

export interface WorkspaceLinkOptions {
  readonly workspaceId: string
  readonly agentName: string | null
  /** `undefined`: not signed in. */
  readonly access: () => DeploymentAccess | undefined
  readonly onSignedOut: () => void
  /** Hears each state of the connection, for the timeline. */
  readonly onConnection?: (state: ReconnectState) => void
  readonly clock: Clock
  readonly random?: () => number
  readonly logger: Logger
}

/** Begins to connect. */
export function createWorkspaceLink(options: WorkspaceLinkOptions): WorkspaceLink {
  const { clock, logger, workspaceId } = options
  const listeners = new Set<(state: LinkState) => void>()
  const incoming = new Map<RemoteListenKey, (channel: JoinableChannel) => void>()
  let state: LinkState = { kind: 'connecting' }
  let connection: WorkspaceSsh | undefined

  const become = (next: LinkState): void => {
    state = next
    for (const listener of [...listeners]) listener(next)
  }

  const start = (): void => {
    const access = options.access()
    if (access === undefined) {
      become({ kind: 'waiting', reason: 'Opens when the deployment is signed in.' })
      return
    }
    const made = createWorkspaceSsh({
      workspaceId,
      agentName: options.agentName ?? undefined,
      access,
      clock,
      ...(options.random === undefined ? {} : { random: options.random }),
      logger,
      onState: (next) => {
        options.onConnection?.(next)
        if (connection !== made) return
        const told = stateOf(next, state)
        if (next.name === 'failed' && next.code === 'unauthorized') options.onSignedOut()
        if (told !== undefined) become(told)
      },
      onOpen: (ssh, _target, stream) => {
        passIncoming(ssh, incoming)
        if (connection === made) become({ kind: 'open', link: openLink(ssh, new TransportLoad(stream)) })
      },
    })
    connection = made
    if (state.kind !== 'waiting') become({ kind: 'connecting' })
    made.start()
  }

  const stop = (): void => {
    const ending = connection
    connection = undefined
    ending?.close()
  }
  start()

  return {
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onIncoming(key, accept) {
      incoming.set(key, accept)
      return () => incoming.delete(key)
    },
    whenOpen: (waitMs, signal) =>
      new Promise((resolve, reject) => {
        const settle = (next: LinkState, isLate: boolean): void => {
          if (next.kind === 'open') resolve(next.link)
          else if (next.kind === 'failed') reject(new LinkAwayError(next.reason))
          else if (isLate || signal.aborted)
            reject(
              new LinkAwayError(
                next.kind === 'waiting' ? next.reason : 'The workspace did not answer in time.',
              ),
            )
          else return
          stopWaiting()
        }
        const onState = (next: LinkState): void => settle(next, false)
        const onAbort = (): void => settle(state, true)
        const cancel = clock.after(waitMs, () => settle(state, true))
        const stopWaiting = (): void => {
          cancel()
          listeners.delete(onState)
          signal.removeEventListener('abort', onAbort)
        }
        listeners.add(onState)
        signal.addEventListener('abort', onAbort)
        settle(state, false)
      }),
    retryNow: () => connection?.retryNow(),
    wake: () => connection?.hint('wake'),
    restart() {
      stop()
      become({ kind: 'connecting' })
      start()
    },
    close() {
      stop()
      become({ kind: 'failed', reason: 'The tunnel was switched off.', code: 'refused' })
      listeners.clear()
    },
  }
}

function openLink(ssh: Client, load: TransportLoad): OpenLink {
  const onBreak = new Set<() => void>()
  ssh.once('close', () => {
    for (const listener of [...onBreak]) listener()
  })
  return {
    ssh,
    load,
    onBreak(listener) {
      onBreak.add(listener)
      return () => onBreak.delete(listener)
    },
  }
}

function passIncoming(
  ssh: Client,
  incoming: ReadonlyMap<RemoteListenKey, (channel: JoinableChannel) => void>,
): void {
  const pass = (key: RemoteListenKey, accept: () => JoinableChannel, reject: () => void): void => {
    const take = incoming.get(key)
    if (take === undefined) reject()
    else take(accept())
  }
  ssh.on('tcp connection', ({ destPort }, accept, reject) => {
    pass(`tcp ${String(destPort)}`, accept, reject)
  })
  ssh.on('unix connection', ({ socketPath }, accept, reject) => {
    pass(`socket ${socketPath}`, accept, reject)
  })
}

/** `undefined`: nothing to tell. Another attempt at what is waited for is no news, and `onOpen` tells of the rest. */
function stateOf(state: ReconnectState, before: LinkState): LinkState | undefined {
  switch (state.name) {
    case 'connecting':
      return before.kind === 'waiting' ? undefined : { kind: 'connecting' }
    case 'waiting':
      return { kind: 'waiting', reason: state.reason }
    case 'failed':
      return { kind: 'failed', reason: state.reason, code: codeOf(state.code) }
    case 'stopped':
      return { kind: 'waiting', reason: 'The workspace closed the connection.' }
    case 'idle':
    case 'open':
      return undefined
  }
}

function codeOf(
  code: Extract<ReconnectState, { readonly name: 'failed' }>['code'],
): 'signed_out' | 'gone' | 'refused' {
  if (code === 'unauthorized') return 'signed_out'
  return code === 'gone' || code === 'not_found' ? 'gone' : 'refused'
}
