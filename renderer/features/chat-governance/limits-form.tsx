import { useState, type SyntheticEvent } from 'react'
import type { ChatUsageLimits, UsagePeriod } from '#bridge/contract/chats-cost'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure } from '../ai-models/index.ts'
import {
  keepLimitsDraft,
  limitProblem,
  type LimitsDraft,
  limitsDraftOf,
  sentLimits,
  useLimitsDrafts,
} from './limits-draft.ts'
import { useLimitChanges } from './use-limits.ts'

export interface LimitsFormProps {
  readonly deploymentId: string
  readonly limits: ChatUsageLimits
}

const periods: readonly { readonly value: UsagePeriod; readonly label: string }[] = [
  { value: 'day', label: 'A day' },
  { value: 'week', label: 'A week' },
  { value: 'month', label: 'A month' },
]

/** The limit of each person and of each chat. */
export function LimitsForm({ deploymentId, limits }: LimitsFormProps) {
  const saved = limitsDraftOf(limits)
  const draft = useLimitsDrafts((drafts) => drafts[deploymentId]) ?? saved
  const [touched, setTouched] = useState<ReadonlySet<keyof LimitsDraft>>(new Set())
  const { setLimits, show } = useLimitChanges(deploymentId)
  const hasChatLimit = limits.chat_spend_limit_micros !== undefined
  const problems = { person: limitProblem(draft.person), chat: limitProblem(draft.chat) }
  const isDirty = JSON.stringify(draft) !== JSON.stringify(saved)
  const change = (part: Partial<LimitsDraft>) => keepLimitsDraft(deploymentId, { ...draft, ...part })
  const touch = (field: keyof LimitsDraft) => setTouched((before) => new Set(before).add(field))
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setTouched(new Set(['person', 'chat']))
    if (problems.person !== undefined || problems.chat !== undefined || setLimits.isPending) return
    // A promise, since callbacks of the call are skipped once the user looks at another page.
    void setLimits.mutateAsync({ deploymentId, limits: sentLimits(draft, hasChatLimit) }).then(
      (answer) => {
        show(answer)
        // What was typed while it was saved stays.
        if (useLimitsDrafts.getState()[deploymentId] === draft) keepLimitsDraft(deploymentId, undefined)
        toast({ tone: 'ok', title: 'The limits are saved' })
      },
      () => undefined, // Shown above the fields.
    )
  }
  const amount = (field: 'person' | 'chat', label: string, help: string) => (
    <Field
      className="w-72"
      label={label}
      help={help}
      error={touched.has(field) ? problems[field] : undefined}
    >
      <Input
        className="max-w-[220px]"
        inputMode="decimal"
        leading={<span className="text-fg-3">$</span>}
        placeholder="No limit"
        autoComplete="off"
        value={draft[field]}
        onChange={(event) => change({ [field]: event.target.value })}
        onBlur={() => touch(field)}
      />
    </Field>
  )
  return (
    <form noValidate onSubmit={submit}>
      <Card title="Limits">
        <div className="flex flex-col gap-4">
          {setLimits.isError ? <Failure title="The limits are not saved" error={setLimits.error} /> : null}
          <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
            {amount('person', 'Each person may spend', 'Dollars in each period. Empty: no limit.')}
            <div>
              <div className="mb-1.5 font-medium">Period</div>
              <Segmented
                aria-label="Period"
                options={periods}
                value={draft.period}
                onChange={(period) => change({ period })}
              />
              <p className="mt-1.5 text-sm text-fg-3">Begins at midnight UTC; a week on Monday.</p>
            </div>
          </div>
          {hasChatLimit
            ? amount(
                'chat',
                'Each chat may spend',
                'Dollars over its whole life, sub-agents included. Empty: no limit.',
              )
            : null}
          <div className="flex items-center gap-2">
            <Button type="submit" variant="primary" disabled={!isDirty} loading={setLimits.isPending}>
              Save limits
            </Button>
            {isDirty ? (
              <Button variant="ghost" onClick={() => keepLimitsDraft(deploymentId, undefined)}>
                Discard changes
              </Button>
            ) : null}
          </div>
        </div>
      </Card>
    </form>
  )
}
