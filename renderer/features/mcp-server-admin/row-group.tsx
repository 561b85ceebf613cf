import { useId, type ReactNode } from 'react'
import { TriangleAlertIcon } from '../../ui/icons.tsx'

export interface RowGroupProps {
  readonly title: string
  readonly help?: ReactNode
  /** About the list as a whole. */
  readonly error?: string | undefined
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** A titled list of rows inside of a form. */
export function RowGroup({ title, help, error, actions, children }: RowGroupProps) {
  const id = useId()
  return (
    <div role="group" aria-labelledby={id} className="flex flex-col gap-2">
      <div className="flex min-h-6 items-center gap-2">
        <h3 id={id} className="font-medium">
          {title}
        </h3>
        {actions === undefined ? null : <div className="ml-auto flex items-center gap-1">{actions}</div>}
      </div>
      {help === undefined ? null : <p className="-mt-1.5 text-sm text-fg-3">{help}</p>}
      {children}
      {error === undefined ? null : (
        <p role="alert" className="flex gap-1.5 text-sm text-bad-fg copyable">
          <TriangleAlertIcon className="mt-px size-3.5 flex-none" />
          {error}
        </p>
      )}
    </div>
  )
}
