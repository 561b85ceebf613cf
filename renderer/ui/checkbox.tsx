import { Checkbox as Kit } from '@base-ui/react/checkbox'
import type { MouseEvent, ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { CheckIcon, MinusIcon } from './icons.tsx'

export interface CheckboxProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean, event: Event) => void
  /** Some, but not all, of what it stands for. */
  readonly indeterminate?: boolean | undefined
  readonly label?: ReactNode
  readonly help?: ReactNode
  readonly disabled?: boolean | undefined
  /** Needed without a label. */
  readonly 'aria-label'?: string | undefined
  readonly tabIndex?: number | undefined
  readonly onClick?: ((event: MouseEvent) => void) | undefined
}

/** A check box, with its words when there are any. */
export function Checkbox({
  checked,
  onChange,
  indeterminate,
  label,
  help,
  disabled,
  onClick,
  ...rest
}: CheckboxProps) {
  const box = (
    <Kit.Root
      checked={checked}
      indeterminate={indeterminate}
      onCheckedChange={(next, details) => {
        onChange(next, details.event)
      }}
      disabled={disabled}
      onClick={onClick}
      className={classNames(
        'grid size-4 flex-none place-items-center rounded-sm border border-line-ui bg-page text-on-accent no-drag',
        'data-checked:border-transparent data-checked:bg-accent data-indeterminate:border-transparent data-indeterminate:bg-accent',
        'data-invalid:border-bad data-disabled:opacity-50',
      )}
      {...rest}
    >
      <Kit.Indicator>
        {indeterminate ? (
          <MinusIcon className="size-3 stroke-3" />
        ) : (
          <CheckIcon className="size-3 stroke-3" />
        )}
      </Kit.Indicator>
    </Kit.Root>
  )
  if (label === undefined) return box
  return (
    <label className={classNames('flex items-start gap-2', disabled && 'text-fg-3')}>
      <span className="flex h-5 items-center">{box}</span>
      <span>
        <span className="block">{label}</span>
        {help ? <span className="block text-sm text-fg-3">{help}</span> : null}
      </span>
    </label>
  )
}
