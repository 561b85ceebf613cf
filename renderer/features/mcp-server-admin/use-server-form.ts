import { useEffect, useRef, useState } from 'react'
import type { McpServerProblem } from '#bridge/contract/mcp-server-rules'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { fieldRefusals, hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'
import { changesOf, draftProblems, isSame, newServer } from './draft-request.ts'
import { hasTypedSecrets, type OpenEditor } from './editor-record.ts'
import { keepEditor, useEditors, useSaving } from './editor-store.ts'
import { rebaseDraft } from './rebase-draft.ts'
import { saveEffects, type SaveEffects } from './save-effects.ts'
import {
  blankDraft,
  changeDraft,
  draftOf,
  noSecrets,
  type ServerDraft,
  type TypedSecrets,
} from './server-draft.ts'
import { useServerChanges, useServerNow } from './use-server-admin.ts'

export type ServerForm = ReturnType<typeof useServerForm>

export interface ServerFormDeps {
  readonly deploymentId: string
  readonly editor: OpenEditor
  /** Saved: the form is closed. */
  readonly onSaved: (config: MCPServerConfig) => void
}

/** The form of one server: its draft, checks on blur and then as typed, what others did meanwhile, and the save. */
export function useServerForm({ deploymentId, editor, onSaved }: ServerFormDeps) {
  const { base, draft, secrets } = editor
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [isChecked, setIsChecked] = useState(false)
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({})
  const [asking, setAsking] = useState<SaveEffects>()
  const changes = useServerChanges(deploymentId)
  const now = useServerNow(deploymentId, base?.id)
  const [isLooking, setIsLooking] = useState(false)
  const sent = base === null ? changes.create : changes.update
  const isSaving = useSaving((saving) => saving[deploymentId] === true)
  const isMounted = useRef(false)
  useEffect(() => {
    isMounted.current = true
    return () => {
      isMounted.current = false
    }
  }, [])

  const keep = (next: Partial<OpenEditor>) => keepEditor(deploymentId, { ...editor, ...next })
  const problems = new Map(
    draftProblems(draft, secrets, base ?? undefined)
      .reverse()
      .map((problem) => [placeOf(problem, draft), problem.detail]),
  )
  // What one's own save does is not somebody else's doing.
  const theirs = now.isFetching || isSaving ? undefined : otherThan(base, now.data?.config)
  const isGone = hasCode(now.error, 'not_found') || hasCode(changes.update.error, 'not_found')
  const isDirty = hasTypedSecrets(secrets) || !isSame(draft, base === null ? blankDraft : draftOf(base))

  const close = () => {
    keepEditor(deploymentId, undefined)
    changes.forget()
  }
  const finish = (config: MCPServerConfig) => {
    const present = useEditors.getState()[deploymentId]
    // Another form was opened meanwhile, or the same one was typed into: that stays, on top of what is saved.
    if (present !== undefined && present !== editor && present.base?.id === base?.id) {
      changes.forget()
      keepEditor(deploymentId, { ...present, base: config })
    } else if (present === undefined || present === editor) close()
    onSaved(config)
  }
  const fail = (error: Error) => {
    if (!isMounted.current) toast({ tone: 'bad', title: errorWords(error).message })
    setRefused(refusalsOf(error))
    if (hasCode<'mcpServerAdmin.update'>(error, 'changed_meanwhile')) void now.refetch()
  }
  const send = () => {
    setAsking(undefined)
    if (useSaving.getState()[deploymentId] === true) return
    useSaving.setState({ [deploymentId]: true })
    const saved =
      base === null
        ? changes.create.mutateAsync({ deploymentId, server: newServer(draft, secrets) })
        : changes.update.mutateAsync({
            deploymentId,
            serverId: base.id,
            expectedUpdatedAt: base.updated_at,
            changes: changesOf(base, draft, secrets),
          })
    // A promise, since callbacks of the call are skipped once the user looks at another page.
    void saved.then(finish, fail).finally(() => useSaving.setState({ [deploymentId]: false }))
  }
  /** Looks first at what the server is now, so that the question names who loses what. */
  const askOrSend = async (present: MCPServerConfig) => {
    setIsLooking(true)
    const { data, isSuccess } = await now.refetch()
    setIsLooking(false)
    if (!isSuccess || data.config.updated_at !== present.updated_at) return
    const effects = saveEffects(present, draft, data.userCount)
    if (effects === undefined) send()
    else setAsking(effects)
  }

  return {
    ...editor,
    isDirty,
    /** Everything is checked as typed, since a save was asked for. */
    isChecked,
    isSaving: isSaving || isLooking,
    /** What went wrong and belongs to no field. */
    failure: sent.error !== null && isAboutTheWhole(sent.error) ? sent.error : lookFailure(now.error),
    theirs,
    isGone,
    userCount: now.data?.userCount ?? null,
    /** How many fields need the user before it can be saved. */
    problemCount: problems.size,
    change(change: Partial<ServerDraft>) {
      keep({ draft: changeDraft(draft, change) })
      setRefused((before) => without(before, Object.keys(change).flatMap(wireFieldsOf)))
    },
    changeSecrets(change: Partial<TypedSecrets>) {
      keep({ secrets: { ...secrets, ...change } })
      setRefused((before) => without(before, ['api_key_value', 'oauth2_client_secret', 'custom_headers']))
    },
    /** The user left the field: from now on it is checked as typed. */
    touch: (place: string) => setTouched((before) => new Set(before).add(place)),
    error: (place: string): string | undefined =>
      refused[place] ?? (isChecked || touched.has(place) ? problems.get(place) : undefined),
    submit() {
      setIsChecked(true)
      if (problems.size > 0) return
      setRefused({})
      if (base === null || isSame(changesOf(base, draft, secrets), {})) {
        if (base === null) send()
        else finish(base)
        return
      }
      void askOrSend(base)
    },
    asking,
    confirm: send,
    cancelAsking: () => setAsking(undefined),
    /** Goes on from the server as it is now, with what was typed. */
    rebase(config: MCPServerConfig) {
      sent.reset()
      if (base !== null) keep({ base: config, draft: rebaseDraft(base, config, draft) })
    },
    /** The server is gone: what was typed becomes a new one. */
    startAnew() {
      sent.reset()
      keep({ base: null, draft: { ...draft, keeps_headers: false } })
    },
    discard: close,
    takeTheirs: (config: MCPServerConfig) =>
      keep({ base: config, draft: draftOf(config), secrets: noSecrets, lostSecrets: false }),
  }
}

function wireFieldsOf(field: string): string[] {
  return field === 'user_keys'
    ? ['custom_headers', 'custom_headers_user_keys', 'custom_headers_user_key_descriptions']
    : [field]
}

/** The server as it is now, when that is not how the form found it. */
function otherThan(
  base: MCPServerConfig | null,
  now: MCPServerConfig | undefined,
): MCPServerConfig | undefined {
  return base === null || now?.updated_at === base.updated_at ? undefined : now
}

/** Where a problem is shown: at a row, else at its field. */
function placeOf({ field, index }: McpServerProblem, draft: ServerDraft): string {
  if (index === undefined) return field
  const rows = field === 'custom_headers' ? draft.custom_headers : draft.user_keys
  return rows[index]?.id ?? field
}

function refusalsOf(error: Error): Readonly<Record<string, string>> {
  if (hasCode<'mcpServerAdmin.create'>(error, 'slug_taken'))
    return { slug: 'Another server has this slug. Choose a different one.' }
  return Object.fromEntries(fieldRefusals(error).map(({ field, detail }) => [field, detail]))
}

function isAboutTheWhole(error: Error): boolean {
  if (hasCode<'mcpServerAdmin.update'>(error, 'slug_taken')) return false
  // Said by a notice of its own, with what to do about it.
  if (hasCode<'mcpServerAdmin.update'>(error, 'changed_meanwhile') || hasCode(error, 'not_found'))
    return false
  return fieldRefusals(error).length === 0
}

const lookFailure = (error: Error | null): Error | undefined =>
  error === null || hasCode(error, 'not_found') ? undefined : error

function without(record: Readonly<Record<string, string>>, keys: readonly string[]) {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)))
}
