import { StatusMark, type Status } from '../../ui/status-mark.tsx'
import { formatElapsed } from '../../lib/duration.ts'
import { Elapsed } from '../../ui/time.tsx'
import type { BuildStep } from './build-steps.ts'

const marks: Record<BuildStep['state'], Status> = {
  waiting: 'pending',
  running: 'starting',
  done: 'running',
  failed: 'failed',
  cancelled: 'stopped',
}

const spoken: Record<BuildStep['state'], string> = {
  waiting: 'waits',
  running: 'runs',
  done: 'done',
  failed: 'failed',
  cancelled: 'did not run',
}

/** The steps of a build, each with its time. */
export function BuildStepList({ steps }: { readonly steps: readonly BuildStep[] }) {
  return (
    <ol className="flex flex-col gap-2">
      {steps.map((step) => (
        <li key={step.name} className="flex items-center gap-2">
          <StatusMark status={marks[step.state]} label={`${step.name}, ${spoken[step.state]}`} hideLabel />
          <span aria-hidden="true" className={step.state === 'waiting' ? 'cut text-fg-3' : 'cut'}>
            {step.name}
          </span>
          <StepTime step={step} />
        </li>
      ))}
    </ol>
  )
}

function StepTime({ step }: { readonly step: BuildStep }) {
  const { startedAt, endedAt, state } = step
  if (startedAt === undefined) return null
  if (endedAt !== undefined) {
    return (
      <span className="num ml-auto text-sm text-fg-3">
        {formatElapsed(Date.parse(endedAt) - Date.parse(startedAt))}
      </span>
    )
  }
  return state === 'running' ? <Elapsed since={startedAt} className="ml-auto text-sm text-fg-3" /> : null
}
