import { Select as Kit } from '@base-ui/react/select'
import { classNames } from '../lib/class-names.ts'
import { CheckIcon, ChevronDownIcon } from './icons.tsx'
import type { Option } from './option.ts'
import { floatSurface, optionRow, OptionContent, quietIcons } from './option-row.tsx'

export interface SelectProps<Value extends string> {
  readonly options: readonly Option<Value>[]
  readonly value: Value | null
  readonly onChange: (value: Value) => void
  readonly placeholder?: string | undefined
  readonly size?: 'md' | 'lg' | undefined
  /** Without a frame, for a choice in a tool bar. */
  readonly quiet?: boolean | undefined
  readonly disabled?: boolean | undefined
  /** Needed outside of a Field. */
  readonly 'aria-label'?: string | undefined
  readonly className?: string | undefined
}

const frames = {
  framed:
    'w-full border border-line-ui bg-page data-invalid:border-bad data-invalid:ring-1 data-invalid:ring-bad',
  quiet:
    'border border-transparent font-medium text-fg-2 hover:bg-hover hover:text-fg data-popup-open:bg-active',
}

/** One of a few choices. From about eight on, or with a search, take Combobox. */
export function Select<Value extends string>({
  options,
  value,
  onChange,
  placeholder = 'Choose…',
  size = 'lg',
  quiet = false,
  disabled,
  className,
  'aria-label': ariaLabel,
}: SelectProps<Value>) {
  const current = options.find((option) => option.value === value)
  return (
    <Kit.Root
      items={options}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next)
      }}
      disabled={disabled}
      modal={false}
    >
      <Kit.Trigger
        aria-label={ariaLabel}
        className={classNames(
          'flex min-w-0 items-center gap-2 rounded-md text-left no-drag data-disabled:opacity-50 [&>.lucide]:text-fg-3',
          size === 'lg' ? 'h-8 px-2.5' : 'h-7 px-2',
          quiet ? frames.quiet : frames.framed,
          className,
        )}
      >
        {current?.icon}
        <Kit.Value className={classNames('cut flex-1', !current && 'text-fg-3')}>
          {current?.label ?? placeholder}
        </Kit.Value>
        {current?.detail ? <span className="num flex-none text-sm text-fg-3">{current.detail}</span> : null}
        <ChevronDownIcon className={quiet ? 'size-3' : 'size-4'} />
      </Kit.Trigger>
      <SelectList options={options} align={quiet ? 'end' : 'start'} />
    </Kit.Root>
  )
}

function SelectList({
  options,
  align,
}: {
  readonly options: readonly Option[]
  readonly align: 'start' | 'end'
}) {
  return (
    <Kit.Portal>
      <Kit.Positioner
        className="z-60"
        sideOffset={4}
        alignItemWithTrigger={false}
        collisionPadding={8}
        align={align}
      >
        <Kit.Popup
          className={classNames(
            floatSurface,
            'max-h-[min(360px,var(--available-height))] min-w-[max(var(--anchor-width),160px)] overflow-auto p-1',
          )}
        >
          {options.map((option) => (
            <Kit.Item
              key={option.value}
              value={option.value}
              disabled={option.disabled}
              label={option.label}
              className={classNames(optionRow, quietIcons)}
            >
              <OptionContent option={option} />
              <span className="grid size-4 flex-none place-items-center">
                <Kit.ItemIndicator>
                  <CheckIcon className="size-3.5 text-accent-fg" />
                </Kit.ItemIndicator>
              </span>
            </Kit.Item>
          ))}
        </Kit.Popup>
      </Kit.Positioner>
    </Kit.Portal>
  )
}
