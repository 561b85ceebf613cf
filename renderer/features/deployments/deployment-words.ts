import type { Deployment, DeploymentState } from '#ipc/deployments'
import type { Status } from '../../ui/status-mark.tsx'

/** A deployment's state as shape and words, for the switcher and the list. */
export function deploymentState(state: DeploymentState): { readonly status: Status; readonly label: string } {
  switch (state.kind) {
    case 'connecting':
      return { status: 'starting', label: 'Connecting' }
    case 'connected':
      return { status: 'running', label: 'Connected' }
    case 'unreachable':
      return { status: 'unhealthy', label: 'Unreachable' }
    case 'signed_out':
      return { status: 'waiting', label: 'Signed out' }
    case 'locked':
      return { status: 'pending', label: 'Keychain locked' }
    case 'failed':
      return { status: 'failed', label: 'Does not start' }
  }
}

/** The connection slot of the title bar: short, with the number where there is one. */
export function connectionWords(deployment: Deployment): string {
  const { state } = deployment
  if (state.kind !== 'connected') return deploymentState(state).label
  if (deployment.kind === 'local') return 'On this machine'
  return state.latencyMs === null ? 'Connected' : `${Math.round(state.latencyMs)} ms`
}
