import { useEffect, type ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { Breadcrumbs, type Crumb } from './breadcrumbs.tsx'

export interface PageHeaderProps {
  /** The heading, and the title of the window. */
  readonly title: string
  /** Behind the title: how many. */
  readonly count?: number | undefined
  /** The way here. */
  readonly trail?: readonly Crumb[] | undefined
  /** State, badges, times. The first to give way in a narrow window. */
  readonly meta?: ReactNode
  /** The primary action last. */
  readonly actions?: ReactNode
}

/** The 48 px on top of a page: what it is, its state, what to do. */
export function PageHeader({ title, count, trail, meta, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Outpost`
  }, [title])
  return (
    <div className="flex h-(--h-pagehead) min-w-0 flex-none items-center gap-2 pr-3 pl-5">
      {trail === undefined || trail.length === 0 ? (
        <h1 className="cut text-lg font-semibold">{title}</h1>
      ) : (
        <Breadcrumbs trail={trail} current={title} />
      )}
      {count === undefined ? null : <span className="num text-fg-3">{count.toLocaleString()}</span>}
      {meta === undefined ? null : (
        <div className="ml-1 flex min-w-0 items-center gap-2 overflow-hidden">{meta}</div>
      )}
      {actions === undefined ? null : (
        <div className="ml-auto flex flex-none items-center gap-2">{actions}</div>
      )}
    </div>
  )
}

export interface PageToolbarProps {
  readonly children: ReactNode
  /** At the right end. */
  readonly end?: ReactNode
  readonly className?: string | undefined
}

/** A 44 px bar below the header: search, filters, views. */
export function PageToolbar({ children, end, className }: PageToolbarProps) {
  return (
    <div
      className={classNames(
        'flex h-11 min-w-0 flex-none items-center gap-2 border-b border-line pr-3 pl-5',
        className,
      )}
    >
      {children}
      {end === undefined ? null : <div className="ml-auto flex flex-none items-center gap-2">{end}</div>}
    </div>
  )
}
