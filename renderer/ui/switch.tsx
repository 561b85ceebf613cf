import { Switch as Kit } from '@base-ui/react/switch'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export interface SwitchProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly label?: ReactNode
  readonly help?: ReactNode
  readonly disabled?: boolean | undefined
  /** Needed without a label. */
  readonly 'aria-label'?: string | undefined
}

/** On or off, at once. For a choice that is saved later take Checkbox. */
export function Switch({ checked, onChange, label, help, disabled, ...rest }: SwitchProps) {
  const control = (
    <Kit.Root
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      className={classNames(
        'relative h-4 w-7 flex-none rounded-full border border-line-ui bg-page no-drag',
        'data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50',
      )}
      {...rest}
    >
      <Kit.Thumb
        className={classNames(
          'absolute top-[2px] left-[2px] size-2.5 rounded-full bg-line-ui transition-transform duration-(--t-fast) ease-out',
          'data-checked:translate-x-3 data-checked:bg-on-accent',
        )}
      />
    </Kit.Root>
  )
  if (label === undefined) return control
  return (
    <label className="flex items-start gap-2">
      <span className="flex h-5 items-center">{control}</span>
      <span>
        <span className="block font-medium">{label}</span>
        {help ? <span className="block text-sm text-fg-3">{help}</span> : null}
      </span>
    </label>
  )
}
