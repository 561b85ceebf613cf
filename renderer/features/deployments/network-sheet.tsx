import { useEffect, useState, type SyntheticEvent } from 'react'
import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../api/error-words.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { useApi } from '../../api/api-context.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { draftOf, hasProblem, inputOf, systemAnswerWords, type NetworkDraft } from './network-draft.ts'
import { NetworkFields } from './network-fields.tsx'
import { SignInFailure } from './sign-in-failure.tsx'

export interface NetworkSheetProps {
  /** Whose network; closed without one. */
  readonly deployment: Deployment | undefined
  readonly onClose: () => void
}

/** How one deployment is reached. Saving connects anew; nothing has to be started again. */
export function NetworkSheet({ deployment, onClose }: NetworkSheetProps) {
  const [dirty, setDirty] = useState(false)
  const close = (): void => {
    setDirty(false)
    onClose()
  }
  return (
    <SideSheet
      open={deployment !== undefined}
      onOpenChange={(open) => {
        if (!open) close()
      }}
      dirty={dirty}
      title={deployment ? `Network of ${deployment.name}` : 'Network'}
      description="How this deployment is reached. Changes hold at once, for open terminals as well."
    >
      {deployment ? (
        <LoadedForm key={deployment.id} deployment={deployment} onDirty={setDirty} onClose={close} />
      ) : null}
    </SideSheet>
  )
}

interface FormProps {
  readonly deployment: Deployment
  readonly onDirty: (dirty: boolean) => void
  readonly onClose: () => void
}

function LoadedForm(props: FormProps) {
  const { deployment } = props
  const { queryClient } = useApi()
  const view = useRead('deploymentNetwork.read', { deploymentId: deployment.id })
  // What was read once says nothing the next time.
  useEffect(() => () => queryClient.removeQueries({ queryKey: ['deploymentNetwork.read'] }), [queryClient])
  // Read again in the background, it must not take the place of what is typed.
  if (view.data) {
    const { systemAnswer } = view.data
    return <NetworkForm {...props} saved={draftOf(view.data)} systemWords={systemAnswerWords(systemAnswer)} />
  }
  if (view.error === null) return <SkeletonRows label="Reading the network settings" />
  return (
    <ErrorState
      title="The network settings cannot be read"
      actions={<Button onClick={() => void view.refetch()}>Try again</Button>}
    >
      {errorWords(view.error).message}
    </ErrorState>
  )
}

function NetworkForm({
  deployment,
  onDirty,
  onClose,
  saved,
  systemWords,
}: FormProps & { readonly saved: NetworkDraft; readonly systemWords: string }) {
  const [draft, setDraft] = useState(saved)
  const save = useChange('deploymentNetwork.set')
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (hasProblem(draft)) return
    save.mutate(
      { deploymentId: deployment.id, network: inputOf(draft) },
      {
        onSuccess: () => {
          toast({ title: `${deployment.name} is reached this way now`, tone: 'ok' })
          onClose()
        },
      },
    )
  }
  return (
    <form
      onSubmit={submit}
      className="@container flex flex-col gap-6"
      aria-label={`Network of ${deployment.name}`}
    >
      <NetworkFields
        draft={draft}
        systemWords={systemWords}
        onChange={(next) => {
          setDraft(next)
          onDirty(true)
          if (save.isError) save.reset()
        }}
      />
      {save.error ? <SignInFailure error={save.error} text={errorWords(save.error).message} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}
