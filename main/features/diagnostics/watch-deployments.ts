/** The app's own connections to deployments, told to the timeline and to the history of latencies. */
import { connectionText, type ConnectionLog, type ConnectionState } from '#bridge/contract/connection-events'
import type { Clock } from '#bridge/lib/clock'
import type { Deployment, DeploymentState } from '#ipc/deployments'
import type { LiveValue } from '../../lib/live-value.ts'
import type { LatencyHistory } from './latency-history.ts'

export interface WatchDeploymentsDeps {
  readonly view: LiveValue<{ readonly deployments: readonly Deployment[] }>
  readonly log: ConnectionLog & { forget(deploymentId: string): void }
  readonly latency: LatencyHistory
  /** A deployment left the app. */
  readonly onGone: (deploymentId: string) => void
  readonly clock: Clock
}

/** Watches until the returned function is called. */
export function watchDeployments({ view, log, latency, onGone, clock }: WatchDeploymentsDeps): () => void {
  const known = new Map<string, string>()
  const look = (): void => {
    const { deployments } = view.get()
    for (const { id, state } of deployments) {
      latency.note(id, state)
      const next = connectionState(state)
      const text = JSON.stringify(next)
      if (known.get(id) === text) continue
      known.set(id, text)
      log.report({
        what: 'deployment',
        connectionId: id,
        deploymentId: id,
        workspaceId: null,
        agentId: null,
        name: '',
        at: clock.now(),
        state: next,
      })
    }
    for (const id of [...known.keys()].filter((one) => !deployments.some((entry) => entry.id === one))) {
      known.delete(id)
      log.forget(id)
      latency.forget(id)
      onGone(id)
    }
  }
  look()
  return view.onChange(look)
}

function connectionState(state: DeploymentState): ConnectionState {
  switch (state.kind) {
    case 'connecting':
      return { kind: 'connecting' }
    case 'connected':
      return { kind: 'open' }
    case 'unreachable':
      return { kind: 'waiting', reason: connectionText(state.reason), retryAt: state.retryAt }
    case 'signed_out':
      return { kind: 'failed', code: 'unauthorized', reason: connectionText(state.reason) }
    case 'locked':
      return { kind: 'waiting', reason: 'Opens when the keychain is unlocked.', retryAt: null }
    case 'failed':
      return { kind: 'failed', code: 'refused', reason: connectionText(state.reason) }
  }
}
