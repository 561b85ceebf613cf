import { useVirtualizer } from '@tanstack/react-virtual'
import { useId, useRef, useState } from 'react'
import type { SearchMatch } from '#bridge/contract/remote-files'
import { displayName } from '#bridge/contract/remote-names'
import { classNames } from '../../lib/class-names.ts'
import { FileIcon } from '../../ui/icons.tsx'
import { Marked } from './quick-open.tsx'
import type { SearchLine } from './use-search.ts'

const lineHeight = 24

export interface SearchResultsProps {
  readonly lines: readonly SearchLine[]
  readonly onOpen: (match: SearchMatch) => void
}

/** What was found, file by file. Arrow keys move, Enter opens. */
export function SearchResults({ lines, onOpen }: SearchResultsProps) {
  // The virtualizer answers from mutable state, which the compiler must not cache.
  'use no memo'
  const scroller = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(-1)
  const idPrefix = useId()
  // eslint-disable-next-line react-hooks/incompatible-library -- known, hence the directive above
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 12,
  })
  const openAt = (index: number): void => {
    const line = lines[index]
    if (line?.kind === 'match') onOpen(line.match)
  }
  const move = (step: number): void => {
    let next = current + step
    while (lines[next]?.kind === 'file') next += step
    if (!lines[next]) return
    setCurrent(next)
    virtualizer.scrollToIndex(next)
  }
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label="Found"
      aria-activedescendant={lines[current] ? `${idPrefix}-${current}` : undefined}
      tabIndex={0}
      className="group/found min-h-0 flex-1 overflow-auto outline-none focus-visible:-outline-offset-2"
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown') move(1)
        else if (event.key === 'ArrowUp') move(-1)
        else if (event.key === 'Enter') openAt(current)
        else return
        event.preventDefault()
      }}
    >
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const line = lines[item.index]
          if (!line) return null
          const place = { height: lineHeight, transform: `translateY(${item.start}px)` }
          if (line.kind === 'file') {
            return (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 flex items-center gap-1.5 bg-sunken px-3 text-sm text-fg-2"
                style={place}
                title={displayName(line.path)}
              >
                <FileIcon className="size-3.5 text-fg-3" />
                <span className="cut flex-1">{displayName(line.path)}</span>
                <span className="num text-fg-3">{line.count}</span>
              </div>
            )
          }
          return (
            <div
              key={item.key}
              id={`${idPrefix}-${item.index}`}
              role="option"
              aria-selected={item.index === current}
              className={classNames(
                'absolute inset-x-0 flex items-center gap-2 px-3 code-text',
                item.index === current ? 'bg-selected' : 'hover:bg-hover',
              )}
              style={place}
              onClick={() => {
                setCurrent(item.index)
                openAt(item.index)
              }}
            >
              <span className="num w-10 flex-none text-right text-fg-3">{line.match.line}</span>
              <span className="cut whitespace-pre">
                <MatchText match={line.match} />
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function MatchText({ match: { text, column, length } }: { readonly match: SearchMatch }) {
  const indent = text.length - text.trimStart().length
  const start = column === null ? 0 : Math.min(indent, column)
  const ranges =
    column === null || length === null ? [] : ([[column - start, column - start + length]] as const)
  return <Marked text={text.slice(start)} ranges={ranges} />
}
