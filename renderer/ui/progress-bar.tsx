import { classNames } from '../lib/class-names.ts'

export interface ProgressBarProps {
  /** 0 to 1; leave out while the end is not known. */
  readonly value?: number | undefined
  readonly tone?: 'accent' | 'warn' | 'bad' | undefined
  readonly label: string
  readonly className?: string | undefined
}

const fills = { accent: 'bg-accent-fg', warn: 'bg-warn', bad: 'bg-bad' }

/** A thin bar: how far something is, or how full. Say the numbers beside it. */
export function ProgressBar({ value, tone = 'accent', label, className }: ProgressBarProps) {
  const share = value === undefined ? undefined : Math.min(1, Math.max(0, value))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === undefined ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      className={classNames('h-1 overflow-hidden rounded-full bg-track', className)}
    >
      {share === undefined ? (
        <div className={classNames('h-full w-2/5 slide rounded-full', fills[tone])} />
      ) : (
        <div
          className={classNames('h-full origin-left rounded-full', fills[tone])}
          style={{ width: `${share * 100}%` }}
        />
      )}
    </div>
  )
}
