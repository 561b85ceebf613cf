import type { Workspace } from '#bridge/contract/workspaces'
import { useSeconds } from '../../lib/ticker.ts'
import { ClockIcon } from '../../ui/icons.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { soonMs, stopPlan } from './workspace-times.ts'
import { workspaceState } from './workspace-state.ts'

/** How many run, failed, or stop soon: what one wants to know in one second. */
export function ListSummary({ workspaces }: { readonly workspaces: readonly Workspace[] }) {
  const now = useSeconds()
  const states = workspaces.map((workspace) => workspaceState(workspace).status)
  const running = states.filter((status) => status === 'running').length
  const failed = states.filter((status) => status === 'failed').length
  const soon = workspaces.filter((workspace) => {
    const plan = stopPlan(workspace)
    return plan.kind === 'stops' && Date.parse(plan.at) - now < soonMs
  }).length
  return (
    <span className="num hidden items-center gap-3 text-sm text-fg-2 mid:flex">
      {running > 0 ? <StatusMark status="running" label={`${running} running`} /> : null}
      {failed > 0 ? <StatusMark status="failed" label={`${failed} failed`} /> : null}
      {soon > 0 ? (
        <span className="flex items-center gap-1 text-warn-fg">
          <ClockIcon className="size-3.5" /> {soon} {soon === 1 ? 'stops' : 'stop'} soon
        </span>
      ) : null}
    </span>
  )
}
