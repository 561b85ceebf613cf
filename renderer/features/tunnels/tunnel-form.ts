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
export function readForm(form: TunnelForm, context: FormContext): ReadForm {
  const problems: Record<string, string> = {}
  if (form.workspaceId === null) problems['workspaceId'] = 'Choose the workspace.'
  const ends = readEnds(form, problems)
  const listen = form.kind === 'remote' ? ends.there : ends.here
  if (!ends.mayChoose) refuseUsed(form, listen, context.others, problems)
  const isWeb = form.https && form.kind === 'local' && ends.here?.kind === 'tcp'
  if (isWeb && !context.hasAuthority && !form.consent)
    problems['consent'] = 'Agree to make the authority, or switch HTTPS off.'
  if (Object.keys(problems).length > 0 || !listen) return { problems }
  return {
    problems,
    draft: {
      name: form.name.trim(),
      kind: form.kind,
      agentName: form.agentName,
      listen,
      anyPort: ends.mayChoose || keepsChoice(form, listen, context.edited),
      target: form.kind === 'remote' ? ends.here : ends.there,
      https: isWeb,
    },
  }
}

interface Ends {
  /** `null` for a SOCKS proxy, and for what is wrong. */
  readonly there: TunnelEnd | null
  readonly here: TunnelEnd | null
  /** Any free port will do. */
  readonly mayChoose: boolean
}

function readEnds(form: TunnelForm, problems: Record<string, string>): Ends {
  const { kind } = form
  const there = kind === 'dynamic' ? null : endOf(parseEnd(form.there), 'there', problems)
  const parsed = parseEnd(form.here)
  const mayChoose = kind !== 'remote' && parsed.kind === 'empty'
  if (mayChoose) return { there, here: { kind: 'tcp', host: loopback, port: 0 }, mayChoose }
  const here = endOf(parsed, 'here', problems)
  if (kind === 'dynamic' && here?.kind === 'socket') problems['here'] = 'A SOCKS proxy needs a port.'
  return { there, here, mayChoose }
}

function refuseUsed(
  form: TunnelForm,
  listen: TunnelEnd | null,
  others: readonly TunnelView[],
  problems: Record<string, string>,
): void {
  const other = listen && others.find((one) => listensOn(one, { ...form, listen }))
  if (!other) return
  problems[form.kind === 'remote' ? 'there' : 'here'] =
    `The tunnel “${other.title}” of ${other.workspaceName} listens there already. Choose another one.`
}

/** A port that was found for it may be exchanged again; one that is typed is meant. */
function keepsChoice(form: TunnelForm, listen: TunnelEnd, edited: TunnelView | undefined): boolean {
  if (edited?.draft.anyPort !== true || formOf(edited).here !== form.here) return false
  return form.kind !== 'remote' && listen.kind === 'tcp'
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
