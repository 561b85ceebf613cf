import { useState, type SyntheticEvent } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { toast } from '../../ui/toast-store.ts'
import { agentsOf } from '../workspaces/index.ts'
import { HttpsFields } from './https-fields.tsx'
import { isOpenToNetwork, parseEnd, type TunnelView } from './tunnel-end.ts'
import { emptyForm, formOf, readForm, type FormProblems, type TunnelForm } from './tunnel-form.ts'
import { useTunnels } from './use-tunnels.ts'

export interface TunnelSheetProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly deploymentId: string
  /** To choose from; one alone is chosen already. */
  readonly workspaces: readonly Workspace[]
  /** The one to edit. */
  readonly edited?: TunnelView | undefined
}

/** Adds a tunnel, or changes one. */
export function TunnelSheet({ open, onOpenChange, ...props }: TunnelSheetProps) {
  const [dirty, setDirty] = useState(false)
  return (
    <SideSheet
      open={open}
      onOpenChange={onOpenChange}
      dirty={dirty}
      title={props.edited ? `Edit ${props.edited.title}` : 'Add a tunnel'}
      description="It opens with Outpost and keeps its port through sleep, reconnects and restarts."
    >
      <TunnelFormFields
        key={props.edited?.id ?? 'new'}
        {...props}
        onDirty={setDirty}
        onClose={() => {
          setDirty(false)
          onOpenChange(false)
        }}
      />
    </SideSheet>
  )
}

interface FormProps extends Omit<TunnelSheetProps, 'open' | 'onOpenChange'> {
  readonly onDirty: (dirty: boolean) => void
  readonly onClose: () => void
}

const kinds = [
  { value: 'local', label: 'Local' },
  { value: 'remote', label: 'Remote' },
  { value: 'dynamic', label: 'SOCKS proxy' },
] as const

const kindHelp: Record<TunnelForm['kind'], string> = {
  local: 'Reach a port of the workspace from this computer.',
  remote: 'Let the workspace reach a port of this computer.',
  dynamic: 'Reach whatever the workspace can reach, by SOCKS5. Names are resolved there.',
}

/** What was left, and so may be told to be wrong. */
type Touched = Readonly<Partial<Record<keyof FormProblems, boolean>>>

function TunnelFormFields({ deploymentId, workspaces, edited, onDirty, onClose }: FormProps) {
  const { data } = useTunnels()
  const [form, setForm] = useState<TunnelForm>(() => firstForm(workspaces, edited))
  const [touched, setTouched] = useState<Touched>({})
  const save = useSaveTunnel()
  const hasAuthority = data?.hasAuthority ?? false
  const others = (data?.tunnels ?? []).filter(({ id }) => id !== edited?.id)
  const { problems, draft } = readForm(form, { others, edited, hasAuthority })
  const change = (next: Partial<TunnelForm>): void => {
    setForm((current) => ({ ...current, ...next }))
    onDirty(true)
    save.reset()
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    setTouched({ workspaceId: true, there: true, here: true, consent: true })
    const workspaceName = edited?.workspaceName ?? workspaces.find(({ id }) => id === form.workspaceId)?.name
    if (!draft || form.workspaceId === null || workspaceName === undefined) return
    const place = { deploymentId, workspaceId: form.workspaceId, workspaceName }
    void save.run({ place, draft, edited, needsAuthority: draft.https && !hasAuthority }).then((isSaved) => {
      if (isSaved) onClose()
    })
  }
  const told = (field: keyof FormProblems): string | undefined =>
    touched[field] ? problems[field] : undefined
  const touch = (field: keyof FormProblems) => () => setTouched((before) => ({ ...before, [field]: true }))
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-5"
      aria-label={edited ? 'Edit the tunnel' : 'Add a tunnel'}
    >
      {edited ? null : (
        <WorkspaceFields
          form={form}
          workspaces={workspaces}
          problem={told('workspaceId')}
          onChange={change}
        />
      )}
      <div>
        <span className="mb-1.5 block font-medium" aria-hidden="true">
          Kind
        </span>
        <Segmented
          aria-label="Kind"
          options={kinds}
          value={form.kind}
          onChange={(kind) => change({ kind })}
        />
        <p className="mt-1.5 text-sm text-fg-3">{kindHelp[form.kind]}</p>
      </div>
      <EndFields form={form} onChange={change} told={told} touch={touch} />
      <Field label="Name" optional help="Shown here and in the tray; the port when left empty.">
        <Input value={form.name} maxLength={80} onChange={(event) => change({ name: event.target.value })} />
      </Field>
      {form.kind === 'local' ? (
        <HttpsFields form={form} onChange={change} hasAuthority={hasAuthority} problem={told('consent')} />
      ) : null}
      {save.error ? <Notice tone="bad">{errorWords(save.error).message}</Notice> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={save.isPending}>
          {edited ? 'Save' : 'Add tunnel'}
        </Button>
      </div>
    </form>
  )
}

