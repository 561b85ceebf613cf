import { classNames } from '../lib/class-names.ts'
import type { ReactNode } from 'react'

/** The states a shape exists for. */
export type Status =
  | 'running'
  | 'starting'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'pending'
  | 'deleting'
  | 'unhealthy'
  | 'waiting'
  | 'unknown'

const words: Record<Status, string> = {
  running: 'Running',
  starting: 'Starting',
  stopping: 'Stopping',
  stopped: 'Stopped',
  failed: 'Failed',
  pending: 'Pending',
  deleting: 'Deleting',
  unhealthy: 'Unhealthy',
  waiting: 'Waiting for you',
  unknown: 'Unknown',
}

const colours: Record<Status, string> = {
  running: 'text-ok',
  starting: 'text-busy',
  stopping: 'text-busy',
  stopped: 'text-idle',
  failed: 'text-bad',
  pending: 'text-warn',
  deleting: 'text-gone',
  unhealthy: 'text-warn',
  waiting: 'text-accent-fg',
  unknown: 'text-idle',
}

const turning = (
  <>
    <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.6" opacity="0.28" />
    <g className="spin [transform-box:view-box]">
      <path
        d="M6 1.6A4.4 4.4 0 0 1 10.4 6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </g>
  </>
)

const shapes: Record<Status, ReactNode> = {
  running: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  starting: turning,
  stopping: turning,
  stopped: (
    <rect x="2" y="2" width="8" height="8" rx="1.8" fill="none" stroke="currentColor" strokeWidth="1.5" />
  ),
  failed: (
    <path
      d="M6 1.3 11.3 10.7H.7z"
      fill="currentColor"
      stroke="currentColor"
      strokeWidth="0.8"
      strokeLinejoin="round"
    />
  ),
  pending: (
    <circle
      cx="6"
      cy="6"
      r="4.4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2.2 2.4"
    />
  ),
  deleting: <path d="M6 .8 11.2 6 6 11.2.8 6z" fill="currentColor" />,
  unhealthy: (
    <>
      <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <circle cx="6" cy="6" r="1.8" fill="currentColor" />
    </>
  ),
  waiting: (
    <path d="M2 2.5h8v5.5H6L3.6 10V8H2z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
  ),
  unknown: <path d="M2.5 6h7" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />,
}

export interface StatusMarkProps {
  readonly status: Status
  /** Better words than the plain state: `Starting the agent`. */
  readonly label?: string | undefined
  /** The shape alone; the words are still read to screen readers. */
  readonly hideLabel?: boolean | undefined
  readonly className?: string | undefined
}

/** A state as shape and word, so that colour is never alone. */
export function StatusMark({ status, label, hideLabel = false, className }: StatusMarkProps) {
  const text = label ?? words[status]
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-1.5 whitespace-nowrap',
        hideLabel ? 'flex-none' : 'min-w-0',
        className,
      )}
    >
      <svg
        viewBox="0 0 12 12"
        aria-hidden="true"
        data-status={status}
        className={classNames('size-3 flex-none overflow-visible', colours[status])}
      >
        {shapes[status]}
      </svg>
      <span className={hideLabel ? 'sr-only' : 'cut'}>{text}</span>
    </span>
  )
}
