import { useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { lineTarget } from '../../../lib/keyboard/line-target.ts'
import { CheckIcon, SearchIcon } from '../../../ui/icons.tsx'
import { Input } from '../../../ui/input.tsx'
import type { Option } from '../../../ui/option.ts'
import { OptionContent, optionRow, quietIcons } from '../../../ui/option-row.tsx'

export interface OptionGroup {
  readonly label: string
  readonly options: readonly Option[]
}

export interface SearchListProps {
  readonly label: string
  readonly groups: readonly OptionGroup[]
  readonly value: string | undefined
  readonly onSelect: (value: string) => void
  /** Shown when nothing fits what was typed. */
  readonly emptyText: string
  /** Below the list. */
  readonly footer?: ReactNode
}

/** One of many choices in groups, found by typing; for the inside of a popover. */
export function SearchList({ label, groups, value, onSelect, emptyText, footer }: SearchListProps) {
  const [typed, setTyped] = useState('')
  const [current, setCurrent] = useState(0)
  const listId = useId()
  const shown = matching(groups, typed)
  const flat = shown.flatMap(({ options }) => options)
  const choose = (option: Option | undefined): void => {
    if (option && option.disabled !== true) onSelect(option.value)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') choose(flat[current])
    else {
      const to = ['Home', 'End'].includes(event.key)
        ? undefined
        : lineTarget(event.key, { current, count: flat.length, page: 8 })
      if (to === undefined) return
      setCurrent(to)
    }
    event.preventDefault()
  }
  return (
    <div className="flex max-h-[min(360px,45vh)] min-h-0 flex-col">
      <div className="p-1.5">
        <Input
          size="md"
          quiet
          autoFocus
          role="combobox"
          aria-label={label}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={flat[current] ? `${listId}-${current}` : undefined}
          placeholder="Search"
          spellCheck={false}
          autoComplete="off"
          leading={<SearchIcon />}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setCurrent(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label={label}
        tabIndex={-1}
        className="min-h-0 flex-1 overflow-auto px-1 pb-1"
      >
        {shown.map((group) => (
          <div key={group.label} role="group" aria-label={group.label}>
            {group.label === '' ? null : (
              <div aria-hidden="true" className="flex h-6 items-center px-2 text-sm text-fg-3">
                {group.label}
              </div>
            )}
            {group.options.map((option) => {
              const index = flat.indexOf(option)
              return (
                <div
                  key={option.value}
                  id={`${listId}-${index}`}
                  role="option"
                  aria-selected={option.value === value}
                  aria-disabled={option.disabled === true}
                  data-highlighted={index === current ? '' : undefined}
                  data-disabled={option.disabled === true ? '' : undefined}
                  ref={index === current ? scrollHere : undefined}
                  className={classNames(optionRow, quietIcons)}
                  onPointerMove={() => setCurrent(index)}
                  onClick={() => choose(option)}
                >
                  <OptionContent option={option} />
                  <span className="grid size-4 flex-none place-items-center">
                    {option.value === value ? <CheckIcon className="size-3.5 text-accent-fg" /> : null}
                  </span>
                </div>
              )
            })}
          </div>
        ))}
      </div>
      {flat.length === 0 ? (
        <p role="status" className="px-3 pb-2.5 text-sm text-fg-3">
          {emptyText}
        </p>
      ) : null}
      {footer === undefined ? null : <div className="border-t border-line p-1">{footer}</div>}
    </div>
  )
}

function matching(groups: readonly OptionGroup[], typed: string): readonly OptionGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (group: string, { label, value }: Option): boolean => {
    const hay = `${group} ${label} ${value}`.toLowerCase()
    return words.every((word) => hay.includes(word))
  }
  return groups
    .map((group) => ({ ...group, options: group.options.filter((option) => fits(group.label, option)) }))
    .filter(({ options }) => options.length > 0)
}

function scrollHere(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
