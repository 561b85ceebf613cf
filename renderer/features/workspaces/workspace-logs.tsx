import { useEffect, useState, type ReactNode } from 'react'
import type { WorkspaceBuild } from '#bridge/contract/workspace-builds'
import type { Workspace } from '#bridge/contract/workspaces'
import { errorWords } from '../../api/error-words.ts'
import { useRead } from '../../api/use-call.ts'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LogView } from '../../ui/log/log-view.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { AgentLog } from './agent-log.tsx'
import { buildLogLines } from './build-log-lines.ts'
import { useBuildLogs, useSaveLog } from './use-build-logs.ts'
import { agentsOf, agentState, buildState } from './workspace-state.ts'

export interface WorkspaceLogsProps {
  readonly deploymentId: string
  readonly workspace: Workspace
}

type Chosen = { readonly kind: 'build' | 'agent'; readonly id: string }

/** Every build and agent of the workspace at the left, the log of the chosen one at the right. */
export function WorkspaceLogs({ deploymentId, workspace }: WorkspaceLogsProps) {
  const { latest_build: latest } = workspace
  const builds = useRead('workspaces.listBuilds', { deploymentId, workspaceId: workspace.id })
  const { refetch } = builds
  useEffect(() => void refetch(), [refetch, latest.id])
  const [chosen, setChosen] = useState<Chosen>()
  const agents = agentsOf(latest)
  // The live build is newer than the list that was read.
  const rows = [latest, ...(builds.data ?? []).filter(({ id }) => id !== latest.id)]
  const shown = chosen ?? { kind: 'build', id: latest.id }
  const build = rows.find(({ id }) => id === shown.id)
  const agent = agents.find(({ id }) => id === shown.id)
  return (
    <div className="grid h-full grid-cols-[220px_minmax(0,1fr)]">
      <nav aria-label="Logs" className="overflow-auto border-r border-line p-2">
        {agents.length === 0 ? null : <h2 className="px-2 pt-1 pb-1 text-sm text-fg-3">Agents</h2>}
        {agents.map((entry) => (
          <LogChoice
            key={entry.id}
            isChosen={shown.id === entry.id}
            onSelect={() => setChosen({ kind: 'agent', id: entry.id })}
          >
            <StatusMark status={agentState(entry).status} label={entry.name} />
          </LogChoice>
        ))}
        <h2 className="px-2 pt-2 pb-1 text-sm text-fg-3">Builds</h2>
        {rows.map((entry) => (
          <LogChoice
            key={entry.id}
            isChosen={shown.id === entry.id}
            onSelect={() => setChosen({ kind: 'build', id: entry.id })}
          >
            <BuildRow build={entry} />
          </LogChoice>
        ))}
        {builds.isPending ? <SkeletonRows rows={2} label="Loading builds" /> : null}
        {builds.isError ? (
          <ErrorState
            title="Older builds cannot be listed"
            details={errorWords(builds.error).detail}
            actions={<Button onClick={() => void refetch()}>Try again</Button>}
          >
            {errorWords(builds.error).message}
          </ErrorState>
        ) : null}
      </nav>
      <div className="min-h-0 min-w-0">
        {agent ? (
          <AgentLog
            key={agent.id}
            bare
            className="h-full"
            deploymentId={deploymentId}
            workspace={workspace}
            agent={agent}
          />
        ) : (
          <BuildLog
            key={build?.id}
            deploymentId={deploymentId}
            workspace={workspace}
            build={build ?? latest}
          />
        )}
      </div>
    </div>
  )
}

interface LogChoiceProps {
  readonly isChosen: boolean
  readonly onSelect: () => void
  readonly children: ReactNode
}

function LogChoice({ isChosen, onSelect, children }: LogChoiceProps) {
  return (
    <button
      type="button"
      aria-current={isChosen ? 'true' : undefined}
      onClick={onSelect}
      className={classNames(
        'flex min-h-8 w-full items-center rounded-md px-2 py-1 text-left',
        isChosen ? 'bg-active' : 'hover:bg-hover',
      )}
    >
      {children}
    </button>
  )
}

/** How the build went; "Running" is the workspace's state then, not the build's. */
function outcome(build: WorkspaceBuild): string {
  return build.job.status === 'succeeded' ? 'Done' : buildState(build).label
}

const transitionWords: Record<string, string> = { start: 'Start', stop: 'Stop', delete: 'Delete' }

function BuildRow({ build }: { readonly build: WorkspaceBuild }) {
  // A start that worked is done here, whatever runs now.
  const { status } = buildState(build)
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2" title={outcome(build)}>
      <StatusMark
        status={status === 'stopped' || status === 'deleting' ? 'running' : status}
        label={`${transitionWords[build.transition] ?? build.transition} ${build.build_number}`}
      />
      <RelativeTime value={build.created_at} className="ml-auto flex-none text-sm text-fg-3" />
    </span>
  )
}

function BuildLog({
  deploymentId,
  workspace,
  build,
}: WorkspaceLogsProps & { readonly build: WorkspaceBuild }) {
  const logs = useBuildLogs(deploymentId, build.id)
  const saveLog = useSaveLog()
  const lines = buildLogLines(logs.data ?? [])
  return (
    <LogView
      bare
      className="h-full"
      title={`Build ${build.build_number}`}
      lines={lines}
      live={logs.status === 'live' && build.job.completed_at === undefined}
      meta={build.job.error || outcome(build)}
      onDownload={() => saveLog(`${workspace.name}-${build.build_number}`, lines)}
      empty={logs.error ? errorWords(logs.error).message : undefined}
    />
  )
}
