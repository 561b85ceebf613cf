/** One tunnel: where it listens, where it leads, and how it is. */
import type { OpenTunnel, TunnelConnection, TunnelState } from '../../contract/tunnels.ts'
import type { Clock } from '../../lib/clock.ts'
import { toError } from '../../lib/to-error.ts'
import { createLocalListener, type LocalListener } from './local-listener.ts'
import { createRemoteListener } from './remote-listener.ts'
import { serveConnection } from './serve-connection.ts'
import { createTunnelReport, type TunnelReport } from './tunnel-report.ts'
import type { LinkState, WorkspaceLink } from './workspace-link.ts'

export interface TunnelOptions {
  readonly request: OpenTunnel
  readonly link: WorkspaceLink
  readonly clock: Clock
  readonly onState: (state: TunnelState) => void
}

export interface Tunnel {
  /** Looks at once at what it waits for. */
  retryNow(): void
  /** Resolves when its port is free. */
  close(): Promise<void>
}

/** Opens it; what becomes of it is told by `onState`. */
export function createTunnel(options: TunnelOptions): Tunnel {
  const { request, clock, onState } = options
  const report = createTunnelReport({ tunnelId: request.tunnelId, clock, onState })
  return request.kind === 'remote' ? openRemote(options, report) : openLocal(options, report)
}

function openLocal({ request, link, clock }: TunnelOptions, report: TunnelReport): Tunnel {
  const { listen, anyPort, certificate, target } = request
  const waiting = { count: 0 }
  const tell = (): void => {
    const { state } = listener
    const end = state.kind === 'bound' ? state.end : null
    if (state.kind === 'failed')
      report.become({ kind: 'failed', reason: state.reason, code: state.code }, null)
    else report.become(state.kind === 'binding' ? { kind: 'connecting' } : shown(link.state), end)
  }
  const listener: LocalListener = createLocalListener({
    listen,
    anyPort,
    certificate,
    clock,
    onState: tell,
    onConnection: (socket) => {
      serveConnection(socket, { link, report, clock, target, waiting }).catch((thrown: unknown) => {
        report.problem(toError(thrown).message)
        socket.destroy()
      })
    },
    onProblem: report.problem,
  })
  return followed(listener, { link, report, tell })
}

function openRemote({ request, link, clock }: TunnelOptions, report: TunnelReport): Tunnel {
  const { listen, target } = request
  if (target === null) {
    report.become({ kind: 'failed', reason: 'This tunnel has no target. Edit it.', code: 'refused' }, null)
    return { retryNow: () => undefined, close: async () => report.close() }
  }
  const tell = (): void => {
    const { state } = listener
    if (link.state.kind !== 'open') report.become(shown(link.state), null)
    else if (state.kind === 'refused')
      report.become({ kind: 'failed', reason: state.reason, code: 'remote_refused' }, null)
    else if (state.kind === 'held') report.become({ kind: 'waiting', reason: state.reason }, null)
    else if (state.kind === 'listening') report.become({ kind: 'open' }, listen)
    else report.become({ kind: 'connecting' }, null)
  }
  const listener = createRemoteListener({ listen, target, link, clock, report, onState: tell })
  return followed(listener, { link, report, tell })
}

function shown(state: LinkState): TunnelConnection {
  switch (state.kind) {
    case 'connecting':
    case 'open':
      return { kind: state.kind }
    case 'waiting':
      return { kind: 'waiting', reason: state.reason }
    case 'failed':
      return { kind: 'failed', reason: state.reason, code: state.code }
  }
}

interface Followed {
  readonly link: TunnelOptions['link']
  readonly report: TunnelReport
  /** Tells how the tunnel is, by its link and its listener. */
  readonly tell: () => void
}

/** The tunnel of a listener, of which is told whenever its link changes. */
function followed(
  listener: { readonly retryNow: () => void; close(): Promise<void> },
  { link, report, tell }: Followed,
): Tunnel {
  const stopState = link.onState(tell)
  tell()
  return {
    retryNow: listener.retryNow,
    async close() {
      stopState()
      report.close()
      await listener.close()
    },
  }
}
