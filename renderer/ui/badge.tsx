import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { toneSoft, type Tone } from './tone.ts'

export interface BadgeProps {
  readonly tone?: Tone | undefined
  readonly icon?: ReactNode
  /** An outline instead of a fill. */
  readonly outlined?: boolean | undefined
  readonly title?: string | undefined
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** One or two words about a thing. */
export function Badge({ tone = 'neutral', icon, outlined = false, title, className, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={classNames(
        'inline-flex h-5 flex-none items-center gap-1 rounded-sm px-1.5 text-sm font-medium whitespace-nowrap [&>.lucide]:size-3',
        outlined ? 'text-fg-2 ring-1 ring-line-strong ring-inset' : toneSoft[tone],
        !outlined && 'hc-edge',
        className,
      )}
    >
      {icon}
      {children}
    </span>
  )
}

/** A count that wants attention, as in the rail. */
export function CountPill({
  small = false,
  children,
}: {
  readonly small?: boolean
  readonly children: ReactNode
}) {
  return (
    <span
      className={classNames(
        'num block rounded-full bg-accent text-sm font-semibold text-on-accent',
        small ? 'px-1' : 'px-1.5',
      )}
    >
      {children}
    </span>
  )
}
