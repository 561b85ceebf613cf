/** What a person types of a tunnel, and what it makes. */
import {
  formatEnd,
  loopback,
  parseEnd,
  type ParsedEnd,
  type TunnelDraft,
  type TunnelEnd,
  type TunnelView,
} from './tunnel-end.ts'

export interface TunnelForm {
  readonly workspaceId: string | null
  readonly agentName: string | null
  readonly kind: TunnelDraft['kind']
  /** In the workspace. */
  readonly there: string
  /** On this computer; empty for any free port. */
  readonly here: string
  readonly name: string
  readonly https: boolean
  /** To an authority for HTTPS. */
  readonly consent: boolean
}

export type FormProblems = Partial<Record<'workspaceId' | 'there' | 'here' | 'consent', string>>

export const emptyForm: TunnelForm = {
  workspaceId: null,
  agentName: null,
  kind: 'local',
  there: '',
  here: '',
  name: '',
  https: false,
  consent: false,
}

export function formOf({ workspaceId, draft }: TunnelView): TunnelForm {
  const { kind, listen, target, agentName, name, https } = draft
  const isRemote = kind === 'remote'
  const [there, here] = isRemote ? [listen, target] : [target, listen]
  const isAny = here?.kind === 'tcp' && here.port === 0
  return {
    workspaceId,
    agentName,
    kind,
    there: there === null ? '' : formatEnd(there),
    here: here === null || isAny ? '' : formatEnd(here),
    name,
    https,
    consent: true,
  }
}

export interface FormContext {
  /** All tunnels but the one that is edited. */
  readonly others: readonly TunnelView[]
  /** The one that is edited: its free choice of a port stays one. */
  readonly edited?: TunnelView | undefined
  readonly hasAuthority: boolean
}

export interface ReadForm {
  readonly problems: FormProblems
  /** Absent while something is wrong. */
  readonly draft?: TunnelDraft
}

/** Checks everything at once, so that each field can say what is wrong with it. */
export function readForm(form: TunnelForm, { others, edited, hasAuthority }: FormContext): ReadForm {
  const problems: Record<string, string> = {}
  const { kind } = form
  if (form.workspaceId === null) problems['workspaceId'] = 'Choose the workspace.'
  const there = kind === 'dynamic' ? null : endOf(parseEnd(form.there), 'there', problems)
  const parsedHere = parseEnd(form.here)
  const mayChoose = kind !== 'remote' && parsedHere.kind === 'empty'
  const here = mayChoose
    ? ({ kind: 'tcp', host: loopback, port: 0 } as const)
    : endOf(parsedHere, 'here', problems)
  if (kind === 'dynamic' && here?.kind === 'socket') problems['here'] = 'A SOCKS proxy needs a port.'
  const listen = kind === 'remote' ? there : here
  const other = listen && others.find((one) => listensOn(one, { ...form, listen }))
  if (other && !mayChoose)
    problems[kind === 'remote' ? 'there' : 'here'] =
      `The tunnel “${other.title}” of ${other.workspaceName} listens there already. Choose another one.`
  const isWeb = form.https && kind === 'local' && here?.kind === 'tcp'
  if (isWeb && !hasAuthority && !form.consent)
    problems['consent'] = 'Agree to make the authority, or switch HTTPS off.'
  if (Object.keys(problems).length > 0 || !listen) return { problems }
  const keepsChoice = edited?.draft.anyPort === true && formOf(edited).here === form.here
  return {
    problems,
    draft: {
      name: form.name.trim(),
      kind,
      agentName: form.agentName,
      listen,
      anyPort: mayChoose || (keepsChoice && kind !== 'remote' && listen.kind === 'tcp'),
      target: kind === 'dynamic' ? null : kind === 'remote' ? here : there,
      https: isWeb,
    },
  }
}

function endOf(
  parsed: ParsedEnd,
  field: 'there' | 'here',
  problems: Record<string, string>,
): TunnelEnd | null {
  if (parsed.kind === 'end') return parsed.end
  problems[field] = parsed.kind === 'wrong' ? parsed.problem : 'Enter a port, such as 3000.'
  return null
}

function listensOn(
  { workspaceId, draft }: TunnelView,
  wanted: Pick<TunnelForm, 'kind' | 'workspaceId'> & { readonly listen: TunnelEnd },
): boolean {
  const isRemote = draft.kind === 'remote'
  if (isRemote !== (wanted.kind === 'remote')) return false
  if (isRemote && workspaceId !== wanted.workspaceId) return false
  const { listen } = wanted
  if (draft.listen.kind === 'socket') return listen.kind === 'socket' && listen.path === draft.listen.path
  return listen.kind === 'tcp' && listen.port === draft.listen.port
}
