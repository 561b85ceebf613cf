import { useState, type SyntheticEvent } from 'react'
import type { NetworkInput } from '#ipc/network-input'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { toast } from '../../ui/toast-store.ts'
import { useWindowActions } from '../window/index.ts'
import { hasProblem, inputOf, isPlain, plainDraft } from './network-draft.ts'
import { NetworkFields } from './network-fields.tsx'
import { ProbeResult } from './probe-result.tsx'
import { SignInFailure } from './sign-in-failure.tsx'
import { hostOf, probeProblem, tokenProblem } from './sign-in-words.ts'
import { TokenField } from './token-field.tsx'
import { useProbe } from './use-probe.ts'

export interface AddDeploymentSheetProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Adds a Coder deployment by address and token. */
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
  const [token, setToken] = useState('')
  const [name, setName] = useState('')
  const [tokenMissing, setTokenMissing] = useState(false)
  const [draft, setDraft] = useState(plainDraft)
  /** What is looked with: commands are asked about and run, so not at every letter. */
  const [network, setNetwork] = useState<NetworkInput | undefined>(undefined)
  const probe = useProbe(url, network)
  const add = useChange('deployments.add')

  const change = (set: (value: string) => void, value: string): void => {
    set(value)
    onDirty(true)
    if (add.isError) add.reset()
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    probe.now()
    const wanted = isPlain(draft) ? undefined : inputOf(draft)
    setNetwork(wanted)
    const isMissing = token.trim() === '' && draft.cert.choice.kind === 'none'
    setTokenMissing(isMissing)
    if (!probe.found || isMissing || hasProblem(draft)) return
    add.mutate(
      {
        url: probe.found.url,
        token,
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
  const addProblem = add.error ? tokenProblem(add.error, token.trim() !== '') : undefined
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
      <TokenField
        url={probe.found?.url}
        value={token}
        onChange={(value) => {
          setTokenMissing(false)
          change(setToken, value)
        }}
        error={tokenMissing ? 'Paste the token that the token page shows.' : addProblem?.field}
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
              onDirty(true)
              if (add.isError) add.reset()
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
      {addProblem?.form ? <SignInFailure error={add.error} text={addProblem.form} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={add.isPending || probe.isLooking}>
          Add deployment
        </Button>
      </div>
    </form>
  )
}
