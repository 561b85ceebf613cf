import { useState } from 'react'
import { useSubscription } from '../api/use-subscription.ts'
import type { Output } from '../api/procedure-types.ts'
import { connectionWords, deploymentState, useDeployments } from '../features/deployments/index.ts'
import { useWindowActions } from '../features/window/index.ts'
import { Button } from '../ui/button.tsx'
import { ActivityIcon } from '../ui/icons.tsx'
import { KeyValue } from '../ui/key-value.tsx'
import { Popover } from '../ui/popover.tsx'
import { StatusMark, type Status } from '../ui/status-mark.tsx'

const everything = {}
type Processes = Output<'app.watchProcesses'>
type ProcessState = Processes['bridge']

const processWords: Record<ProcessState, { readonly status: Status; readonly label: string }> = {
  starting: { status: 'starting', label: 'Starting' },
  running: { status: 'running', label: 'Running' },
  restarting: { status: 'starting', label: 'Restarting' },
  failed: { status: 'failed', label: 'Failed' },
}

/** At the right of the title bar: how the shown deployment is reached, and whether the helpers run. */
export function ConnectionSlot() {
  const [isOpen, setOpen] = useState(false)
  const { goToDiagnostics } = useWindowActions()
  const { active } = useDeployments()
  const { data: processes } = useSubscription('app.watchProcesses', everything)
  if (!active) return null
  const trouble = processTrouble(processes)
  return (
    <Popover
      align="end"
      open={isOpen}
      onOpenChange={setOpen}
      title={active.name}
      trigger={
        <button
          type="button"
          className="num flex h-7 items-center gap-1.5 rounded-md px-2 text-sm text-fg-2 hover:bg-hover"
        >
          <span className="sr-only">Connection: </span>
          {trouble ? <StatusMark {...trouble} /> : connectionWords(active)}
        </button>
      }
    >
      <KeyValue
        items={[
          ['State', <StatusMark key="state" {...deploymentState(active.state)} />],
          ['Address', active.url],
          ['Signed in as', active.user?.username ?? undefined],
          ['Version', active.version ?? undefined],
          [
            'Latency',
            active.state.kind === 'connected' && active.state.latencyMs !== null
              ? `${Math.round(active.state.latencyMs)} ms`
              : undefined,
          ],
          [
            'Terminals',
            processes ? <StatusMark key="bridge" {...processWords[processes.bridge]} /> : undefined,
          ],
          [
            'Local server',
            processes && active.kind === 'local' ? (
              <StatusMark key="server" {...processWords[processes.localServer]} />
            ) : undefined,
          ],
        ]}
      />
      <Button
        variant="ghost"
        icon={<ActivityIcon />}
        className="mt-2 -ml-2"
        onClick={() => {
          setOpen(false)
          goToDiagnostics()
        }}
      >
        Diagnostics
      </Button>
    </Popover>
  )
}

function processTrouble(
  processes: Processes | undefined,
): { readonly status: Status; readonly label: string } | undefined {
  if (!processes) return undefined
  const { bridge, localServer } = processes
  if (bridge === 'failed') return { status: 'failed', label: 'Terminals do not start' }
  if (bridge === 'restarting') return { status: 'starting', label: 'Terminals restart' }
  if (localServer === 'failed') return { status: 'failed', label: 'Local server does not start' }
  if (localServer === 'restarting') return { status: 'starting', label: 'Local server restarts' }
  return undefined
}
