/** What is told of a tunnel: counted as it happens, said at most once a second. */
import type { TunnelConnection, TunnelEnd, TunnelState } from '../../contract/tunnels.ts'
import type { Clock } from '../../lib/clock.ts'
import type { JoinCounts } from '../../lib/join-channel.ts'

const reportMs = 1000

export interface TunnelReport {
  /** Bytes of all its connections. */
  readonly counts: JoinCounts
  opened(): void
  closed(): void
  /** A connection came to nothing. */
  problem(message: string): void
  /** What it is by now; said at once where it changed. */
  become(connection: TunnelConnection, listening: TunnelEnd | null): void
  close(): void
}

export function createTunnelReport(deps: {
  readonly tunnelId: string
  readonly clock: Clock
  readonly onState: (state: TunnelState) => void
}): TunnelReport {
  const { clock, tunnelId } = deps
  const traffic = { openConnections: 0, connections: 0, bytesUp: 0, bytesDown: 0, errors: 0 }
  let connection: TunnelConnection = { kind: 'connecting' }
  let listening: TunnelEnd | null = null
  let lastError: TunnelState['lastError'] = null
  let cancelPause: (() => void) | undefined
  let isDue = false
  let isClosed = false

  const report = (): void => {
    if (isClosed) return
    if (cancelPause !== undefined) {
      isDue = true
      return
    }
    deps.onState({
      type: 'tunnel-state',
      tunnelId,
      connection,
      listening,
      traffic: { ...traffic },
      lastError,
    })
    cancelPause = clock.after(reportMs, () => {
      cancelPause = undefined
      if (!isDue) return
      isDue = false
      report()
    })
  }

  return {
    counts: {
      up(bytes) {
        traffic.bytesUp += bytes
        report()
      },
      down(bytes) {
        traffic.bytesDown += bytes
        report()
      },
    },
    opened() {
      traffic.openConnections += 1
      traffic.connections += 1
      report()
    },
    closed() {
      traffic.openConnections -= 1
      report()
    },
    problem(message) {
      traffic.errors += 1
      lastError = { message, at: clock.now() }
      report()
    },
    become(next, end) {
      connection = next
      listening = end
      report()
    },
    close() {
      isClosed = true
      cancelPause?.()
    },
  }
}
