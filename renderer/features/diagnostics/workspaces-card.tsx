import type { Workspace } from '#bridge/contract/workspaces'
import type { WorkspaceProbe } from '#bridge/contract/workspace-probe'
import type { WorkspaceLinkView } from '#ipc/diagnostics'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { megabits, median, milliseconds } from './figures.ts'
import { runProbe, useProbeRun, type Run } from './runs.ts'

/** The user's workspaces that run: by which way they are reached, and how fast that is. */
export function WorkspacesCard({
  deploymentId,
  links,
}: {
  readonly deploymentId: string
  readonly links: readonly WorkspaceLinkView[]
}) {
  const { data, error, retry } = useSubscription('workspaces.watchList', { deploymentId, q: 'owner:me' })
  const running = data?.workspaces.filter(({ latest_build: { status } }) => status === 'running')
  return (
    <Card title="Workspaces" meta="Measured over SSH, as tunnels and files go" flush>
      {error ? (
        <div className="flex items-center gap-3 px-3.5 py-3">
          <p role="alert" className="min-w-0 flex-1 text-fg-2">
            {errorWords(error).message}
          </p>
          <Button onClick={retry}>Try again</Button>
        </div>
      ) : running === undefined ? (
        <SkeletonRows rows={2} label="Loading the workspaces" />
      ) : running.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-2">
          None of your workspaces is running. Start one, and you can measure the way to it here.
        </p>
      ) : (
        running.map((workspace) => (
          <WorkspaceRow
            key={workspace.id}
            deploymentId={deploymentId}
            workspace={workspace}
            link={links.find(({ workspaceId }) => workspaceId === workspace.id)}
          />
        ))
      )}
    </Card>
  )
}

function WorkspaceRow({
  deploymentId,
  workspace: { id, name },
  link,
}: {
  readonly deploymentId: string
  readonly workspace: Workspace
  readonly link: WorkspaceLinkView | undefined
}) {
  const { client } = useApi()
  const run = useProbeRun(deploymentId, id)
  const start = (kind: 'ping' | 'speed') => () => runProbe(client, { deploymentId, workspaceId: id, kind })
  return (
    <CardRow className="flex-wrap gap-y-1">
      <span className="min-w-32 flex-1">
        <span className="cut block font-medium copyable">{name}</span>
        <span className="block text-sm text-fg-3">{linkWords(link)}</span>
      </span>
      {run?.cancel === undefined ? (
        <span className="flex gap-1">
          <Button size="sm" aria-label={`Ping ${name}`} onClick={start('ping')}>
            Ping
          </Button>
          <Button size="sm" aria-label={`Speed test of ${name}`} onClick={start('speed')}>
            Speed test
          </Button>
        </span>
      ) : (
        <Button size="sm" aria-label={`Cancel the measurement of ${name}`} onClick={run.cancel}>
          Cancel
        </Button>
      )}
      {run === undefined ? null : <Result name={name} run={run} />}
    </CardRow>
  )
}

const phases: Record<WorkspaceProbe['phase'], string> = {
  connecting: 'Connecting',
  ping: 'Measuring the round trip',
  download: 'Measuring the download',
  upload: 'Measuring the upload',
  done: 'Done',
  failed: 'Failed',
}

function Result({
  name,
  run: { told, cancel, problem },
}: {
  readonly name: string
  readonly run: Run<WorkspaceProbe>
}) {
  const trips = told?.roundTripsMs ?? []
  const reason = problem ?? told?.reason
  return (
    <div className="w-full" aria-live="polite">
      {cancel === undefined ? null : (
        <div className="flex items-center gap-3 text-sm text-fg-2">
          <span className="flex-none">{phases[told?.phase ?? 'connecting']}</span>
          <ProgressBar label={`Measuring the way to ${name}`} className="flex-1" />
        </div>
      )}
      <dl className="num flex flex-wrap gap-x-5 text-fg-2">
        {trips.length === 0 ? null : (
          <Figure
            label="Round trip"
            value={milliseconds(median(trips))}
            detail={`${milliseconds(Math.min(...trips))} to ${milliseconds(Math.max(...trips))}`}
          />
        )}
        {told?.download ? <Figure label="Download" value={megabits(told.download)} /> : null}
        {told?.upload ? <Figure label="Upload" value={megabits(told.upload)} /> : null}
      </dl>
      {reason ? (
        <p role="status" className="text-fg-2 copyable">
          {reason}
        </p>
      ) : null}
    </div>
  )
}

function Figure({
  label,
  value,
  detail,
}: {
  readonly label: string
  readonly value: string
  readonly detail?: string | undefined
}) {
  return (
    <div className="flex items-baseline gap-1.5">
      <dt className="text-sm text-fg-3">{label}</dt>
      <dd className="font-medium text-fg copyable">{value}</dd>
      {detail === undefined ? null : <dd className="text-sm text-fg-3">{detail}</dd>}
    </div>
  )
}

function linkWords(link: WorkspaceLinkView | undefined): string {
  if (link === undefined) return 'Not connected by SSH since the app started'
  if (link.transport === 'websocket') return 'Over the deployment’s own WebSocket'
  const { network } = link
  if (network === null) return 'Over Coder’s command line'
  if (network.isCoderConnect) return 'Through Coder Connect'
  return network.isDirect
    ? `Direct, ${milliseconds(network.latencyMs)}`
    : `Relayed${network.relay === '' ? '' : ` by ${network.relay}`}, ${milliseconds(network.latencyMs)}`
}
