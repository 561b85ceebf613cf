import { useId } from 'react'
import type { ChatDebugRunSummary } from '#bridge/contract/chats-debug'
import { errorWords } from '../../api/error-words.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { ChevronRightIcon, DownloadIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Elapsed, RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast-store.ts'
import { DebugStep } from './debug-step.tsx'
import { kindWords, modelWords, runTokens, statusWords } from './debug-words.ts'

export interface DebugRunProps {
  readonly deploymentId: string
  readonly run: ChatDebugRunSummary
  readonly isOpen: boolean
  readonly onToggle: () => void
}

/** One run of a chat: what it was for and how it went, and its steps once that is wanted. */
export function DebugRun({ deploymentId, run, isOpen, onToggle }: DebugRunProps) {
  const body = useId()
  const tokens = runTokens(run)
  return (
    <li className="border-line not-last:border-b">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={body}
        className="flex w-full min-w-0 gap-2 px-3 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
        onClick={onToggle}
      >
        <span className="flex h-5 flex-none items-center">
          <ChevronRightIcon className={classNames('size-3.5 text-fg-3', isOpen && 'rotate-90')} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex min-w-0 items-center gap-2">
            <span className="cut font-medium">{kindWords(run.kind)}</span>
            <StatusMark {...statusWords(run.status)} className="text-sm text-fg-2" />
            <RelativeTime value={run.started_at} className="ml-auto flex-none text-sm text-fg-3" />
          </span>
          <span className="flex min-w-0 flex-wrap gap-x-2 text-sm text-fg-3">
            <span className="cut">{modelWords(run)}</span>
            <Elapsed since={run.started_at} until={run.finished_at} />
            {tokens === undefined ? null : <span className="num">{tokens}</span>}
          </span>
        </span>
      </button>
      <div id={body} hidden={!isOpen}>
        {isOpen ? <Steps deploymentId={deploymentId} run={run} /> : null}
      </div>
    </li>
  )
}

function Steps({ deploymentId, run }: Pick<DebugRunProps, 'deploymentId' | 'run'>) {
  const target = { deploymentId, chatId: run.chat_id, runId: run.id }
  const read = useRead('chatDebug.run', target)
  if (read.error) {
    const { message, detail } = errorWords(read.error)
    return (
      <div className="px-3 pb-3">
        <ErrorState
          title="The run cannot be read"
          details={detail}
          actions={
            <Button loading={read.isFetching} onClick={() => void read.refetch()}>
              Try again
            </Button>
          }
        >
          {message}
        </ErrorState>
      </div>
    )
  }
  if (read.data === undefined) return <SkeletonRows rows={2} label="Reading the run" />
  return (
    <>
      <div className="flex justify-end px-3 pb-2">
        <ExportButton {...target} />
      </div>
      <ol aria-label="Steps">
        {read.data.steps.map((step) => (
          <DebugStep key={step.id} step={step} />
        ))}
      </ol>
    </>
  )
}

function ExportButton(target: {
  readonly deploymentId: string
  readonly chatId: string
  readonly runId: string
}) {
  const save = useChange('chatDebug.exportRun')
  return (
    <Button
      size="sm"
      icon={<DownloadIcon />}
      loading={save.isPending}
      onClick={() =>
        save.mutate(target, {
          onSuccess: ({ saved }) => {
            if (saved) toast({ tone: 'ok', title: 'The run is exported' })
          },
          onError: (error) =>
            toast({ tone: 'bad', title: 'The run is not exported', detail: errorWords(error).message }),
        })
      }
    >
      Export as JSON…
    </Button>
  )
}
