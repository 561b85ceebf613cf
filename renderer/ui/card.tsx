import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export interface CardProps {
  readonly title?: ReactNode
  /** Behind the title: a state, a time. */
  readonly meta?: ReactNode
  /** Small ghost buttons at the right end of the header. */
  readonly actions?: ReactNode
  /** Without the inner space, for lists and logs. */
  readonly flush?: boolean | undefined
  readonly className?: string | undefined
  readonly children?: ReactNode
}

/** A titled group of things that belong together. */
export function Card({ title, meta, actions, flush = false, className, children }: CardProps) {
  const hasHeader = title !== undefined || actions !== undefined
  return (
    <section
      className={classNames(
        'min-w-0 overflow-hidden rounded-lg border border-line-strong bg-card',
        className,
      )}
    >
      {hasHeader ? (
        <header className="flex h-10 flex-none items-center gap-2 border-b border-line pr-2 pl-3.5">
          <h2 className="cut font-semibold">{title}</h2>
          {meta === undefined ? null : <div className="cut shrink-[1000] text-sm text-fg-3">{meta}</div>}
          {actions === undefined ? null : <div className="ml-auto flex items-center gap-1">{actions}</div>}
        </header>
      ) : null}
      {flush ? children : <div className="p-3.5">{children}</div>}
    </section>
  )
}

/** A row in a flush Card, with a line to the next one. */
export function CardRow({
  className,
  children,
}: {
  readonly className?: string | undefined
  readonly children: ReactNode
}) {
  return (
    <div
      className={classNames(
        'flex min-h-9 min-w-0 items-center gap-3 border-line px-3.5 py-1.5 not-last:border-b',
        className,
      )}
    >
      {children}
    </div>
  )
}
