import { Fragment, type ReactNode } from 'react'
import { ChevronRightIcon } from './icons.tsx'

export interface Crumb {
  readonly label: string
  readonly onSelect: () => void
}

export interface BreadcrumbsProps {
  /** The way here, without this page. */
  readonly trail: readonly Crumb[]
  /** This page, as its heading. */
  readonly current: ReactNode
}

/** The way to this page; the last part is the page's heading. */
export function Breadcrumbs({ trail, current }: BreadcrumbsProps) {
  return (
    <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-1.5">
      {trail.map((crumb) => (
        <Fragment key={crumb.label}>
          <button
            type="button"
            onClick={crumb.onSelect}
            className="cut max-w-40 flex-none rounded-sm text-fg-3 hover:text-fg"
          >
            {crumb.label}
          </button>
          <ChevronRightIcon className="size-3.5 text-fg-3" />
        </Fragment>
      ))}
      <h1 className="cut text-lg font-semibold" aria-current="page">
        {current}
      </h1>
    </nav>
  )
}
