import { useId, useState } from 'react'
import type { ChatDebugStep } from '#bridge/contract/chats-debug'
import { classNames } from '../../lib/class-names.ts'
import { formatElapsed } from '../../lib/duration.ts'
import { ChevronRightIcon } from '../../ui/icons.tsx'
import { LogView } from '../../ui/log/log-view.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { numberOf, statusWords, stepTokens, textOf } from './debug-words.ts'
import { jsonLines } from './json-lines.ts'

type Side = 'request' | 'response'
const sides: readonly { readonly value: Side; readonly label: string }[] = [
  { value: 'request', label: 'Request' },
  { value: 'response', label: 'Response' },
]

/** One call to a model: how it went, and what was asked and answered once that is wanted. */
export function DebugStep({ step }: { readonly step: ChatDebugStep }) {
  const [isOpen, setIsOpen] = useState(false)
  const body = useId()
  const ended = step.finished_at
  const facts = [
    ended === undefined ? undefined : formatElapsed(Date.parse(ended) - Date.parse(step.started_at)),
    stepTokens(step),
    step.attempts.length > 1 ? `${step.attempts.length} attempts` : undefined,
  ].filter((fact) => fact !== undefined)
  return (
    <li className="border-t border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={body}
        className="flex w-full min-w-0 items-center gap-2 py-1.5 pr-3 pl-6 text-left hover:bg-hover focus-visible:-outline-offset-2"
        onClick={() => setIsOpen(!isOpen)}
      >
        <ChevronRightIcon className={classNames('size-3.5 flex-none text-fg-3', isOpen && 'rotate-90')} />
        <span className="flex-none font-medium">Step {step.step_number}</span>
        <StatusMark {...statusWords(step.status)} hideLabel={step.status === 'completed'} />
        <span className="num ml-auto cut text-sm text-fg-3">{facts.join(' · ')}</span>
      </button>
      <div id={body} hidden={!isOpen} className="px-3 pb-3 pl-6">
        {isOpen ? <Body step={step} /> : null}
      </div>
    </li>
  )
}

function Body({ step }: { readonly step: ChatDebugStep }) {
  const [side, setSide] = useState<Side>('request')
  const error = step.error ?? undefined
  return (
    <div className="flex min-w-0 flex-col gap-2.5">
      {error === undefined ? null : (
        <Notice tone="bad" title={textOf(error, 'message') ?? 'The call failed'}>
          {textOf(error, 'detail')}
        </Notice>
      )}
      <Attempts attempts={step.attempts} />
      <div className="flex">
        <Segmented
          aria-label={`What of step ${step.step_number}`}
          options={sides}
          value={side}
          onChange={setSide}
        />
      </div>
      <LogView
        key={side}
        className="h-80"
        title={side === 'request' ? 'Request' : 'Response'}
        lines={side === 'request' ? jsonLines(step.normalized_request) : responseLines(step)}
        showTime={false}
        wraps
        empty={step.status === 'in_progress' ? 'The model has not answered yet.' : 'The model said nothing.'}
      />
    </div>
  )
}

const responseLines = ({ normalized_response: response, usage }: ChatDebugStep) =>
  response === undefined || response === null ? [] : jsonLines(usage ? { ...response, usage } : response)

/** Tries that came before the last one. Nothing where the first went well. */
function Attempts({ attempts }: Pick<ChatDebugStep, 'attempts'>) {
  if (attempts.length < 2) return null
  return (
    <ol aria-label="Attempts" className="flex flex-col gap-1 text-sm text-fg-2">
      {attempts.map((attempt, index) => {
        const status = numberOf(attempt, 'response_status')
        const took = numberOf(attempt, 'duration_ms')
        const wait = numberOf(attempt, 'retry_delay_ms')
        const facts = [
          status === undefined ? undefined : `HTTP ${status}`,
          took === undefined ? undefined : formatElapsed(took),
          textOf(attempt, 'error'),
          wait === undefined ? undefined : `tried again after ${formatElapsed(wait)}`,
        ].filter((fact) => fact !== undefined)
        return (
          <li key={index} className="flex min-w-0 items-start gap-2">
            <span className="num flex-none">{numberOf(attempt, 'number') ?? index + 1}.</span>
            <StatusMark {...statusWords(textOf(attempt, 'status') ?? '')} className="flex-none" />
            <span className="copyable min-w-0 break-words text-fg-3">{facts.join(' · ')}</span>
          </li>
        )
      })}
    </ol>
  )
}
