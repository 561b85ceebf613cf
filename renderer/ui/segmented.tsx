import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export interface SegmentedProps<Value extends string> {
  readonly options: readonly {
    readonly value: Value
    readonly label: string
    readonly icon?: ReactNode
    readonly disabled?: boolean | undefined
  }[]
  readonly value: Value
  readonly onChange: (value: Value) => void
  /** Icons alone; the label becomes the name. */
  readonly iconsOnly?: boolean | undefined
  readonly 'aria-label': string
}

/** One of two to four views of the same thing. */
export function Segmented<Value extends string>({
  options,
  value,
  onChange,
  iconsOnly,
  ...rest
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup
      value={[value]}
      onValueChange={(next) => {
        const [chosen] = next
        if (chosen !== undefined) onChange(chosen)
      }}
      aria-label={rest['aria-label']}
      className="inline-flex h-7 flex-none gap-0.5 rounded-md bg-idle-bg p-0.5 [[data-theme=hc]_&]:ring-1 [[data-theme=hc]_&]:ring-line-strong"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          disabled={option.disabled ?? false}
          title={iconsOnly ? option.label : undefined}
          aria-label={iconsOnly ? option.label : undefined}
          className={classNames(
            'inline-flex items-center gap-1.5 rounded-sm whitespace-nowrap text-fg-2 hover:text-fg data-disabled:opacity-50',
            'data-pressed:bg-control data-pressed:font-medium data-pressed:text-fg data-pressed:ring-1 data-pressed:ring-line-strong',
            iconsOnly ? 'px-1.5' : 'px-2.5',
          )}
        >
          {option.icon}
          {iconsOnly ? null : option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
