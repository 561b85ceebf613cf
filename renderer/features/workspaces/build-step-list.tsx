import { StatusMark, type Status } from '../../ui/status-mark.tsx'
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
          {step.startedAt !== undefined && (step.endedAt !== undefined || step.state === 'running') ? (
            <Elapsed since={step.startedAt} until={step.endedAt} className="ml-auto text-sm text-fg-3" />
          ) : null}
        </li>
      ))}
    </ol>
  )
}
