import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../../ui/button.tsx'
import { CheckIcon, SearchIcon } from '../../ui/icons.tsx'
import { type FirstStep, firstSteps, type StepName } from './setup-steps.ts'
import type { ModelsList } from './use-ai-models.ts'

export interface FirstStepsProps {
  readonly deploymentName: string
  /** The one the deployment runs on, in words. */
  readonly computer: string
  readonly list: ModelsList
  readonly onStep: (step: StepName) => void
  /** Undefined where the deployment cannot look for models. */
  readonly onFind: (() => void) | undefined
}

/** In place of an empty page: what agents need before the first chat, one step after the other. */
export function FirstSteps({ deploymentName, computer, list, onStep, onFind }: FirstStepsProps) {
  const steps = firstSteps(list)
  const current = steps.find(({ isDone }) => !isDone)
  return (
    <section
      aria-label="Set up agents"
      className="mx-auto flex w-full max-w-[520px] flex-col gap-4 rounded-lg border border-line-strong bg-card p-5"
    >
      <div>
        <h2 className="text-lg font-semibold">Agents need a model</h2>
        <p className="text-fg-2">
          {deploymentName} asks it on behalf of everybody’s chats. Three steps, and the first chat can start.
        </p>
      </div>
      <ol className="flex flex-col gap-3">
        {steps.map((step, index) => (
          <Step key={step.name} step={step} number={index + 1} isCurrent={step === current}>
            <Button variant="primary" onClick={() => onStep(step.name)}>
              {step.action}
            </Button>
            {step.name === 'provider' && onFind !== undefined ? (
              <Button icon={<SearchIcon />} onClick={onFind}>
                Look for models on {computer}
              </Button>
            ) : null}
          </Step>
        ))}
      </ol>
    </section>
  )
}

interface StepProps {
  readonly step: FirstStep
  readonly number: number
  readonly isCurrent: boolean
  readonly children: ReactNode
}

function Step({ step, number, isCurrent, children }: StepProps) {
  return (
    <li aria-current={isCurrent ? 'step' : undefined} className="flex gap-3">
      <span
        className={classNames(
          'grid size-6 flex-none place-items-center rounded-full text-sm font-semibold hc-edge [&>.lucide]:size-3.5',
          step.isDone
            ? 'bg-ok-bg text-ok-fg'
            : isCurrent
              ? 'bg-accent text-on-accent'
              : 'bg-idle-bg text-fg-3',
        )}
      >
        {step.isDone ? <CheckIcon aria-label="Done" /> : number}
      </span>
      <div className="min-w-0 pt-0.5">
        <div className={classNames('font-medium', !isCurrent && 'text-fg-2')}>{step.title}</div>
        {isCurrent ? (
          <>
            <p className="text-fg-2">{step.help}</p>
            <div className="mt-2 flex flex-wrap gap-2">{children}</div>
          </>
        ) : null}
      </div>
    </li>
  )
}
