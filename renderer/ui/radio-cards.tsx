import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { classNames } from '../lib/class-names.ts'
import type { Option } from './option.ts'

export interface RadioCardsProps<Value extends string> {
  readonly options: readonly Option<Value>[]
  readonly value: Value | null
  readonly onChange: (value: Value) => void
  /** Cards in a row where there is room. */
  readonly columns?: 1 | 2 | 3 | undefined
  readonly disabled?: boolean | undefined
  readonly 'aria-label'?: string | undefined
}

/**
 * As many columns as there is room for. Not by a container query: with the hidden inputs of the radios in its container
 * Chromium 130 painted nothing of the whole window when the cards came with a sheet.
 */
const grids = {
  1: 'grid-cols-1',
  2: 'grid-cols-[repeat(auto-fill,minmax(min(100%,max(13.75rem,calc((100%-0.5rem)/2))),1fr))]',
  3: 'grid-cols-[repeat(auto-fill,minmax(min(100%,max(9rem,calc((100%-1rem)/3))),1fr))]',
}

/** One of a few choices that deserve a line of explanation each. */
export function RadioCards<Value extends string>({
  options,
  value,
  onChange,
  columns = 2,
  disabled,
  ...rest
}: RadioCardsProps<Value>) {
  return (
    <RadioGroup<Value | null>
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next)
      }}
      disabled={disabled}
      className={classNames('grid gap-2', grids[columns])}
      {...rest}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={classNames(
            'flex min-h-9 items-center gap-2.5 rounded-md border border-line-strong px-2.5 py-2 hover:border-line-ui',
            'has-data-checked:border-accent has-data-checked:bg-selected has-data-disabled:opacity-50',
            'has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-1',
            option.description && 'items-start',
          )}
        >
          <span className="flex h-5 items-center">
            <Radio.Root
              value={option.value}
              disabled={option.disabled}
              className="size-4 flex-none rounded-full border border-line-ui bg-page outline-none data-checked:border-[5px] data-checked:border-accent data-checked:bg-on-accent"
            />
          </span>
          {option.icon}
          <span className="min-w-0 flex-1">
            <span className="block">{option.label}</span>
            {option.description ? (
              <span className="block text-sm text-fg-3">{option.description}</span>
            ) : null}
          </span>
          {option.detail ? <span className="num text-sm leading-5 text-fg-3">{option.detail}</span> : null}
        </label>
      ))}
    </RadioGroup>
  )
}
