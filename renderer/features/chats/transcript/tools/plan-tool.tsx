import { Button } from '../../../../ui/button.tsx'
import { CopyButton } from '../../../../ui/code.tsx'
import { ListChecksIcon } from '../../../../ui/icons.tsx'
import { SkeletonRows } from '../../../../ui/skeleton.tsx'
import { MarkdownText } from '../markdown-text.tsx'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { textField } from '../tool-fields.ts'
import { oneLine } from '../hostile-text.ts'
import { useActions } from '../transcript-actions.ts'
import { fileText, useFile, type FileState } from '../use-file.ts'
import { FailureBody } from './failure-body.tsx'
import { planSteps } from './plan-steps.ts'
import type { ToolProps } from './tool-kind.ts'
import { argument, failureOf, fileName } from './tool-words.ts'
import { useOnce } from './use-once.ts'

const implementWords = 'Implement the plan.'

/** `propose_plan`: the plan to read, and what to do with it. */
export function ProposePlan({ call }: ToolProps) {
  const { onImplementPlan } = useActions()
  const state = useFile(textField(call.result, 'file_id'))
  const text = state?.kind === 'loaded' ? fileText(state.file) : undefined
  const isOpen = call.state === 'done' && call.reply === undefined
  return (
    <ToolCard
      icon={<ListChecksIcon />}
      isAsking={isOpen}
      title={<PlanTitle call={call} />}
      meta={
        <>
          {call.state === 'done' ? null : <CallState call={call} />}
          {text === undefined ? null : <PlanSteps text={text} />}
        </>
      }
      actions={text === undefined ? undefined : <CopyButton text={text} label="Copy the plan" />}
    >
      <FailureBody text={failureOf(call)} />
      {state === undefined ? null : (
        <CardBody className="px-3 py-2">
          <PlanText state={state} />
        </CardBody>
      )}
      {isOpen && onImplementPlan ? <PlanActions onImplementPlan={onImplementPlan} /> : null}
    </ToolCard>
  )
}

function PlanTitle({ call }: ToolProps) {
  const path = textField(call.result, 'path') ?? argument(call, 'path') ?? ''
  return (
    <>
      <span className="font-medium">Plan</span>{' '}
      <span className="text-sm text-fg-3">{replyWords(call.reply)}</span>{' '}
      {call.reply === undefined ? <Mono quiet>{oneLine(fileName(path), 80)}</Mono> : null}
    </>
  )
}

function PlanSteps({ text }: { readonly text: string }) {
  const { done, total } = planSteps(text)
  return total === 0 ? null : <span>{`${done} of ${total} done`}</span>
}

function PlanText({ state }: { readonly state: FileState }) {
  switch (state.kind) {
    case 'loading':
      return <SkeletonRows rows={3} />
    case 'loaded':
      return <MarkdownText text={fileText(state.file)} className="max-h-120 overflow-auto" />
    case 'failed':
      return (
        <div className="flex items-center gap-2">
          <span className="flex-1 text-fg-2">The plan could not be read. {state.message}</span>
          <Button size="sm" onClick={state.retry}>
            Try again
          </Button>
        </div>
      )
  }
}

function PlanActions({ onImplementPlan }: { readonly onImplementPlan: () => Promise<unknown> }) {
  const { onAskForChanges } = useActions()
  const { isSending, once } = useOnce()
  return (
    <CardBody className="flex items-center justify-end gap-2 p-2">
      {onAskForChanges ? (
        <Button size="sm" disabled={isSending} onClick={onAskForChanges}>
          Ask for changes
        </Button>
      ) : null}
      <Button size="sm" variant="primary" loading={isSending} onClick={() => once(onImplementPlan)}>
        Implement
      </Button>
    </CardBody>
  )
}

function replyWords(reply: string | undefined): string {
  if (reply === undefined) return ''
  return reply.trim() === implementWords ? 'approved by you' : 'you asked for changes'
}
