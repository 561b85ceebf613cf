import { useState, type SyntheticEvent } from 'react'
import type { NetworkInput } from '#ipc/network-input'
import { useCancellableChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { toast } from '../../ui/toast-store.ts'
import { useWindowActions } from '../window/index.ts'
import { tokenOnly } from './credential-draft.ts'
import { CredentialFields } from './credential-fields.tsx'
import { hasProblem, inputOf, isPlain, plainDraft } from './network-draft.ts'
import { NetworkFields } from './network-fields.tsx'
import { ProbeResult } from './probe-result.tsx'
import { SignInOutcome } from './sign-in-outcome.tsx'
import { hostOf, probeProblem } from './sign-in-words.ts'
import { useCredential } from './use-credential.ts'
import { useProbe } from './use-probe.ts'

export interface AddDeploymentSheetProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Adds a Coder deployment by its address, signed in to in one of the ways it has. */
export function AddDeploymentSheet({ open, onOpenChange }: AddDeploymentSheetProps) {
  const [dirty, setDirty] = useState(false)
  return (
    <SideSheet
      open={open}
      onOpenChange={onOpenChange}
      dirty={dirty}
      title="Add a deployment"
      description="A Coder server you can sign in to. It stays beside the ones you have."
    >
      <AddDeploymentForm onDirty={setDirty} onClose={() => onOpenChange(false)} />
    </SideSheet>
  )
}

interface FormProps {
  readonly onDirty: (dirty: boolean) => void
  readonly onClose: () => void
}

function AddDeploymentForm({ onDirty, onClose }: FormProps) {
  const actions = useWindowActions()
  const [url, setUrl] = useState('')
  const [name, setName] = useState('')
  const [draft, setDraft] = useState(plainDraft)
  /** What is looked with: commands are asked about and run, so not at every letter. */
  const [network, setNetwork] = useState<NetworkInput | undefined>(undefined)
  const probe = useProbe(url, network)
  const add = useCancellableChange('deployments.add')
  const methods = probe.found?.methods ?? tokenOnly
  const credential = useCredential(methods, add.error, draft.cert.choice.kind !== 'none')

  const touched = (): void => {
    onDirty(true)
    if (add.isError) add.reset()
  }
  const change = (set: (value: string) => void, value: string): void => {
    set(value)
    touched()
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    probe.now()
    const wanted = isPlain(draft) ? undefined : inputOf(draft)
    setNetwork(wanted)
    const given = credential.ask()
    if (!probe.found || given === undefined || hasProblem(draft) || add.isPending) return
    add.mutate(
      {
        url: probe.found.url,
        credential: given,
        name: name.trim(),
        ...(wanted === undefined ? {} : { network: wanted }),
      },
      {
        onSuccess: (deployment) => {
          toast({ title: `${deployment.name} is added`, tone: 'ok' })
          onDirty(false)
          onClose()
          actions.goToWorkspaces()
        },
      },
    )
  }
  const pending = add.isPending ? add.variables : undefined
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" aria-label="Add a deployment">
      <div>
        <Field
          label="Address"
          help="As in the browser, such as https://coder.example.com"
          error={probe.error ? probeProblem(probe.error) : undefined}
        >
          <Input
            autoFocus
            mono
            value={url}
            spellCheck={false}
            autoComplete="off"
            placeholder="https://"
            onChange={(event) => change(setUrl, event.target.value)}
            onBlur={probe.now}
          />
        </Field>
        <ProbeResult probe={probe} />
      </div>
      <CredentialFields
        url={probe.found?.url}
        methods={methods}
        draft={credential.draft}
        onChange={(next) => {
          credential.edit(next)
          touched()
        }}
        problems={credential.problems}
        busy={pending?.credential.kind === 'browser'}
      />
      <Field label="Name" optional help="Shown in the switcher; the host when left empty.">
        <Input
          value={name}
          maxLength={64}
          placeholder={probe.found ? hostOf(probe.found.url) : ''}
          onChange={(event) => change(setName, event.target.value)}
        />
      </Field>
      <Disclosure label="Advanced: proxy, certificates, headers">
        <div className="@container flex flex-col gap-4">
          <NetworkFields
            draft={draft}
            onChange={(next) => {
              setDraft(next)
              touched()
            }}
          />
          <div>
            <Button
              loading={probe.isLooking}
              disabled={hasProblem(draft)}
              onClick={() => {
                setNetwork(isPlain(draft) ? undefined : inputOf(draft))
                probe.now()
              }}
            >
              Look with these settings
            </Button>
          </div>
        </div>
      </Disclosure>
      <SignInOutcome
        url={pending?.url ?? ''}
        error={add.error}
        failure={credential.failure}
        pending={pending?.credential}
        onCancel={add.cancel}
      />
      {pending?.credential.kind === 'browser' ? null : (
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={add.isPending || probe.isLooking}>
            {credential.method === 'browser' ? 'Sign in and add' : 'Add deployment'}
          </Button>
        </div>
      )}
    </form>
  )
}
