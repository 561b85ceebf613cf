import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export interface KeyValueProps {
  /** Pairs in order; a pair whose value is undefined or null is left out. */
  readonly items: readonly (readonly [label: ReactNode, value: ReactNode])[]
  readonly className?: string | undefined
}

/** Names and values in two columns, as in an inspector. */
export function KeyValue({ items, className }: KeyValueProps) {
  return (
    <dl
      className={classNames('grid grid-cols-[minmax(72px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5', className)}
    >
      {items.map(([label, value], index) =>
        value === undefined || value === null ? null : (
          <div key={index} className="contents">
            <dt className="text-fg-3">{label}</dt>
            <dd className="min-w-0 break-words copyable">{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
