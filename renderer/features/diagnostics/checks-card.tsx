import type { Check, CheckId } from '#bridge/contract/connection-checks'
import type { CheckReport } from '#ipc/diagnostics'
import { useApi } from '../../api/api-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/code.tsx'
import { StatusMark, type Status } from '../../ui/status-mark.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { milliseconds } from './figures.ts'
import { runChecks, useCheckRun, type Run } from './runs.ts'

const names: Record<CheckId, string> = {
  dns: 'Name',
  tcp: 'Connection',
  tls: 'Certificate',
  http: 'Coder',
  clock: 'Clock',
  token: 'Sign-in',
  websocket: 'WebSockets',
  health: 'Health',
}

const statuses: Record<Check['status'], { readonly status: Status; readonly label: string }> = {
  running: { status: 'starting', label: 'Running' },
  ok: { status: 'running', label: 'Good' },
  warning: { status: 'unhealthy', label: 'Warning' },
  failed: { status: 'failed', label: 'Failed' },
  skipped: { status: 'unknown', label: 'Left out' },
}

/** Step by step from the name of the host to what the deployment says of itself. */
export function ChecksCard({ deploymentId }: { readonly deploymentId: string }) {
  const run = useCheckRun(deploymentId)
  return (
    <Card title="Checks" meta={metaOf(run)} actions={<Actions deploymentId={deploymentId} run={run} />} flush>
      {run === undefined ? (
        <p className="px-3.5 py-3 text-fg-2">
          They go the way to the deployment step by step, and say what to do where it ends. It takes a few
          seconds.
        </p>
      ) : (
        <Results run={run} />
      )}
    </Card>
  )
}

type CheckRun = Run<CheckReport>

function metaOf(run: CheckRun | undefined) {
  if (run?.cancel !== undefined) return 'Running'
  return run?.told?.isDone === true ? <RelativeTime value={run.at} /> : undefined
}

function Actions({
  deploymentId,
  run,
}: {
  readonly deploymentId: string
  readonly run: CheckRun | undefined
}) {
  const { client } = useApi()
  if (run?.cancel !== undefined) {
    return (
      <Button size="sm" onClick={run.cancel}>
        Cancel
      </Button>
    )
  }
  return (
    <>
      {run?.told?.isDone === true ? (
        <CopyButton text={asText(run.told.checks)} label="Copy the checks" />
      ) : null}
      <Button size="sm" onClick={() => runChecks(client, deploymentId)}>
        {run === undefined ? 'Run checks' : 'Run again'}
      </Button>
    </>
  )
}

function Results({ run: { told, cancel, problem } }: { readonly run: CheckRun }) {
  return (
    <>
      {told === undefined && cancel !== undefined ? (
        <p className="px-3.5 py-3 text-fg-2">Looking for the deployment.</p>
      ) : null}
      {told === undefined ? null : (
        <>
          <ol aria-label="Checks" aria-busy={cancel !== undefined}>
            {told.checks.map((check) => (
              <li key={check.id} className="border-line not-last:border-b">
                <CheckRow check={check} />
              </li>
            ))}
          </ol>
          <p className="border-t border-line px-3.5 py-2 text-sm text-fg-3">{told.route}</p>
        </>
      )}
      {problem === undefined ? null : (
        <p role="status" className="border-line px-3.5 py-2 text-fg-2 not-first:border-t">
          {problem}
        </p>
      )}
    </>
  )
}

function CheckRow({ check }: { readonly check: Check }) {
  const { id, status, ms, found, advice } = check
  return (
    <CardRow className="items-start">
      <span className="flex h-5 w-28 flex-none items-center gap-2">
        <StatusMark {...statuses[status]} hideLabel />
        <span className="cut font-medium">{names[id]}</span>
      </span>
      <span className="min-w-0 flex-1 break-words copyable">
        <span className={status === 'skipped' ? 'text-fg-3' : 'text-fg-2'}>{found}</span>
        {advice === null ? null : <span className="block font-medium text-fg">{advice}</span>}
      </span>
      <span className="num flex-none text-sm leading-5 text-fg-3">{ms === null ? '' : milliseconds(ms)}</span>
    </CardRow>
  )
}

function asText(checks: readonly Check[]): string {
  return checks
    .map(({ id, status, ms, found, advice }) =>
      [
        `${names[id]}: ${statuses[status].label}`,
        ms === null ? '' : `(${milliseconds(ms)})`,
        found,
        advice ?? '',
      ]
        .filter(Boolean)
        .join(' '),
    )
    .join('\n')
}
