import { useMemo, useState } from 'react'
import { findInRows, matchLimit, type ChatMatch } from './find-in-rows.ts'
import type { RowList } from './row-list.ts'
import type { TranscriptRow } from './transcript-rows.ts'

export interface Find {
  readonly isOpen: boolean
  readonly query: string
  readonly count: number
  /** From 1; 0 when nothing matches. */
  readonly position: number
  readonly current: ChatMatch | undefined
  readonly open: () => void
  readonly close: () => void
  readonly setQuery: (query: string) => void
  readonly step: (by: 1 | -1) => void
}

const nothing: readonly ChatMatch[] = []

/** Find in the rows that are there. It begins at the end, where the reader is. */
export function useFind(rows: RowList): Find {
  const [isOpen, setOpen] = useState(false)
  const [query, setQuery] = useState('')
  /** How many steps back from the last match. */
  const [back, setBack] = useState(0)
  const { saved } = rows
  const inSaved = useMemo(() => (isOpen ? findInRows(saved, query) : nothing), [isOpen, saved, query])
  const matches = isOpen ? withTail(inSaved, findInRows(tailOf(rows), query), saved.length) : nothing
  const index = matches.length === 0 ? -1 : wrap(matches.length - 1 - back, matches.length)
  return {
    isOpen,
    query,
    count: matches.length,
    position: index + 1,
    current: matches[index],
    open: () => setOpen(true),
    close: () => setOpen(false),
    setQuery: (next) => {
      setQuery(next)
      setBack(0)
    },
    step: (by) => setBack(back - by),
  }
}

function wrap(index: number, count: number): number {
  return ((index % count) + count) % count
}

function tailOf(rows: RowList): readonly TranscriptRow[] {
  const tail: TranscriptRow[] = []
  for (let index = rows.saved.length; index < rows.count; index += 1) {
    const row = rows.at(index)
    if (row) tail.push(row)
  }
  return tail
}

function withTail(
  matches: readonly ChatMatch[],
  tail: readonly ChatMatch[],
  offset: number,
): readonly ChatMatch[] {
  if (tail.length === 0 || matches.length >= matchLimit) return matches
  return [...matches, ...tail.map(({ row, nth }) => ({ row: row + offset, nth }))]
}
