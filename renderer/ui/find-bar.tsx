import { useEffect, useRef } from 'react'
import { IconButton } from './icon-button.tsx'
import { ChevronDownIcon, ChevronUpIcon, SearchIcon, XIcon } from './icons.tsx'
import { Input } from './input.tsx'

export interface FindBarProps {
  readonly label: string
  /** Absent: the label. */
  readonly placeholder?: string | undefined
  readonly query: string
  /** From 1; 0 when nothing matches. */
  readonly position: number
  readonly count: number
  readonly onQuery: (query: string) => void
  readonly onStep: (by: 1 | -1) => void
  readonly onClose: () => void
}

/** Find in what is shown: Enter goes on, Shift Enter goes back, Esc closes. */
export function FindBar({
  label,
  placeholder = label,
  query,
  position,
  count,
  onQuery,
  onStep,
  onClose,
}: FindBarProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const said = query === '' ? '' : count === 0 ? 'No match' : `${position} of ${count}`
  return (
    <div
      role="search"
      className="flex h-10 font-sans text-md flex-none items-center gap-1 border-b border-line px-2"
    >
      <Input
        ref={input}
        size="md"
        quiet
        leading={<SearchIcon />}
        value={query}
        aria-label={label}
        placeholder={placeholder}
        spellCheck={false}
        maxLength={500}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
          else if (event.key === 'Escape') {
            event.stopPropagation()
            onClose()
          }
        }}
        trailing={
          <span role="status" className="num text-sm whitespace-nowrap text-fg-3">
            {said}
          </span>
        }
      />
      <IconButton
        size="sm"
        label="Previous match"
        disabled={count === 0}
        icon={<ChevronUpIcon />}
        onClick={() => onStep(-1)}
      />
      <IconButton
        size="sm"
        label="Next match"
        disabled={count === 0}
        icon={<ChevronDownIcon />}
        onClick={() => onStep(1)}
      />
      <IconButton size="sm" label="Close the search" icon={<XIcon />} onClick={onClose} />
    </div>
  )
}
