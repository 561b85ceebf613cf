import { isJobFinished } from '#bridge/contract/provisioner-jobs'
import type { Workspace } from '#bridge/contract/workspaces'

/** A fresh start whose agent never connects must not keep the list polling fast for ever. */
const AGENT_START_MS = 120_000

/** Whether the workspace is changing now: a build runs, or its agents have just been started. */
export function isChanging(workspace: Workspace, now: number): boolean {
  const { job, transition, resources } = workspace.latest_build
  if (!isJobFinished(job.status)) return true
  if (transition !== 'start' || job.status !== 'succeeded') return false
  if (job.completed_at !== undefined && now - Date.parse(job.completed_at) > AGENT_START_MS) return false
  return resources
    .flatMap((resource) => resource.agents ?? [])
    .some((agent) => agent.status === 'connecting' || agent.lifecycle_state === 'starting')
}
