import type { Deployment } from '#ipc/deployments'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ServerIcon } from '../../ui/icons.tsx'

/** Whether a page may still get its first answer soon. */
export function isAway({ state }: Deployment): boolean {
  return state.kind !== 'connected' && state.kind !== 'connecting'
}

/** In place of a page that has nothing to show until its deployment is back; the banner above has the way out. */
export function DeploymentAway({ deployment }: { readonly deployment: Deployment }) {
  return (
    <EmptyState icon={<ServerIcon />} tone="warn" title={`Nothing known from ${deployment.name} yet`}>
      {words(deployment)}
    </EmptyState>
  )
}

function words({ state }: Deployment): string {
  switch (state.kind) {
    case 'signed_out':
      return 'Sign in again, then this page fills by itself.'
    case 'locked':
      return 'The token lies in the locked keychain. Unlock it, then this page fills by itself.'
    case 'failed':
      return 'It does not start. Once it does, this page fills by itself.'
    case 'unreachable':
    case 'connecting':
    case 'connected':
      return 'Once it can be reached again, this page fills by itself.'
  }
}