interface FieldsProps {
  readonly form: TunnelForm
  readonly onChange: (change: Partial<TunnelForm>) => void
}

function WorkspaceFields({
  form,
  workspaces,
  problem,
  onChange,
}: FieldsProps & { readonly workspaces: readonly Workspace[]; readonly problem: string | undefined }) {
  const chosen = workspaces.find(({ id }) => id === form.workspaceId)
  const agents = chosen ? agentsOf(chosen.latest_build) : []
  return (
    <>
      <Field label="Workspace" error={problem}>
        <Select
          options={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
          value={form.workspaceId}
          onChange={(workspaceId) => onChange({ workspaceId, agentName: null })}
        />
      </Field>
      {agents.length > 1 ? (
        <Field label="Agent">
          <Select
            options={agents.map(({ name }) => ({ value: name, label: name }))}
            value={form.agentName ?? agents[0]?.name ?? null}
            onChange={(agentName) => onChange({ agentName })}
          />
        </Field>
      ) : null}
    </>
  )
}

interface EndFieldsProps extends FieldsProps {
  readonly told: (field: keyof FormProblems) => string | undefined
  readonly touch: (field: keyof FormProblems) => () => void
}

/** Where it begins and where it ends, in the order of the way. */
function EndFields({ form, onChange, told, touch }: EndFieldsProps) {
  const { kind } = form
  const here = parseEnd(form.here)
  const isOpen = kind !== 'remote' && here.kind === 'end' && isOpenToNetwork(here.end)
  return (
    <>
      {kind === 'dynamic' ? null : (
        <Field
          label="In the workspace"
          help={
            kind === 'remote'
              ? 'The port to listen on there, or the whole path of a socket file.'
              : 'A port, a host with a port that the workspace reaches, or the whole path of a socket file.'
          }
          error={told('there')}
        >
          <EndInput
            value={form.there}
            placeholder="3000"
            onChange={(there) => onChange({ there })}
            onBlur={touch('there')}
          />
        </Field>
      )}
      <Field
        label="On this computer"
        optional={kind !== 'remote'}
        help={
          kind === 'remote'
            ? 'The port that the workspace shall reach, a host with a port, or the whole path of a socket file.'
            : 'Left empty, a free port is chosen now and kept from then on.'
        }
        error={told('here')}
      >
        <EndInput
          value={form.here}
          placeholder={kind === 'dynamic' ? '1080' : kind === 'remote' ? '5432' : 'Any free port'}
          onChange={(value) => onChange({ here: value })}
          onBlur={touch('here')}
        />
      </Field>
      {isOpen ? (
        <Notice tone="warn" title="Others on your network can use this tunnel">
          Whoever reaches this computer reaches the workspace through it, without a password. Enter the port
          alone to keep it to yourself.
        </Notice>
      ) : null}
    </>
  )
}

function EndInput({
  value,
  placeholder,
  onChange,
  onBlur,
}: {
  readonly value: string
  readonly placeholder: string
  readonly onChange: (value: string) => void
  readonly onBlur: () => void
}) {
  return (
    <Input
      mono
      value={value}
      placeholder={placeholder}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      onBlur={onBlur}
    />
  )
}

function firstForm(workspaces: readonly Workspace[], edited: TunnelView | undefined): TunnelForm {
  if (edited) return formOf(edited)
  const [only] = workspaces
  return { ...emptyForm, workspaceId: workspaces.length === 1 && only ? only.id : null }
}

interface Saving {
  readonly place: {
    readonly deploymentId: string
    readonly workspaceId: string
    readonly workspaceName: string
  }
  readonly draft: NonNullable<ReturnType<typeof readForm>['draft']>
  readonly edited: TunnelView | undefined
  readonly needsAuthority: boolean
}

/** Saves, after the authority where one is needed. Answers whether it is saved; what kept it is in `error`. */
function useSaveTunnel() {
  const create = useChange('tunnels.create')
  const update = useChange('tunnels.update')
  const authority = useChange('tunnels.makeAuthority')
  return {
    error: authority.error ?? create.error ?? update.error,
    isPending: authority.isPending || create.isPending || update.isPending,
    reset() {
      for (const one of [authority, create, update]) if (one.isError) one.reset()
    },
    async run({ place, draft, edited, needsAuthority }: Saving): Promise<boolean> {
      try {
        if (needsAuthority) await authority.mutateAsync({})
        if (edited) await update.mutateAsync({ id: edited.id, draft })
        else await create.mutateAsync({ ...place, enabled: true, draft })
      } catch {
        // It is in `error`, beside the form.
        return false
      }
      toast({ tone: 'ok', title: edited ? 'The tunnel is saved' : 'The tunnel is added' })
      return true
    },
  }
}
