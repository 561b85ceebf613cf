import { Combobox as Kit } from '@base-ui/react/combobox'
import { useRef, type RefObject } from 'react'
import { classNames } from '../lib/class-names.ts'
import { CheckIcon, ChevronDownIcon, XIcon } from './icons.tsx'
import { controlFrame } from './input.tsx'
import type { Option } from './option.ts'
import { floatSurface, optionRow, OptionContent, quietIcons } from './option-row.tsx'

interface SharedProps {
  readonly options: readonly Option[]
  readonly placeholder?: string | undefined
  /** Shown when nothing matches what was typed. */
  readonly emptyText?: string | undefined
  readonly disabled?: boolean | undefined
  readonly 'aria-label'?: string | undefined
}

export interface ComboboxProps extends SharedProps {
  readonly value: string | null
  readonly onChange: (value: string | null) => void
}

/** One of many choices, found by typing. */
export function Combobox({
  options,
  value,
  onChange,
  placeholder,
  emptyText,
  disabled,
  ...rest
}: ComboboxProps) {
  const current = options.find((option) => option.value === value) ?? null
  return (
    <Kit.Root
      items={options}
      value={current}
      onValueChange={(next: Option | null) => {
        onChange(next?.value ?? null)
      }}
      itemToStringLabel={(option: Option) => option.label}
      isItemEqualToValue={(a: Option, b: Option) => a.value === b.value}
      disabled={disabled}
      autoHighlight
    >
      <Kit.InputGroup className={classNames(controlFrame, 'h-8 pr-1 pl-2.5 [&>.lucide]:text-fg-3')}>
        {current?.icon}
        <Kit.Input
          placeholder={placeholder}
          aria-label={rest['aria-label']}
          className="h-full min-w-0 flex-1 border-0 bg-transparent p-0 outline-none"
        />
        <Kit.Trigger
          aria-label="Show the choices"
          className="grid size-6 place-items-center rounded-sm text-fg-3"
        >
          <ChevronDownIcon />
        </Kit.Trigger>
      </Kit.InputGroup>
      <ComboboxList emptyText={emptyText} />
    </Kit.Root>
  )
}

export interface MultiSelectProps extends SharedProps {
  readonly value: readonly string[]
  readonly onChange: (value: readonly string[]) => void
}

/** Several of many choices, shown as tags. */
export function MultiSelect({
  options,
  value,
  onChange,
  placeholder,
  emptyText,
  disabled,
  ...rest
}: MultiSelectProps) {
  const chips = useRef<HTMLDivElement>(null)
  const current = options.filter((option) => value.includes(option.value))
  return (
    <Kit.Root
      items={options}
      multiple
      value={current}
      onValueChange={(next: Option[]) => {
        onChange(next.map((option) => option.value))
      }}
      itemToStringLabel={(option: Option) => option.label}
      isItemEqualToValue={(a: Option, b: Option) => a.value === b.value}
      disabled={disabled}
    >
      <Kit.Chips
        ref={chips}
        className={classNames(controlFrame, 'relative min-h-8 flex-wrap gap-1 py-1 pr-7 pl-1.5')}
      >
        {current.map((option) => (
          <Kit.Chip
            key={option.value}
            className="inline-flex h-5 items-center gap-1 rounded-sm bg-accent-soft pr-0.5 pl-1.5 text-sm data-highlighted:outline-2 data-highlighted:outline-ring"
          >
            {option.label}
            <Kit.ChipRemove
              aria-label={`Remove ${option.label}`}
              className="grid size-4 place-items-center text-fg-3 hover:text-fg"
            >
              <XIcon className="size-3" />
            </Kit.ChipRemove>
          </Kit.Chip>
        ))}
        <Kit.Input
          placeholder={current.length === 0 ? placeholder : undefined}
          aria-label={rest['aria-label']}
          className="h-5 min-w-6 flex-1 border-0 bg-transparent p-0 pl-1 outline-none"
        />
        <Kit.Trigger
          aria-label="Show the choices"
          className="absolute top-1 right-1 grid size-[22px] place-items-center rounded-sm text-fg-3"
        >
          <ChevronDownIcon />
        </Kit.Trigger>
      </Kit.Chips>
      <ComboboxList emptyText={emptyText} anchor={chips} />
    </Kit.Root>
  )
}

interface ComboboxListProps {
  readonly emptyText?: string | undefined
  /** What the list opens below; the input when left out. */
  readonly anchor?: RefObject<HTMLElement | null> | undefined
}

function ComboboxList({ emptyText = 'Nothing matches.', anchor }: ComboboxListProps) {
  return (
    <Kit.Portal>
      <Kit.Positioner
        {...(anchor ? { anchor } : {})}
        className="z-60"
        sideOffset={4}
        collisionPadding={8}
        align="start"
      >
        <Kit.Popup
          className={classNames(
            floatSurface,
            'max-h-[min(320px,var(--available-height))] w-(--anchor-width) min-w-40 overflow-auto p-1',
          )}
        >
          <Kit.Empty className="px-2 py-1.5 text-sm text-fg-3 empty:hidden">{emptyText}</Kit.Empty>
          <Kit.List>
            {(option: Option) => (
              <Kit.Item
                key={option.value}
                value={option}
                disabled={option.disabled}
                className={classNames(optionRow, quietIcons)}
              >
                <OptionContent option={option} />
                <span className="grid size-4 flex-none place-items-center">
                  <Kit.ItemIndicator>
                    <CheckIcon className="size-3.5 text-accent-fg" />
                  </Kit.ItemIndicator>
                </span>
              </Kit.Item>
            )}
          </Kit.List>
        </Kit.Popup>
      </Kit.Positioner>
    </Kit.Portal>
  )
}
