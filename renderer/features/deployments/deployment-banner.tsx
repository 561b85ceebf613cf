import type { Deployment } from '#ipc/deployments'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorDetails } from '../../ui/error-state.tsx'
import { PlugIcon, UserIcon, WifiOffIcon } from '../../ui/icons.tsx'
import { Banner } from '../../ui/notice.tsx'
import { Countdown } from '../../ui/time.tsx'
import { useWindowActions } from '../window/index.ts'

/** What keeps the shown deployment from working, with the way out. Nothing while all is well. */
export function DeploymentBanner({ deployment }: { readonly deployment: Deployment }) {
  const actions = useWindowActions()
  const { state, name } = deployment
  switch (state.kind) {
    case 'unreachable':
      return (
        <Banner
          tone="warn"
          icon={<WifiOffIcon />}
          title={`${name} cannot be reached`}
          actions={
            <>
              {deployment.kind === 'remote' ? (
                <Button onClick={() => actions.askNetwork(deployment.id)}>Network settings</Button>
              ) : null}
              <RetryButton deploymentId={deployment.id} label="Retry now" />
            </>
          }
        >
          {state.reason}{' '}
          {state.retryAt === null ? (
            'It is not tried again by itself.'
          ) : (
            <>
              Next try in <Countdown to={state.retryAt} over="a moment" />. What you see may be old.
            </>
          )}
        </Banner>
      )
    case 'signed_out':
      return (
        <Banner
          tone="warn"
          icon={<UserIcon />}
          title={`You are signed out of ${name}`}
          actions={
            <Button variant="primary" onClick={() => actions.askSignIn(deployment.id)}>
              Sign in again
            </Button>
          }
        >
          {state.reason}
        </Banner>
      )
    case 'failed':
      return (
        <Banner
          tone="bad"
          icon={<PlugIcon />}
          title={`${name} does not start`}
          actions={<RetryButton deploymentId={deployment.id} label="Start again" />}
        >
          {state.reason}
          {state.detail === '' ? null : <ErrorDetails details={state.detail} />}
        </Banner>
      )
    case 'connected':
      return deployment.tooOld === null ? null : (
        <Banner tone="warn" title={`${name} is older than Outpost supports`}>
          {deployment.tooOld}
        </Banner>
      )
    case 'connecting':
    // The keychain's own banner says it once for all deployments.
    case 'locked':
      return null
  }
}

function RetryButton({ deploymentId, label }: { readonly deploymentId: string; readonly label: string }) {
  const retry = useChange('deployments.retry')
  return (
    <Button loading={retry.isPending} onClick={() => retry.mutate({ deploymentId })}>
      {label}
    </Button>
  )
}
