import { useEffect, useState } from 'react'
import type { Output } from '../../api/procedure-types.ts'
import { errorWords } from '../../api/error-words.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { HistoryIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Popover } from '../../ui/popover.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { runningShells, type RunningShell } from './running-shells.ts'
import { tabName } from './terminal-groups.ts'
import { useTerminals, useTerminalTabs } from './terminals-context.tsx'
import type { TerminalPlace } from './terminals.ts'

type Sessions = Output<'terminals.list'>['sessions']

/** What still runs in a workspace, to join it again: from another device too, where the deployment can tell. */
export function SessionPicker({ place }: { readonly place: TerminalPlace }) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      side="top"
      className="w-[420px]"
      title={`Running shells of ${place.workspaceName}`}
      trigger={<IconButton size="sm" label="Running shells" icon={<HistoryIcon />} />}
    >
      <Shells place={place} onDone={() => setOpen(false)} />
    </Popover>
  )
}

function Shells({ place, onDone }: { readonly place: TerminalPlace; readonly onDone: () => void }) {
  const { deploymentId, agentId } = place
  const { data, error, refetch } = useRead('terminals.list', { deploymentId, agentId })
  // What was asked for a moment ago is old: shells come and go.
  useEffect(() => void refetch(), [refetch])
  if (!data && !error) return <SkeletonRows rows={2} label="Asking for the shells" />
  if (error) {
    return (
      <Notice
        tone="bad"
        actions={
          <Button size="sm" onClick={() => void refetch()}>
            Try again
          </Button>
        }
      >
        {errorWords(error).message}
      </Notice>
    )
  }
  return <ShellList place={place} sessions={data.sessions} onDone={onDone} onEnded={() => void refetch()} />
}

interface ShellListProps {
  readonly place: TerminalPlace
  readonly sessions: Sessions
  readonly onDone: () => void
  readonly onEnded: () => void
}

function ShellList({ place, sessions, onDone, onEnded }: ShellListProps) {
  const terminals = useTerminals()
  const state = useTerminalTabs()
  const [openedAt] = useState(() => Date.now())
  const [ending, setEnding] = useState<RunningShell>()
  const end = useChange('terminals.end')
  const shells = runningShells({ place, sessions, state, now: openedAt })
  const { deploymentId, agentId } = place
  return (
    <>
      <ul className="flex max-h-72 flex-col overflow-auto" aria-label="Running shells">
        {shells.map((shell) => (
          <li key={shell.terminalId} className="flex items-center gap-3 py-1.5">
            <span className="min-w-0 flex-1">
              <span className="cut block">{shell.name}</span>
              <span className="block text-sm text-fg-3">
                {shell.words} <RelativeTime value={shell.lastActiveAt} />
              </span>
            </span>
            <Button
              size="sm"
              aria-label={`${shell.isOpen ? 'Show' : 'Join'} ${shell.name}`}
              onClick={() => {
                terminals.rejoin(place, shell)
                onDone()
              }}
            >
              {shell.isOpen ? 'Show' : 'Join'}
            </Button>
            {shell.canEnd ? (
              <Button
                size="sm"
                variant="danger-ghost"
                aria-label={`End ${shell.name}`}
                onClick={() => setEnding(shell)}
              >
                End
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {shells.length === 0 ? <p className="text-fg-2">No shell runs that you could join.</p> : null}
      {sessions === null ? (
        <p className="mt-2 text-sm text-fg-3">
          This deployment cannot list its shells. Shown are those that you closed here in the last five
          minutes; it keeps them no longer.
        </p>
      ) : null}
      <ConfirmDialog
        open={ending !== undefined}
        onOpenChange={() => setEnding(undefined)}
        title={`End ${ending?.name ?? ''}?`}
        description={`The shell on ${tabName(place)} ends with all that runs in it.`}
        confirmLabel="End the shell"
        danger
        onConfirm={async () => {
          if (!ending) return
          await end.mutateAsync({ deploymentId, agentId, terminalId: ending.terminalId })
          onEnded()
        }}
      />
    </>
  )
}
