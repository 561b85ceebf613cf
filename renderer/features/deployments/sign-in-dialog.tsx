import { useState, type SyntheticEvent } from 'react'
import type { Deployment } from '#ipc/deployments'
import { useCancellableChange, useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { isTyped, tokenOnly } from './credential-draft.ts'
import { CredentialFields } from './credential-fields.tsx'
import { SignInOutcome } from './sign-in-outcome.tsx'
import { useCredential } from './use-credential.ts'

export interface SignInDialogProps {
  /** Whom to sign in to; closed without one. */
  readonly deployment: Deployment | undefined
  readonly onClose: () => void
}

/** Signs in again in one of the ways the deployment has. Workspaces, terminals and settings stay as they are. */
export function SignInDialog({ deployment, onClose }: SignInDialogProps) {
  const [dirty, setDirty] = useState(false)
  const close = (): void => {
    setDirty(false)
    onClose()
  }
  return (
    <Dialog
      open={deployment !== undefined}
      onOpenChange={(open) => {
        if (!open) close()
      }}
      dirty={dirty}
      size="sm"
      title={deployment ? `Sign in to ${deployment.name}` : 'Sign in'}
      description="Everything else stays: open terminals connect again by themselves."
    >
      {deployment ? <SignInForm deployment={deployment} onDirty={setDirty} onClose={close} /> : null}
    </Dialog>
  )
}

interface SignInFormProps {
  readonly deployment: Deployment
  readonly onDirty: (dirty: boolean) => void
  readonly onClose: () => void
}

function SignInForm({ deployment, onDirty, onClose }: SignInFormProps) {
  const signIn = useCancellableChange('deployments.signIn')
  const offered = useRead('deployments.signInMethods', { deploymentId: deployment.id })
  // A deployment that does not tell takes a token at least.
  const methods = offered.data ?? tokenOnly
  const credential = useCredential(methods, signIn.error)
  const pending = signIn.isPending ? signIn.variables.credential : undefined
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    const given = credential.ask()
    if (given === undefined || signIn.isPending || offered.isLoading) return
    signIn.mutate({ deploymentId: deployment.id, credential: given }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label={`Sign in to ${deployment.name}`}>
      {deployment.state.kind === 'signed_out' ? <Notice tone="info">{deployment.state.reason}</Notice> : null}
      {offered.isLoading ? (
        <p role="status" className="flex items-center gap-1.5 text-sm text-fg-3">
          <Spinner /> Looking at how one signs in there
        </p>
      ) : (
        <CredentialFields
          autoFocus
          url={deployment.url}
          methods={methods}
          draft={credential.draft}
          onChange={(next) => {
            if (signIn.isError) signIn.reset()
            credential.edit(next)
            onDirty(isTyped(next))
          }}
          problems={credential.problems}
          busy={pending?.kind === 'browser'}
        />
      )}
      <SignInOutcome
        url={deployment.url}
        error={signIn.error}
        failure={credential.failure}
        pending={pending}
        onCancel={signIn.cancel}
      />
      {pending?.kind === 'browser' ? null : (
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={signIn.isPending} disabled={offered.isLoading}>
            Sign in
          </Button>
        </div>
      )}
    </form>
  )
}
