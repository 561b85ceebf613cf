import { formatBytes } from '../../lib/bytes.ts'
import type { Status } from '../../ui/status-mark.tsx'
import { addressOf, formatEnd, type TunnelView } from './tunnel-end.ts'

export interface TunnelWords {
  readonly status: Status
  readonly label: string
  /** What to know or to do, in a line of its own. */
  readonly reason?: string
  readonly canRetry: boolean
}

export function stateWords({ connection }: TunnelView): TunnelWords {
  switch (connection.kind) {
    case 'off':
      return { status: 'stopped', label: 'Off', canRetry: false }
    case 'connecting':
      return { status: 'starting', label: 'Connecting', canRetry: false }
    case 'open':
      return { status: 'running', label: 'Open', canRetry: false }
    case 'waiting':
      return { status: 'pending', label: 'Waiting', reason: connection.reason, canRetry: true }
    case 'failed':
      return { status: 'failed', label: 'Not open', reason: connection.reason, canRetry: true }
  }
}

export const kindWords: Record<TunnelView['draft']['kind'], string> = {
  local: 'Local',
  remote: 'Remote',
  dynamic: 'SOCKS',
}

/** Where it is found, and where it leads: `127.0.0.1:3000` to `3000 in the workspace`. */
export function routeWords({ draft, listening }: TunnelView): { readonly from: string; readonly to: string } {
  const { kind, listen, target } = draft
  const at = listening ?? listen
  const from = at.kind === 'tcp' && at.port === 0 ? 'any free port' : addressOf(at)
  if (kind === 'dynamic') return { from, to: 'whatever the workspace reaches' }
  const to = target === null ? '' : formatEnd(target)
  return kind === 'remote'
    ? { from: `${formatEnd(at)} in the workspace`, to: `${to} here` }
    : { from, to: `${to} in the workspace` }
}

/** `↑ 1.2 MB ↓ 690 MB`, read as words by screen readers. */
export function trafficWords({ traffic }: TunnelView): { readonly shown: string; readonly read: string } {
  const [up, down] = [formatBytes(traffic.bytesUp), formatBytes(traffic.bytesDown)]
  return { shown: `↑ ${up}  ↓ ${down}`, read: `${up} sent, ${down} received` }
}

export function connectionsWords({ traffic: { openConnections, connections } }: TunnelView): string {
  return `${openConnections.toLocaleString('en')} open, ${connections.toLocaleString('en')} in all`
}
