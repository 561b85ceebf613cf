import { useRead } from '../../api/use-call.ts'
import type { AgentInstructions } from '#ipc/agent-rules'
import { Card } from '../../ui/card.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { CodeBlock } from '../../ui/code.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Failure } from '../ai-models/index.ts'
import { isSamePrompt, planModeDrafts, systemPromptDrafts } from './instruction-drafts.ts'
import { PromptForm } from './prompt-form.tsx'
import { useRuleDraft } from './rule-draft.ts'
import { useRuleChanges } from './use-agent-rules.ts'

/** What models are told in the chats of everybody. */
export function Instructions({ deploymentId }: { readonly deploymentId: string }) {
  const instructions = useRead('agentRules.instructions', { deploymentId })
  if (instructions.isError && instructions.data === undefined)
    return (
      <Failure
        title="The instructions cannot be shown"
        error={instructions.error}
        isRetrying={instructions.isFetching}
        onRetry={() => void instructions.refetch()}
      />
    )
  if (instructions.data === undefined)
    return (
      <Card title="Instructions" flush>
        <SkeletonRows rows={3} label="Loading the instructions" />
      </Card>
    )
  const { systemPrompt, planMode } = instructions.data
  if (systemPrompt === null && planMode === null) return null
  return (
    <Card title="Instructions">
      <div className="flex flex-col gap-5">
        {systemPrompt === null ? null : (
          <SystemPromptForm deploymentId={deploymentId} systemPrompt={systemPrompt} />
        )}
        {planMode === null ? null : <PlanModeForm deploymentId={deploymentId} planMode={planMode} />}
      </div>
    </Card>
  )
}

function SystemPromptForm({
  deploymentId,
  systemPrompt: { text, includesDefault, defaultText },
}: {
  readonly deploymentId: string
  readonly systemPrompt: NonNullable<AgentInstructions['systemPrompt']>
}) {
  const draft = useRuleDraft(systemPromptDrafts, deploymentId, { text, includesDefault }, isSamePrompt)
  const { setSystemPrompt } = useRuleChanges(deploymentId)
  const { value } = draft
  const save = async () => {
    await setSystemPrompt.mutateAsync({ deploymentId, seen: draft.seen, wished: value })
    draft.settle(value)
  }
  return (
    <PromptForm
      label="For every chat"
      help="Models are told this at the beginning of every new chat, of everybody. Chats that are there keep theirs."
      placeholder="Such as: open pull requests as drafts, and run the tests before you say that something works."
      saveLabel="Save instructions"
      text={value.text}
      onText={(next) => draft.write({ ...value, text: next })}
      theirs={{
        text,
        note: includesDefault ? 'With the default instructions.' : 'Without the default instructions.',
      }}
      {...{ draft, save, change: setSystemPrompt }}
    >
      <Checkbox
        checked={value.includesDefault}
        disabled={setSystemPrompt.isPending}
        onChange={(includes) => draft.write({ ...value, includesDefault: includes })}
        label="Begin with the default instructions"
        help={
          value.includesDefault
            ? 'What is written above follows them.'
            : 'Models are told only what is written above.'
        }
      />
      {defaultText === '' ? null : (
        <Disclosure label="Default instructions">
          <CodeBlock wrap>{defaultText}</CodeBlock>
        </Disclosure>
      )}
    </PromptForm>
  )
}

function PlanModeForm({
  deploymentId,
  planMode,
}: {
  readonly deploymentId: string
  readonly planMode: string
}) {
  const draft = useRuleDraft(planModeDrafts, deploymentId, planMode)
  const { setPlanMode } = useRuleChanges(deploymentId)
  const save = async () => {
    await setPlanMode.mutateAsync({ deploymentId, seen: draft.seen, wished: draft.value })
    draft.settle(draft.value)
  }
  return (
    <PromptForm
      label="While planning"
      help="Added in each turn of a chat that plans first, from its next turn on."
      placeholder="Such as: name the files you would change, and what could go wrong."
      saveLabel="Save planning"
      text={draft.value}
      onText={draft.write}
      theirs={{ text: planMode }}
      {...{ draft, save, change: setPlanMode }}
    />
  )
}
