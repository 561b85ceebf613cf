/** The end of a tunnel in the workspace: asked for on every new connection, and again while it is refused. */
import { connect, type Socket } from 'node:net'
import type { Client } from 'ssh2'
import type { TunnelEnd } from '../../contract/tunnels.ts'
import type { Clock } from '../../lib/clock.ts'
import type { JoinableChannel } from '../../lib/join-channel.ts'
import { toError } from '../../lib/to-error.ts'
import { localPath } from './local-listener.ts'
import { join } from './serve-connection.ts'
import { shownName } from './shown-name.ts'
import type { TunnelReport } from './tunnel-report.ts'
import type { OpenLink, WorkspaceLink } from './workspace-link.ts'

export type RemoteState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'listening' }
  /** By the connection before, most likely. */
  | { readonly kind: 'held'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }

export interface RemoteListenerOptions {
  /** Where it listens in the workspace. */
  readonly listen: TunnelEnd
  /** On this computer. */
  readonly target: TunnelEnd
  readonly link: WorkspaceLink
  readonly clock: Clock
  readonly report: TunnelReport
  readonly onState: (state: RemoteState) => void
}

export interface RemoteListener {
  readonly state: RemoteState
  retryNow(): void
  close(): Promise<void>
}

/** After a broken connection the workspace holds the old port until it notices. */
const retryMs = 3000
/** Servers ask clients for a sign of life every 15 s, Coder's too, and give them up at the second silence. */
const heldMs = 60_000
const heldWords =
  'Opens when the workspace has noticed that the connection before is gone, in up to a minute.'
/** A workspace that does not answer must not hold up an end. */
const cancelMs = 1500

/** Begins to listen as soon as the link is open. */
export function createRemoteListener(options: RemoteListenerOptions): RemoteListener {
  const { listen, link, clock } = options
  const sockets = new Set<Socket>()
  let state: RemoteState = { kind: 'asking' }
  let asked: OpenLink | undefined
  let cancelRetry: (() => void) | undefined
  let isClosed = false
  /** Until then a refusal is put down to the connection before, on which this listened. */
  let heldUntil = 0
  let hasListened = false

  const become = (next: RemoteState): void => {
    state = next
    if (!isClosed) options.onState(next)
  }
  const ask = (): void => {
    cancelRetry?.()
    cancelRetry = undefined
    if (isClosed || link.state.kind !== 'open') return
    const open = link.state.link
    asked = open
    askToListen(open.ssh, listen).then(
      () => {
        if (asked !== open) return
        hasListened = true
        become({ kind: 'listening' })
      },
      () => {
        if (asked !== open || isClosed) return
        cancelRetry = clock.after(retryMs, ask)
        const next = refusal(clock.now() < heldUntil, listen)
        if (state.kind !== next.kind) become(next)
      },
    )
  }
  const stopState = link.onState((next) => {
    if (next.kind === 'open') {
      state = { kind: 'asking' }
      heldUntil = hasListened ? clock.now() + heldMs : 0
      ask()
    } else asked = undefined
  })
  const key = listen.kind === 'tcp' ? `tcp ${String(listen.port)}` : `socket ${listen.path}`
  const stopIncoming = link.onIncoming(key, (channel) => {
    if (link.state.kind !== 'open') return
    const socket = serve(channel, link.state.link, options)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  ask()

  return {
    get state() {
      return state
    },
    retryNow: () => {
      if (state.kind === 'refused' || state.kind === 'held') ask()
    },
    async close() {
      isClosed = true
      cancelRetry?.()
      stopState()
      stopIncoming()
      for (const socket of sockets) socket.destroy()
      if (asked !== undefined && state.kind === 'listening') await askToStop(asked.ssh, listen, clock)
    },
  }
}

function serve(channel: JoinableChannel, open: OpenLink, { target, report }: RemoteListenerOptions): Socket {
  const socket = connect({
    ...(target.kind === 'tcp' ? { host: target.host, port: target.port } : { path: localPath(target.path) }),
    allowHalfOpen: true,
    noDelay: true,
  })
  report.opened()
  socket.once('close', () => report.closed())
  socket.once('connect', () => join(channel, socket, { open, report }))
  socket.once('error', () => {
    const where = target.kind === 'tcp' ? `${target.host}:${String(target.port)}` : shownName(target.path)
    report.problem(`Nothing answers at ${where} on this computer. Start the program that listens there.`)
    channel.close()
  })
  return socket
}

function askToListen(ssh: Client, listen: TunnelEnd): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null | undefined): void => {
      if (error === undefined || error === null) resolve()
      else reject(error)
    }
    try {
      if (listen.kind === 'tcp') ssh.forwardIn(listen.host, listen.port, done)
      else ssh.openssh_forwardInStreamLocal(listen.path, done)
    } catch (thrown) {
      reject(toError(thrown))
    }
  })
}

function askToStop(ssh: Client, listen: TunnelEnd, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(cancelMs, resolve)
    const done = (): void => {
      cancel()
      resolve()
    }
    try {
      if (listen.kind === 'tcp') ssh.unforwardIn(listen.host, listen.port, done)
      else ssh.openssh_unforwardInStreamLocal(listen.path, done)
    } catch {
      // The connection has ended, and what the workspace listened on with it.
      done()
    }
  })
}

function refusal(isHeld: boolean, listen: TunnelEnd): RemoteState {
  return isHeld ? { kind: 'held', reason: heldWords } : { kind: 'refused', reason: refusedWords(listen) }
}

function refusedWords(listen: TunnelEnd): string {
  return listen.kind === 'tcp'
    ? `The workspace does not let anybody listen on port ${String(listen.port)}: it is in use there, or not allowed. Close what has it, or choose another port.`
    : `The workspace does not let anybody listen on ${shownName(listen.path)}: it is in use there, or not allowed. Choose another path.`
}
