import type { Workspace } from '#bridge/contract/workspaces'
import { defaultAgent } from '../workspaces/index.ts'

/** Changes when what kept a workspace's desktop from showing may be over. */
export function readinessOf(workspace: Workspace): string {
  const agent = defaultAgent(workspace)
  return `${workspace.latest_build.id} ${agent?.id ?? ''} ${agent?.status ?? ''}`
}
