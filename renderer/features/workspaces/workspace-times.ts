import type { Workspace } from '#bridge/contract/workspaces'

/** Less than this before an automatic stop deserves a colour. */
export const soonMs = 30 * 60_000

export type StopPlan =
  /** Stops by itself then, unless it is used. */
  | { readonly kind: 'stops'; readonly at: string }
  | { readonly kind: 'always-on' }
  | { readonly kind: 'after-start' }
  | { readonly kind: 'starts'; readonly at: string }
  | { readonly kind: 'none' }

/** When the workspace starts or stops by itself next. */
export function stopPlan(workspace: Workspace): StopPlan {
  const { status, deadline } = workspace.latest_build
  if (status === 'running') return deadline ? { kind: 'stops', at: deadline } : { kind: 'always-on' }
  if (status === 'starting' || (status === 'pending' && workspace.latest_build.transition === 'start')) {
    return { kind: 'after-start' }
  }
  if (status === 'stopped' && workspace.next_start_at) return { kind: 'starts', at: workspace.next_start_at }
  return { kind: 'none' }
}

/** Coder sends Go's zero time for "never". */
export function isNever(time: string): boolean {
  return time.startsWith('0001-01-01')
}
