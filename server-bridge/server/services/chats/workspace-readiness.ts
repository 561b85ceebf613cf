import type { Workspace } from '../../../contract/workspaces.ts'
import { isJobFinished } from '../../../contract/provisioner-jobs.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { JobLogs } from '../job-logs.ts'
import type { Topics } from '../topics.ts'
import type { ToolOutcome } from './tool-box.ts'

export interface ReadinessDeps {
  readonly clock: Clock
  readonly topics: Pick<Topics, 'workspace'>
  readonly jobLogs: Pick<JobLogs, 'read'>
}

/** A workspace, and how to look at it anew. */
export interface WatchedWorkspace {
  readonly id: string
  readonly read: () => Workspace
}

/** agents-api 12.2 */
const BUILD_MS = 10 * 60_000
const CONNECT_MS = 2 * 60_000
const SCRIPTS_MS = 10 * 60_000
const MAX_LOG_CHARS = 4000

/** What a failed build said last. */
function lastOfLog({ jobLogs }: ReadinessDeps, jobId: string): string {
  const lines = jobLogs.read(jobId, 0).map(({ output }) => output)
  return lines.join('\n').trim().slice(-MAX_LOG_CHARS)
}

/** Waits for the end of the workspace's last build. `undefined`: it went well; else what the model is told. */
export async function waitForBuild(
  deps: ReadinessDeps,
  workspace: WatchedWorkspace,
  signal: AbortSignal,
): Promise<ToolOutcome | undefined> {
  const job = await waitUntil(deps, workspace, { ms: BUILD_MS, signal }, ({ latest_build: build }) =>
    isJobFinished(build.job.status) ? build.job : undefined,
  )
  const { id: build_id, transition } = workspace.read().latest_build
  if (job?.status === 'succeeded') return undefined
  const error = job
    ? `The ${transition} of the workspace ${job.status === 'canceled' ? 'was cancelled' : 'failed'}: ${job.error ?? 'no reason was given'}`
    : `The ${transition} of the workspace has taken more than ${BUILD_MS / 60_000} minutes, and goes on.`
  const log = job ? lastOfLog(deps, job.id) : ''
  return { result: { error, build_id, ...(log === '' ? {} : { build_log: log }) }, is_error: true }
}

/** Waits until commands can be run in it, and tells how far it came. */
export async function waitForAgent(deps: ReadinessDeps, workspace: WatchedWorkspace, signal: AbortSignal) {
  const agentOf = ({ latest_build: build }: Workspace) =>
    build.resources.flatMap((resource) => resource.agents ?? [])[0]
  if (!agentOf(workspace.read())) return { agent_status: 'none' }
  const connected = await waitUntil(deps, workspace, { ms: CONNECT_MS, signal }, (now) =>
    agentOf(now)?.status === 'connected' ? true : undefined,
  )
  if (connected === undefined)
    return {
      agent_status: agentOf(workspace.read())?.status ?? 'timeout',
      agent_error: `The agent has not connected within ${CONNECT_MS / 60_000} minutes.`,
    }
  const lifecycle = await waitUntil(deps, workspace, { ms: SCRIPTS_MS, signal }, (now) => {
    const state = agentOf(now)?.lifecycle_state
    return state === 'created' || state === 'starting' ? undefined : state
  })
  const state = lifecycle ?? agentOf(workspace.read())?.lifecycle_state ?? 'starting'
  const scripts = { ready: 'succeeded', starting: 'still running' }[state] ?? 'failed'
  return { agent_status: 'connected', lifecycle_state: state, startup_scripts: scripts }
}

/** `undefined` when the time is over. @throws when nobody wants it any more */
function waitUntil<T>(
  { clock, topics }: ReadinessDeps,
  { id, read }: WatchedWorkspace,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
  look: (workspace: Workspace) => T | undefined,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = []
    const end = (finish: () => void): void => {
      for (const stop of stops.splice(0)) stop()
      finish()
    }
    const check = (): void => {
      try {
        signal.throwIfAborted()
        const found = look(read())
        if (found !== undefined) end(() => resolve(found))
      } catch (error) {
        end(() => reject(error as Error))
      }
    }
    signal.addEventListener('abort', check)
    stops.push(
      () => signal.removeEventListener('abort', check),
      topics.workspace.subscribe(id, check),
      clock.after(ms, () => end(() => resolve(undefined))),
    )
    check()
  })
}
