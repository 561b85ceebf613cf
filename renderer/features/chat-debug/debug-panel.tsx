import { useState } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { BugIcon, RotateCwIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useWindowActions } from '../window/index.ts'
import { DebugRun } from './debug-run.tsx'
import { showDebugSettings, useDebugLogging, useDebugRuns } from './use-debug.ts'

export interface DebugPanelProps {
  readonly deployment: Deployment
  readonly chat: Chat
}

/** What models were asked for a chat and what they answered, run by run. */
export function DebugPanel({ deployment, chat }: DebugPanelProps) {
  const [open, setOpen] = useState<string | undefined>(undefined)
  const logging = useDebugLogging(deployment.id)
  const runs = useDebugRuns(deployment.id, chat)
  if (runs.error && runs.data === undefined) {
    const { message, detail } = errorWords(runs.error)
    return (
      <div className="p-3">
        <ErrorState
          title="The debug runs cannot be read"
          details={detail}
          actions={
            <Button loading={runs.isFetching} onClick={() => void runs.refetch()}>
              Try again
            </Button>
          }
        >
          {message}
        </ErrorState>
      </div>
    )
  }
  if (runs.data === undefined) return <SkeletonRows rows={4} label="Reading the debug runs" />
  const isOff = logging.data?.debug_logging_enabled === false
  if (runs.data.length === 0) return isOff ? <Off deployment={deployment} /> : <NoneYet />
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex h-9 items-center gap-2 border-b border-line pr-2 pl-3 text-sm text-fg-3">
        <span className="cut">
          {isOff ? 'Off now: nothing new is written down.' : runsWords(runs.data.length)}
        </span>
        <span className="ml-auto flex-none">
          <IconButton
            size="sm"
            label="Read the runs again"
            icon={<RotateCwIcon />}
            onClick={() => void runs.refetch()}
          />
        </span>
      </div>
      <ol aria-label="Debug runs" className="border-b border-line">
        {runs.data.map((run) => (
          <DebugRun
            key={run.id}
            deploymentId={deployment.id}
            run={run}
            isOpen={open === run.id}
            onToggle={() => setOpen(open === run.id ? undefined : run.id)}
          />
        ))}
      </ol>
    </div>
  )
}

const runsWords = (count: number): string =>
  count === 1 ? '1 run' : `${count.toLocaleString()} runs, the newest first`

function Off({ deployment }: Pick<DebugPanelProps, 'deployment'>) {
  const actions = useWindowActions()
  const goToSettings = () => {
    showDebugSettings(true)
    actions.goToSettings('agents')
  }
  return (
    <EmptyState
      icon={<BugIcon />}
      title="Debug logging is off"
      actions={
        <Button variant="primary" onClick={goToSettings}>
          Open the settings
        </Button>
      }
    >
      Switch it on in the settings, and what models are asked and answer in your chats on {deployment.name} is
      written down from then on.
    </EmptyState>
  )
}

function NoneYet() {
  return (
    <EmptyState icon={<BugIcon />} title="Nothing is written down yet">
      The next time a model is asked for this chat, what it was asked and what it answered is shown here.
    </EmptyState>
  )
}
