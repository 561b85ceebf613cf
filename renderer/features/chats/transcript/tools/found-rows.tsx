import type { ReactNode } from 'react'
import { CardBody } from '../tool-card.tsx'

/** Rows below each other in a bounded height, and what is to be said of those that are not there. */
export function FoundRows({
  left,
  children,
}: {
  readonly left: string | undefined
  readonly children: ReactNode
}) {
  return (
    <CardBody>
      <div
        tabIndex={0}
        role="group"
        aria-label="What was found"
        className="copyable max-h-80 overflow-auto py-1 focus-visible:-outline-offset-2"
      >
        {children}
      </div>
      {left === undefined ? null : (
        <p className="border-t border-line px-2.5 py-1 text-sm text-fg-3">{left}</p>
      )}
    </CardBody>
  )
}
