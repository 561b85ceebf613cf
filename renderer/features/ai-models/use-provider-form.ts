import { useState } from 'react'
import type { AIProvider, AIProviderType } from '#bridge/contract/ai-providers'
import { hasCode } from '../../api/bridge-error.ts'
import {
  changeProvider,
  newProvider,
  newProviderDraft,
  type ProviderDraft,
  providerChanges,
  providerDraftOf,
  type ProviderField,
  providerProblems,
} from './provider-draft.ts'
import { useModelChanges } from './use-ai-models.ts'

export interface ProviderFormDeps {
  readonly deploymentId: string
  readonly isOutpost: boolean
  readonly provider: AIProvider | null
  readonly taken: readonly string[]
  readonly onSaved: (provider: AIProvider, isNew: boolean) => void
}

export type ProviderForm = ReturnType<typeof useProviderForm>

/** The form of one provider: its draft, checks on blur and then as typed, and the save. */
export function useProviderForm({ deploymentId, isOutpost, provider, taken, onSaved }: ProviderFormDeps) {
  // What was typed for one kind is there again after a look at another.
  const [drafts, setDrafts] = useState<Partial<Record<AIProviderType, ProviderDraft>>>({})
  const [type, setType] = useState<AIProviderType>()
  const [edited, setEdited] = useState(() => (provider === null ? undefined : providerDraftOf(provider)))
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [isChecked, setIsChecked] = useState(false)
  const { createProvider, updateProvider } = useModelChanges(deploymentId)
  const sent = provider === null ? createProvider : updateProvider
  const draft = edited ?? (type === undefined ? undefined : drafts[type])
  const first = (of: AIProviderType): ProviderDraft =>
    provider === null ? newProviderDraft(of, { isOutpost, taken }) : providerDraftOf(provider)
  const problems = draft === undefined ? {} : providerProblems(draft, { isNew: provider === null, taken })
  const refusedName = hasCode<'aiModels.createProvider'>(sent.error, 'name_taken')
    ? sent.error.message
    : undefined
  const keep = (next: ProviderDraft): void => {
    if (provider === null) setDrafts((before) => ({ ...before, [next.type]: next }))
    else setEdited(next)
  }
  return {
    draft,
    isDirty: draft !== undefined && JSON.stringify(draft) !== JSON.stringify(first(draft.type)),
    isSaving: sent.isPending,
    failure: sent.error,
    choose(next: AIProviderType) {
      setType(next)
      setIsChecked(false)
      setTouched(new Set())
      sent.reset()
      if (drafts[next] === undefined) keep(first(next))
    },
    chooseAgain: () => setType(undefined),
    change(change: Partial<ProviderDraft>) {
      if (draft === undefined) return
      if (change.name !== undefined || change.displayName !== undefined) sent.reset()
      keep(changeProvider(draft, change, taken))
    },
    /** The user left the field: from now on it is checked as typed. */
    touch: (field: ProviderField) => setTouched((before) => new Set(before).add(field)),
    error: (field: ProviderField): string | undefined =>
      (field === 'name' ? refusedName : undefined) ??
      (isChecked || touched.has(field) ? problems[field] : undefined),
    submit() {
      setIsChecked(true)
      if (draft === undefined || Object.keys(problems).length > 0) return
      if (provider === null) {
        createProvider.mutate(
          { deploymentId, provider: newProvider(draft) },
          { onSuccess: (made) => onSaved(made, true) },
        )
        return
      }
      const changes = providerChanges(provider, draft)
      if (Object.keys(changes).length === 0) onSaved(provider, false)
      else
        updateProvider.mutate(
          { deploymentId, providerId: provider.id, changes },
          { onSuccess: (saved) => onSaved(saved, false) },
        )
    },
  }
}
