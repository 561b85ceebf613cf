import { useState, type SyntheticEvent } from 'react'
import type { Deployment } from '#ipc/deployments'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignInFailure } from './sign-in-failure.tsx'
import { tokenProblem } from './sign-in-words.ts'
import { TokenField } from './token-field.tsx'

export interface SignInDialogProps {
  /** Whom to sign in to; closed without one. */
  readonly deployment: Deployment | undefined
  readonly onClose: () => void
}

/** Signs in again with a new token. Workspaces, terminals and settings stay as they are. */
export function SignInDialog({ deployment, onClose }: SignInDialogProps) {
  const [token, setToken] = useState('')
  const close = (): void => {
    setToken('')
    onClose()
  }
  return (
    <Dialog
      open={deployment !== undefined}
      onOpenChange={(open) => {
        if (!open) close()
      }}
      dirty={token !== ''}
      size="sm"
      title={deployment ? `Sign in to ${deployment.name}` : 'Sign in'}
      description="Everything else stays: open terminals connect again by themselves."
    >
      {deployment ? (
        <SignInForm deployment={deployment} token={token} onToken={setToken} onClose={close} />
      ) : null}
    </Dialog>
  )
}

interface SignInFormProps {
  readonly deployment: Deployment
  readonly token: string
  readonly onToken: (token: string) => void
  readonly onClose: () => void
}

function SignInForm({ deployment, token, onToken, onClose }: SignInFormProps) {
  const signIn = useChange('deployments.signIn')
  const [missing, setMissing] = useState(false)
  const problem = signIn.error ? tokenProblem(signIn.error) : undefined
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    setMissing(token.trim() === '')
    if (token.trim() === '') return
    signIn.mutate({ deploymentId: deployment.id, token }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label={`Sign in to ${deployment.name}`}>
      {deployment.state.kind === 'signed_out' ? <Notice tone="info">{deployment.state.reason}</Notice> : null}
      <TokenField
        autoFocus
        url={deployment.url}
        value={token}
        onChange={(value) => {
          setMissing(false)
          if (signIn.isError) signIn.reset()
          onToken(value)
        }}
        error={missing ? 'Paste the token that the token page shows.' : problem?.field}
      />
      {problem?.form ? <SignInFailure error={signIn.error} text={problem.form} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={signIn.isPending}>
          Sign in
        </Button>
      </div>
    </form>
  )
}
