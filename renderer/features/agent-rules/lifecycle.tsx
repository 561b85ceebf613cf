import { useState, type SyntheticEvent } from 'react'
import type { AgentLifecycle, LifecycleName } from '#ipc/agent-rules'
import { useRead } from '../../api/use-call.ts'
import { Card } from '../../ui/card.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure } from '../ai-models/index.ts'
import {
  inWordsOf,
  isSameTime,
  lifecycleDrafts,
  readTime,
  timeDraftOf,
  type TimeDraft,
  type TimeUnit,
} from './lifecycle-drafts.ts'
import { consequenceOf, lifecycleWords, type Consequence } from './lifecycle-words.ts'
import { useRuleDraft } from './rule-draft.ts'
import { ChangedNotice, RuleActions } from './rule-parts.tsx'
import { refusalOf, useRuleChanges } from './use-agent-rules.ts'

/** How long workspaces of agents run, and chats stay. */
export function Lifecycle({ deploymentId }: { readonly deploymentId: string }) {
  const lifecycle = useRead('agentRules.lifecycle', { deploymentId })
  if (lifecycle.isError && lifecycle.data === undefined)
    return (
      <Failure
        title="How long chats stay cannot be shown"
        error={lifecycle.error}
        isRetrying={lifecycle.isFetching}
        onRetry={() => void lifecycle.refetch()}
      />
    )
  if (lifecycle.data === undefined)
    return (
      <Card title="Time limits" flush>
        <SkeletonRows rows={3} label="Loading the time limits" />
      </Card>
    )
  const { data } = lifecycle
  const shown = (['workspaceTtlMs', 'autoArchiveDays', 'retentionDays'] as const).filter(
    (name) => data[name] !== null,
  )
  if (shown.length === 0) return null
  return (
    <Card title="Time limits">
      <div className="flex flex-col gap-5">
        {shown.map((name) => (
          <TimeForm key={name} deploymentId={deploymentId} name={name} lifecycle={data} />
        ))}
      </div>
    </Card>
  )
}

const units: readonly { readonly value: TimeUnit; readonly label: string }[] = [
  { value: 'minutes', label: 'minutes' },
  { value: 'hours', label: 'hours' },
  { value: 'days', label: 'days' },
]

function useTimeForm(deploymentId: string, name: LifecycleName, lifecycle: AgentLifecycle) {
  const saved = timeDraftOf(name, lifecycle[name] ?? 0)
  const draft = useRuleDraft(lifecycleDrafts[name], deploymentId, saved, isSameTime(name))
  const { setLifecycle } = useRuleChanges(deploymentId)
  const [asked, setAsked] = useState<Consequence>()
  const read = readTime(name, draft.value)
  const seen = readTime(name, draft.seen)
  const save = async (): Promise<void> => {
    if (!('value' in read) || !('value' in seen)) return
    const sent: TimeDraft = draft.value
    await setLifecycle.mutateAsync({ deploymentId, name, seen: seen.value, wished: read.value })
    draft.settle(sent)
    toast({ tone: 'ok', title: 'The time limit is saved' })
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!('value' in read) || setLifecycle.isPending || draft.isChanged) return
    const consequence = consequenceOf(name, { wished: read.value, lifecycle })
    if (consequence === undefined)
      void save().catch(() => undefined) // Shown at the field.
    else setAsked(consequence)
  }
  return { saved, draft, read, save, submit, asked, setAsked, change: setLifecycle }
}

/** One time, with what follows from it. */
function TimeForm({
  deploymentId,
  name,
  lifecycle,
}: {
  readonly deploymentId: string
  readonly name: LifecycleName
  readonly lifecycle: AgentLifecycle
}) {
  const { saved, draft, read, save, submit, asked, setAsked, change } = useTimeForm(
    deploymentId,
    name,
    lifecycle,
  )
  const { label, help } = lifecycleWords[name]
  const { value } = draft
  const problem = 'problem' in read ? read.problem : undefined
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3">
      <Field label={label} help={help} error={problem ?? refusalOf(change, draft)}>
        <div className="flex items-center gap-2">
          <Input
            className="max-w-[120px]"
            inputMode="decimal"
            autoComplete="off"
            value={value.amount}
            readOnly={change.isPending}
            onChange={(event) => draft.write({ ...value, amount: event.target.value })}
          />
          {name === 'workspaceTtlMs' ? (
            // A field of its own, or it would bear the name of the amount.
            <Field label="Unit of the time" hideLabel className="w-[120px]">
              <Select
                options={units}
                value={value.unit}
                disabled={change.isPending}
                onChange={(unit) => draft.write({ ...value, unit })}
              />
            </Field>
          ) : (
            <span className="text-fg-2">days</span>
          )}
        </div>
      </Field>
      <ChangedNotice draft={draft} saving={change}>
        It is {inWordsOf(saved)} now.
      </ChangedNotice>
      <RuleActions draft={draft} saving={change} isRefused={problem !== undefined} saveLabel="Save" />
      {asked === undefined ? null : (
        <ConfirmDialog
          open
          danger
          onOpenChange={() => setAsked(undefined)}
          {...asked}
          onConfirm={() => save().catch(() => undefined) /* Shown at the field. */}
        />
      )}
    </form>
  )
}
