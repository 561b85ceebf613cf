import { useState } from 'react'
import type { AIProvider } from '#bridge/contract/ai-providers'
import type { ChatModelConfig } from '#bridge/contract/chats-models'
import { hasCode } from '../../api/bridge-error.ts'
import {
  blankModel,
  modelChanges,
  type ModelDraft,
  modelDraftOf,
  modelProblems,
  type ModelTextField,
  newModel,
} from './model-draft.ts'
import { useModelChanges } from './use-ai-models.ts'

export interface ModelFormDeps {
  readonly deploymentId: string
  readonly provider: AIProvider
  /** Null: a new one. */
  readonly model: ChatModelConfig | null
  readonly onSaved: (model: ChatModelConfig, isNew: boolean) => void
}

export type ModelForm = ReturnType<typeof useModelForm>

/** The form of one model: its draft, checks on blur and then as typed, and the save. */
export function useModelForm({ deploymentId, provider, model, onSaved }: ModelFormDeps) {
  const first = model === null ? blankModel : modelDraftOf(model, provider.type)
  const [draft, setDraft] = useState<ModelDraft>(first)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [isChecked, setIsChecked] = useState(false)
  const { createModel, updateModel } = useModelChanges(deploymentId)
  const sent = model === null ? createModel : updateModel
  const problems = modelProblems(draft, provider.type)
  const isTaken = hasCode<'aiModels.createModel'>(sent.error, 'name_taken')
  return {
    draft,
    isDirty: JSON.stringify(draft) !== JSON.stringify(first),
    isSaving: sent.isPending,
    /** What went wrong and belongs to no field. */
    failure: isTaken ? null : sent.error,
    change(field: ModelTextField, text: string) {
      if (field === 'model' && isTaken) sent.reset()
      setDraft((before) => ({ ...before, [field]: text }))
    },
    changeOption: (key: string, text: string) =>
      setDraft((before) => ({ ...before, options: { ...before.options, [key]: text } })),
    /** The user left the field: from now on it is checked as typed. */
    touch: (field: string) => setTouched((before) => new Set(before).add(field)),
    error: (field: string): string | undefined =>
      (field === 'model' && isTaken ? sent.error?.message : undefined) ??
      (isChecked || touched.has(field) ? problems[field] : undefined),
    submit() {
      setIsChecked(true)
      if (Object.keys(problems).length > 0) return
      if (model === null)
        createModel.mutate(
          { deploymentId, model: newModel(draft, provider) },
          { onSuccess: (made) => onSaved(made, true) },
        )
      else
        updateModel.mutate(
          { deploymentId, modelConfigId: model.id, changes: modelChanges(model, draft, provider.type) },
          { onSuccess: (saved) => onSaved(saved, false) },
        )
    },
  }
}
