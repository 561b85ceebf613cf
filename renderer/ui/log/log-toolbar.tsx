import { useEffect, useRef } from 'react'
import { CopyButton } from '../code.tsx'
import { IconButton } from '../icon-button.tsx'
import { ChevronDownIcon, ChevronUpIcon, DownloadIcon, SearchIcon, WrapTextIcon, XIcon } from '../icons.tsx'
import { Input } from '../input.tsx'

export interface LogToolbarProps {
  readonly searching: boolean
  readonly onSearching: (on: boolean) => void
  readonly wrap: boolean
  readonly onWrap: (on: boolean) => void
  readonly copyText: () => string
  readonly onDownload: (() => void) | undefined
}

/** The small buttons at the right end of a log's header. */
export function LogToolbar({ searching, onSearching, wrap, onWrap, copyText, onDownload }: LogToolbarProps) {
  return (
    <>
      <IconButton
        size="sm"
        label="Search the log"
        keys="Mod+F"
        pressed={searching}
        icon={<SearchIcon />}
        onClick={() => {
          onSearching(!searching)
        }}
      />
      <IconButton
        size="sm"
        label="Wrap lines"
        pressed={wrap}
        icon={<WrapTextIcon />}
        onClick={() => {
          onWrap(!wrap)
        }}
      />
      <CopyButton text={copyText} label="Copy the log" />
      {onDownload ? (
        <IconButton size="sm" label="Save the log" icon={<DownloadIcon />} onClick={onDownload} />
      ) : null}
    </>
  )
}

export interface LogSearchBarProps {
  readonly query: string
  readonly onQuery: (query: string) => void
  /** 1-based; 0 when nothing matches. */
  readonly position: number
  readonly count: number
  readonly onStep: (by: 1 | -1) => void
  readonly onClose: () => void
}

/** Search within a log: Enter goes on, Shift Enter goes back, Esc closes. */
export function LogSearchBar({ query, onQuery, position, count, onStep, onClose }: LogSearchBarProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    input.current?.focus()
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
        aria-label="Search the log"
        placeholder="Search the log"
        spellCheck={false}
        onChange={(event) => {
          onQuery(event.target.value)
        }}
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
        onClick={() => {
          onStep(-1)
        }}
      />
      <IconButton
        size="sm"
        label="Next match"
        disabled={count === 0}
        icon={<ChevronDownIcon />}
        onClick={() => {
          onStep(1)
        }}
      />
      <IconButton size="sm" label="Close the search" icon={<XIcon />} onClick={onClose} />
    </div>
  )
}
