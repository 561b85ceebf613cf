import type { Clock } from '#bridge/lib/clock'
import type { DeploymentState } from '#ipc/deployments'
import type { LatencySample } from '#ipc/diagnostics'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'

/** How long back, and how many at most: one every few seconds. */
const keptMs = 10 * 60_000
const maxSamples = 200

type Samples = ReadonlyMap<string, readonly LatencySample[]>

export interface LatencyHistory {
  /** By deployment, oldest first. */
  readonly value: LiveValue<Samples>
  /** A deployment's state as it is now; the same object again is no new measurement. */
  note(deploymentId: string, state: DeploymentState): void
  forget(deploymentId: string): void
}

/** What was measured of each deployment in the last minutes. */
export function createLatencyHistory(clock: Clock): LatencyHistory {
  const value = createLiveValue<Samples>(new Map())
  const last = new Map<string, DeploymentState>()
  return {
    value,
    note(deploymentId, state) {
      if (last.get(deploymentId) === state) return
      last.set(deploymentId, state)
      if (state.kind !== 'connected' || state.latencyMs === null) return
      const now = clock.now()
      const kept = (value.get().get(deploymentId) ?? []).filter(({ at }) => now - at <= keptMs)
      const samples = [...kept, { at: now, latencyMs: state.latencyMs }].slice(-maxSamples)
      value.set(new Map(value.get()).set(deploymentId, samples))
    },
    forget(deploymentId) {
      last.delete(deploymentId)
      const rest = new Map(value.get())
      if (rest.delete(deploymentId)) value.set(rest)
    },
  }
}
