import type { Workspace } from '#bridge/contract/workspaces'
import { useNow } from '../../lib/ticker.ts'
import { Countdown } from '../../ui/time.tsx'
import { soonMs, stopPlan } from './workspace-times.ts'

/** The time until an automatic stop, or when it starts by itself. */
export function StopPlanCell({ workspace }: { readonly workspace: Workspace }) {
  const plan = stopPlan(workspace)
  switch (plan.kind) {
    case 'stops':
      return <StopsIn at={plan.at} />
    case 'always-on':
      return <span className="text-fg-3">Stays on</span>
    case 'after-start':
      return <span className="text-fg-3">After start</span>
    case 'starts':
      return <span className="num cut text-fg-3">Starts {startWords(plan.at)}</span>
    case 'none':
      return null
  }
}

/** The time left until it stops by itself, coloured when that is soon. */
export function StopsIn({ at }: { readonly at: string }) {
  const end = Date.parse(at)
  const isSoon = end - useNow(end) < soonMs
  return <Countdown to={at} over="Stops now" className={isSoon ? 'cut font-medium text-warn-fg' : 'cut'} />
}

/** `08:30` today and tomorrow morning, else the day: the exact time is one hover away. */
function startWords(at: string): string {
  const date = new Date(at)
  const isNear = date.getTime() - Date.now() < 20 * 3_600_000
  return isNear
    ? date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString(undefined, { weekday: 'short' })
}
