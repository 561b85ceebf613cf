import type { SyntheticEvent } from 'react'
import type { Template } from '#bridge/contract/templates'
import { useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RadioCards } from '../../ui/radio-cards.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure } from '../ai-models/index.ts'
import { useRuleDraft } from './rule-draft.ts'
import { ChangedNotice, RuleActions } from './rule-parts.tsx'
import {
  choiceOf,
  isSameChoice,
  sentIds,
  staleIds,
  templateDrafts,
  templateName,
  type TemplateChoice,
} from './template-choice.ts'
import { TemplateList } from './template-list.tsx'
import { refusalOf, useRuleChanges } from './use-agent-rules.ts'

const title = 'Templates agents may use'

/** Of which templates agents may make workspaces. Not shown where that is a setting of each template. */
export function AllowedTemplates({ deploymentId }: { readonly deploymentId: string }) {
  const allowed = useRead('agentRules.templates', { deploymentId })
  const templates = useRead('templates.list', allowed.data ? { deploymentId } : undefined)
  const failed = [allowed, templates].find(({ isError, data }) => isError && data === undefined)
  if (failed !== undefined)
    return (
      <Failure
        title="The templates agents may use cannot be shown"
        error={failed.error}
        isRetrying={failed.isFetching}
        onRetry={() => void failed.refetch()}
      />
    )
  if (allowed.data === null) return null
  if (allowed.data === undefined || templates.data === undefined)
    return (
      <Card title={title} flush>
        <SkeletonRows rows={3} label="Loading the templates agents may use" />
      </Card>
    )
  return (
    <Card title={title}>
      <TemplatesForm deploymentId={deploymentId} saved={allowed.data} templates={templates.data} />
    </Card>
  )
}

const modes = [
  { value: 'all', label: 'All templates', description: 'Also those that are made later.' },
  { value: 'some', label: 'Only chosen ones', description: 'Agents are not told of any others.' },
] as const

function TemplatesForm({
  deploymentId,
  saved,
  templates,
}: {
  readonly deploymentId: string
  readonly saved: readonly string[]
  readonly templates: readonly Template[]
}) {
  const draft = useRuleDraft(templateDrafts, deploymentId, choiceOf(saved), isSameChoice)
  const { setTemplates } = useRuleChanges(deploymentId)
  const { value } = draft
  const isSaving = setTemplates.isPending
  const stale = value.mode === 'all' ? [] : staleIds(value.ids, templates)
  const isEmpty = value.mode === 'some' && value.ids.length === 0
  const isRefused = isEmpty || stale.length > 0
  const refusal = refusalOf(setTemplates, draft)
  const save = async () => {
    await setTemplates.mutateAsync({ deploymentId, seen: sentIds(draft.seen), wished: sentIds(value) })
    draft.settle(value)
    toast({ tone: 'ok', title: 'The templates are saved' })
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!isRefused && !isSaving && !draft.isChanged) void save().catch(() => undefined) // Shown below.
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3">
      <p className="text-fg-2">Workspaces that people make themselves may be of any template.</p>
      <RadioCards
        aria-label={title}
        options={modes}
        value={value.mode}
        disabled={isSaving}
        onChange={(mode) => draft.write({ ...value, mode })}
      />
      {value.mode === 'all' ? null : (
        <TemplateList
          templates={templates}
          chosen={value.ids}
          disabled={isSaving}
          onChange={(ids) => draft.write({ ...value, ids })}
        />
      )}
      {isEmpty ? (
        <p className="text-sm text-fg-2">Choose at least one: an empty list would allow all templates.</p>
      ) : null}
      <StaleNotice
        count={stale.length}
        onTakeOff={() => draft.write({ ...value, ids: value.ids.filter((id) => !stale.includes(id)) })}
      />
      <ChangedNotice draft={draft} saving={setTemplates}>
        {inWordsOf(choiceOf(saved), templates)}
      </ChangedNotice>
      {refusal === undefined ? null : <Notice tone="bad">{refusal}</Notice>}
      <RuleActions draft={draft} saving={setTemplates} isRefused={isRefused} saveLabel="Save templates" />
    </form>
  )
}

function StaleNotice({ count, onTakeOff }: { readonly count: number; readonly onTakeOff: () => void }) {
  if (count === 0) return null
  return (
    <Notice tone="warn" actions={<Button onClick={onTakeOff}>Take off the list</Button>}>
      {count === 1
        ? 'One template on the list is deleted or deprecated. A list with it cannot be saved.'
        : `${String(count)} templates on the list are deleted or deprecated. A list with them cannot be saved.`}
    </Notice>
  )
}

function inWordsOf({ mode, ids }: TemplateChoice, templates: readonly Template[]): string {
  if (mode === 'all') return 'All templates are allowed now.'
  const names = templates.filter(({ id }) => ids.includes(id)).map(templateName)
  const gone = ids.length - names.length
  const rest = gone === 0 ? [] : [gone === 1 ? 'one that is gone' : `${String(gone)} that are gone`]
  return `These are allowed now: ${[...names, ...rest].join(', ')}.`
}
