import type { MouseEvent } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { CheckIcon, MinusIcon } from '../icons.tsx'

export interface RowCheckProps {
  readonly label: string
  readonly checked: boolean
  /** Some, but not all. */
  readonly mixed?: boolean | undefined
  readonly onPress: (event: MouseEvent) => void
}

/**
 * The box of a row. A plain button, not the Checkbox of forms: that one brings a hidden input and its own state, which
 * costs more than the rest of a row while hundreds of rows scroll by.
 */
export function RowCheck({ label, checked, mixed = false, onPress }: RowCheckProps) {
  const isFilled = checked || mixed
  return (
    <button
      type="button"
      role="checkbox"
      aria-label={label}
      aria-checked={mixed ? 'mixed' : checked}
      tabIndex={-1}
      className={classNames(
        'grid size-4 flex-none place-items-center rounded-sm border',
        isFilled ? 'border-transparent bg-accent text-on-accent' : 'border-line-ui bg-page',
      )}
      onClick={(event) => {
        // The row itself opens on a press.
        event.stopPropagation()
        onPress(event)
      }}
    >
      {mixed ? (
        <MinusIcon className="size-3 stroke-3" />
      ) : checked ? (
        <CheckIcon className="size-3 stroke-3" />
      ) : null}
    </button>
  )
}
