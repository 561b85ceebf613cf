import { useEffect, useRef } from 'react'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ChevronDownIcon, ChevronUpIcon, SearchIcon, XIcon } from '../../../ui/icons.tsx'
import { Input } from '../../../ui/input.tsx'

export interface FindBarProps {
  readonly query: string
  /** From 1; 0 when nothing matches. */
  readonly position: number
  readonly count: number
  /** Older messages are not loaded, so they are not searched. */
  readonly hasMore: boolean
  readonly onQuery: (query: string) => void
  readonly onStep: (by: 1 | -1) => void
  readonly onClose: () => void
}

/** Find in the chat: Enter goes on, Shift Enter goes back, Esc closes. */
export function FindBar({ query, position, count, hasMore, onQuery, onStep, onClose }: FindBarProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const said = query === '' ? '' : count === 0 ? 'No match' : `${position} of ${count}`
  return (
    <div role="search" className="flex h-10 flex-none items-center gap-1 border-b border-line px-2">
      <Input
        ref={input}
        size="md"
        quiet
        leading={<SearchIcon />}
        value={query}
        aria-label="Find in this chat"
        placeholder={hasMore ? 'Find in what is loaded of this chat' : 'Find in this chat'}
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
