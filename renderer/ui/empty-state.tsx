import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export interface EmptyStateProps {
  readonly icon: ReactNode
  /** What is not here: `No tunnels yet`. */
  readonly title: string
  /** What it is and why it is empty. */
  readonly children?: ReactNode
  /** The one next action, and at most one other. */
  readonly actions?: ReactNode
  /** A small line below. */
  readonly footnote?: ReactNode
  readonly tone?: 'accent' | 'warn' | undefined
  readonly className?: string | undefined
}

/** In place of a list with nothing in it: what this is, why it is empty, what to do. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
  footnote,
  tone = 'accent',
  className,
}: EmptyStateProps) {
  return (
    <div
      className={classNames(
        'flex h-full flex-col items-center justify-center gap-1 p-6 text-center',
        className,
      )}
    >
      <span
        className={classNames(
          'mb-3 grid size-10 place-items-center rounded-lg hc-edge [&>svg]:size-5',
          tone === 'accent' ? 'bg-accent-soft text-accent-fg' : 'bg-warn-bg text-warn-fg',
        )}
      >
        {icon}
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      {children ? <div className="max-w-[340px] text-fg-2">{children}</div> : null}
      {actions ? <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div> : null}
      {footnote ? <div className="mt-2 text-sm text-fg-3">{footnote}</div> : null}
    </div>
  )
}
