import type { Workspace } from '#bridge/contract/workspaces'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { XIcon } from '../../ui/icons.tsx'
import { LogView } from '../../ui/log/log-view.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Elapsed } from '../../ui/time.tsx'
import { buildLogLines } from './build-log-lines.ts'
import { BuildStepList } from './build-step-list.tsx'
import { buildSteps } from './build-steps.ts'
import { useBuildLogs, useSaveLog } from './use-build-logs.ts'
import { workspaceActions } from './workspace-state.ts'

export interface BuildPanelProps {
  readonly deploymentId: string
  readonly workspace: Workspace
}

/** The latest build of a workspace while it runs: named steps, the live log, and a way to cancel. */
export function BuildPanel({ deploymentId, workspace }: BuildPanelProps) {
  const build = workspace.latest_build
  const logs = useBuildLogs(deploymentId, build.id)
  const saveLog = useSaveLog()
  const lines = buildLogLines(logs.data ?? [])
  const { isBuilding, canCancel } = workspaceActions(workspace)
  return (
    <div className="flex h-full min-h-0 flex-col gap-4">
      <Card
        className="flex-none"
        title={`Build of ${workspace.name}`}
        actions={
          <Elapsed
            since={build.created_at}
            until={build.job.completed_at}
            className="pr-1.5 text-sm text-fg-3"
          />
        }
      >
        <BuildStepList steps={buildSteps(build, logs.data ?? [])} />
      </Card>
      <LogView
        className="h-72 flex-none mid:h-auto mid:min-h-48 mid:flex-1"
        title="Build log"
        lines={lines}
        live={isBuilding && logs.status === 'live'}
        onDownload={() => saveLog(`${workspace.name}-${build.build_number}`, lines)}
        empty={logs.error ? errorWords(logs.error).message : undefined}
      />
      {isBuilding ? (
        <div className="flex items-center gap-2">
          <span className="text-sm text-fg-3">Goes on if you leave this page.</span>
          {canCancel ? <CancelBuild deploymentId={deploymentId} buildId={build.id} /> : null}
        </div>
      ) : null}
    </div>
  )
}

/** Asks the deployment to cancel a build. */
export function CancelBuild({
  deploymentId,
  buildId,
}: {
  readonly deploymentId: string
  readonly buildId: string
}) {
  const cancel = useChange('workspaces.cancelBuild')
  return (
    <div className="ml-auto flex items-center gap-2">
      {cancel.error ? <Notice tone="bad">{errorWords(cancel.error).message}</Notice> : null}
      <Button
        variant="danger"
        icon={<XIcon />}
        loading={cancel.isPending || cancel.isSuccess}
        onClick={() => cancel.mutate({ deploymentId, buildId })}
      >
        Cancel build
      </Button>
    </div>
  )
}
