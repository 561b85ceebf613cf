import type { SyntheticEvent } from 'react'
import type { ChatModelConfig } from '#bridge/contract/chats-models'
import type { AgentAdvisor } from '#ipc/agent-rules'
import { useRead } from '../../api/use-call.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Notice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure } from '../ai-models/index.ts'
import {
  advisorDraftOf,
  advisorDrafts,
  isSameAdvisor,
  problemsOf,
  sentAdvisor,
  type AdvisorDraft,
} from './advisor-draft.ts'
import { AdvisorModel, AdvisorSwitch, advisorModelName } from './advisor-choices.tsx'
import { useRuleDraft } from './rule-draft.ts'
import { ChangedNotice, RuleActions } from './rule-parts.tsx'
import { refusalOf, useRuleChanges } from './use-agent-rules.ts'

export interface AdvisorRulesProps {
  readonly deploymentId: string
  readonly models: readonly ChatModelConfig[]
}

/** Which model agents ask for advice, and how often. Nothing where the deployment has no advisor. */
export function AdvisorRules({ deploymentId, models }: AdvisorRulesProps) {
  const advisor = useRead('agentRules.advisor', { deploymentId })
  if (advisor.isError && advisor.data === undefined)
    return (
      <Failure
        title="The advisor of agents cannot be shown"
        error={advisor.error}
        isRetrying={advisor.isFetching}
        onRetry={() => void advisor.refetch()}
      />
    )
  // Most deployments have none: no place is kept for it.
  if (advisor.data === undefined || advisor.data === null) return null
  const { enabled, maySwitch } = advisor.data
  return (
    <Card
      title="Advisor"
      meta={maySwitch ? undefined : <Badge tone={enabled ? 'ok' : 'neutral'}>{enabled ? 'On' : 'Off'}</Badge>}
    >
      <AdvisorForm deploymentId={deploymentId} models={models} saved={advisor.data} />
    </Card>
  )
}

function AdvisorForm({ deploymentId, models, saved }: AdvisorRulesProps & { readonly saved: AgentAdvisor }) {
  const { maySwitch } = saved
  const draft = useRuleDraft(advisorDrafts, deploymentId, advisorDraftOf(saved), isSameAdvisor(maySwitch))
  const { setAdvisor } = useRuleChanges(deploymentId)
  const { value, write } = draft
  const problems = problemsOf(value)
  const isRefused = problems.uses !== undefined || problems.tokens !== undefined
  const isSaving = setAdvisor.isPending
  const refusal = refusalOf(setAdvisor, draft)
  const save = async () => {
    await setAdvisor.mutateAsync({ deploymentId, seen: sentAdvisor(draft.seen), wished: sentAdvisor(value) })
    draft.settle(value)
    toast({ tone: 'ok', title: 'The advisor is saved' })
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!isRefused && !isSaving && !draft.isChanged) void save().catch(() => undefined) // Shown below.
  }
  const choices = { value, models, disabled: isSaving, onChange: write }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-5">
      <p className="text-fg-2">
        Where a task is hard, an agent may ask another model what to do next. It sees the end of the
        conversation, has no tools, and its advice is paid for like any other answer.
      </p>
      {maySwitch || saved.enabled ? null : (
        <Notice tone="warn">No agent can ask it now: switch a model on, and its provider.</Notice>
      )}
      {maySwitch ? <AdvisorSwitch {...choices} /> : null}
      {value.modelConfigId === null ? null : <AdvisorModel {...choices} />}
      <Field
        label="Uses in a turn"
        help="How often an agent may ask before its user speaks again. Advice that fails does not count. 0: as often as it likes."
        error={problems.uses}
      >
        <Input
          className="max-w-[120px]"
          inputMode="numeric"
          autoComplete="off"
          value={value.uses}
          readOnly={isSaving}
          onChange={(event) => write({ ...value, uses: event.target.value })}
        />
      </Field>
      <Field
        label="Longest advice"
        help="In tokens, thoughts included. 0: what the deployment thinks is enough."
        error={problems.tokens}
      >
        <Input
          className="max-w-[120px]"
          inputMode="numeric"
          autoComplete="off"
          value={value.tokens}
          readOnly={isSaving}
          onChange={(event) => write({ ...value, tokens: event.target.value })}
        />
      </Field>
      <ChangedNotice draft={draft} saving={setAdvisor}>
        {inWordsOf(advisorDraftOf(saved), { models, maySwitch })}
      </ChangedNotice>
      {refusal === undefined ? null : <Notice tone="bad">{refusal}</Notice>}
      <RuleActions draft={draft} saving={setAdvisor} isRefused={isRefused} saveLabel="Save advisor" />
    </form>
  )
}

function inWordsOf(
  saved: AdvisorDraft,
  { models, maySwitch }: { readonly models: readonly ChatModelConfig[]; readonly maySwitch: boolean },
): string {
  return [
    ...(maySwitch ? [saved.enabled ? 'It is on now.' : 'It is off now.'] : []),
    ...(saved.modelConfigId === null ? [] : [`The model is “${advisorModelName(saved, models)}” now.`]),
    `Uses in a turn: ${saved.uses}. Longest advice: ${saved.tokens}.`,
  ].join(' ')
}
