import type { Deployment } from '#ipc/deployments'
import type { LatencySample } from '#ipc/diagnostics'
import { Card } from '../../ui/card.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Countdown } from '../../ui/time.tsx'
import { deploymentState } from '../deployments/index.ts'
import { latencyFigures, milliseconds } from './figures.ts'

/** How a deployment is reached now, and how long it took to answer in the last minutes. */
export function ConnectionCard({
  deployment,
  latency,
}: {
  readonly deployment: Deployment
  readonly latency: readonly LatencySample[]
}) {
  const { state, url, version, user } = deployment
  return (
    <Card title="Connection" meta={deployment.name}>
      <KeyValue
        items={[
          ['State', <StatusMark key="state" {...deploymentState(state)} />],
          ['Waits for', state.kind === 'unreachable' ? <Waiting key="waits" state={state} /> : undefined],
          ['Address', url === '' ? undefined : url],
          ['Version', version ?? undefined],
          ['Signed in as', user?.username ?? undefined],
          ['Latency', <Latency key="latency" samples={latency} />],
        ]}
      />
    </Card>
  )
}

function Waiting({ state }: { readonly state: Extract<Deployment['state'], { kind: 'unreachable' }> }) {
  return (
    <>
      {state.reason}{' '}
      {state.retryAt === null ? null : (
        <span className="text-fg-3">
          Next try in <Countdown to={state.retryAt} over="a moment" />.
        </span>
      )}
    </>
  )
}

function Latency({ samples }: { readonly samples: readonly LatencySample[] }) {
  const figures = latencyFigures(samples)
  if (figures === undefined) return <span className="text-fg-3">Not measured yet</span>
  const { min, median, max, last } = figures
  const words = `${milliseconds(min)} at best, ${milliseconds(median)} in the middle, ${milliseconds(max)} at worst`
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="num font-medium">{milliseconds(last)}</span>
      <Sparkline
        values={samples.map(({ latencyMs }) => latencyMs)}
        label={`Latency of the last minutes: ${words}`}
      />
      <span className="num text-sm text-fg-3">
        {milliseconds(min)} min · {milliseconds(median)} median · {milliseconds(max)} max
      </span>
    </span>
  )
}
