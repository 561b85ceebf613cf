import { classNames } from '../../../lib/class-names.ts'
import type { Option } from '../../../ui/option.ts'
import { floatSurface, OptionContent, optionRow, quietIcons } from '../../../ui/option-row.tsx'

export interface SuggestionsProps {
  readonly id: string
  readonly label: string
  readonly options: readonly Option[]
  readonly current: number
  /** Below the list: that more is read, or why nothing is. */
  readonly status: string | undefined
  readonly onCurrent: (index: number) => void
  readonly onSelect: (index: number) => void
}

/** What could be meant, above the text that has the focus. */
export function Suggestions({ id, label, options, current, status, onCurrent, onSelect }: SuggestionsProps) {
  return (
    <div
      className={classNames(floatSurface, 'absolute bottom-full left-0 z-30 mb-1.5 w-[440px] max-w-full p-1')}
    >
      <div id={id} role="listbox" aria-label={label} className="max-h-56 overflow-auto">
        {options.map((option, index) => (
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            data-highlighted={index === current ? '' : undefined}
            ref={index === current ? scrollHere : undefined}
            className={classNames(optionRow, quietIcons)}
            onPointerMove={() => onCurrent(index)}
            // The text keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onSelect(index)}
          >
            <OptionContent option={option} />
          </div>
        ))}
      </div>
      {status === undefined ? null : (
        <p role="status" className="px-2 py-1 text-sm text-fg-3">
          {status}
        </p>
      )}
    </div>
  )
}

function scrollHere(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
