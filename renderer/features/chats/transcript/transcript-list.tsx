import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react'
import { Button } from '../../../ui/button.tsx'
import { ArrowDownIcon } from '../../../ui/icons.tsx'
import type { Find } from './use-find.ts'
import { clearMarks, paintMarks } from './find-marks.ts'
import { rowLabel, rowSize } from './row-look.ts'
import { RowKeyProvider } from './row-memory.tsx'
import { RowView } from './transcript-row.tsx'
import type { RowList } from './row-list.ts'
import { endPx, useStayAtEnd, type List, type StayAtEnd } from './use-stay-at-end.ts'

export interface TranscriptListProps {
  readonly rows: RowList
  /** The newest saved message, by which new ones are counted. */
  readonly messageIds: { readonly count: (after: number) => number; readonly last: number }
  /** How often something was said from this window. */
  readonly said: number
  readonly find: Find
  readonly mayLoadOlder: boolean
  readonly onLoadOlder: () => void
}

/** So many rows before the first one older ones are asked for. */
const olderRows = 12

/** The rows, of which only those in sight are on the page. Stays at the end while the reader is there. */
export function TranscriptList({
  rows,
  messageIds,
  said,
  find,
  mayLoadOlder,
  onLoadOlder,
}: TranscriptListProps) {
  // The virtualizer answers from mutable state, which the compiler must not cache.
  'use no memo'
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(-1)

  // eslint-disable-next-line react-hooks/incompatible-library -- known, hence the directive above
  const list: List = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowSize(rows.at(index)),
    getItemKey: (index) => rows.at(index)?.key ?? index,
    overscan: 6,
    gap: 7,
    paddingStart: 16,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endPx,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) =>
      // The row that had the focus may be taken back: a step is called off.
      indexes(
        Math.max(0, startIndex - overscan),
        Math.min(count - 1, endIndex + overscan),
        focused < count ? focused : -1,
      ),
  })

  const isEmpty = rows.count === 0
  useLayoutEffect(() => {
    if (!isEmpty) list.scrollToEnd()
  }, [isEmpty, list])
  const { content, leftAt, onScroll, move } = useStayAtEnd({
    list,
    height: list.getTotalSize(),
    scroller,
    newest: messageIds.last,
  })
  // Whoever says something wants to see it, and what comes of it.
  useLayoutEffect(() => {
    if (said > 0) list.scrollToEnd()
  }, [list, said])
  useOlder({ list, mayLoadOlder, onLoadOlder })
  useFindView({ list, scroller, find, move })

  const goTo = (index: number): void => {
    setFocused(index)
    move(() => list.scrollToIndex(index, { align: 'auto' }))
  }
  const fresh = leftAt === undefined ? 0 : messageIds.count(leftAt)
  return (
    <div className="relative min-h-0 flex-1 [container-type:inline-size]">
      <div
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Messages"
        className="flex h-full flex-col overflow-x-hidden overflow-y-auto [overflow-anchor:none] focus-visible:-outline-offset-2"
        onScroll={onScroll}
        onFocus={(event: FocusEvent) => setFocused(indexOf(event.target))}
        onKeyDown={(event) => onKey(event, { list, count: rows.count, goTo, move })}
      >
        {/* As wide as without the scroll bar, so that rows end where the box below them does. */}
        <div
          ref={content}
          className="relative mt-auto ml-[max(0px,(100cqw-960px)/2)] w-[min(100cqw,960px)] flex-none"
          style={{ height: list.getTotalSize() }}
        >
          {list.getVirtualItems().map((item) => {
            const row = rows.at(item.index)
            if (!row) return null
            return (
              <div
                key={item.key}
                data-index={item.index}
                ref={list.measureElement}
                role="article"
                aria-label={rowLabel(row)}
                aria-posinset={item.index + 1}
                aria-setsize={rows.count}
                tabIndex={-1}
                className="absolute inset-x-0 top-0 rounded-md px-5 focus-visible:-outline-offset-1"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <RowKeyProvider rowKey={row.key}>
                  <RowView row={row} />
                </RowKeyProvider>
              </div>
            )
          })}
        </div>
        <FocusKeeper scroller={scroller} index={focused} />
      </div>
      {leftAt === undefined ? null : <JumpButton count={fresh} onJump={() => list.scrollToEnd()} />}
    </div>
  )
}

function JumpButton({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <Button
        size="sm"
        icon={<ArrowDownIcon />}
        className="pointer-events-auto rounded-full shadow-float"
        onClick={onJump}
      >
        <span className="num">
          Jump to latest
          {count === 0 ? '' : ` · ${count} new`}
        </span>
      </Button>
    </div>
  )
}

/** Puts the focus on a row that the keys led to, once it is on the page. */
function FocusKeeper({
  scroller,
  index,
}: {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly index: number
}) {
  useEffect(() => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)
    if (row && !row.contains(document.activeElement) && scroller.current?.contains(document.activeElement)) {
      row.focus({ preventScroll: true })
    }
  }, [scroller, index])
  return null
}

/** Asks for older rows when the first ones come near. */
function useOlder({
  list,
  mayLoadOlder,
  onLoadOlder,
}: Pick<TranscriptListProps, 'mayLoadOlder' | 'onLoadOlder'> & { readonly list: List }): void {
  const first = list.range?.startIndex
  useEffect(() => {
    if (mayLoadOlder && first !== undefined && first < olderRows) onLoadOlder()
  }, [mayLoadOlder, first, onLoadOlder])
}

interface FindView {
  readonly list: List
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly find: Find
  readonly move: StayAtEnd['move']
}

/** Scrolls to the match, and paints the matches that are on the page. */
function useFindView({ list, scroller, find, move }: FindView): void {
  const { isOpen, query, current } = find
  const row = current?.row
  const nth = current?.nth
  useEffect(() => {
    if (row !== undefined && nth !== undefined)
      move(() => {
        list.scrollToIndex(row, { align: 'center' })
      })
  }, [list, move, row, nth, query])
  useEffect(() => {
    if (isOpen && scroller.current) paintMarks(scroller.current, query, current)
  })
  useEffect(() => {
    if (!isOpen) return undefined
    return clearMarks
  }, [isOpen])
}

function indexes(from: number, to: number, extra: number): number[] {
  const shown = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
  if (extra < 0 || (extra >= from && extra <= to)) return shown
  return extra < from ? [extra, ...shown] : [...shown, extra]
}

function indexOf(target: Element): number {
  return Number(target.closest('[data-index]')?.getAttribute('data-index') ?? -1)
}

interface Keys {
  readonly list: List
  readonly count: number
  readonly goTo: (index: number) => void
  readonly move: StayAtEnd['move']
}

/** Arrows go from row to row, Home and End to the ends. Keys inside of a row belong to what is there. */
function onKey(event: KeyboardEvent<HTMLDivElement>, { list, count, goTo, move }: Keys): void {
  const target = event.target as HTMLElement
  const isRow = target === event.currentTarget || target.hasAttribute('data-index')
  if (!isRow || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  const at = indexOf(target)
  // From the list itself the keys begin at the last row in sight.
  const isInside = at !== -1
  const from = isInside ? at : (list.range?.endIndex ?? count - 1)
  switch (event.key) {
    case 'ArrowUp':
      goTo(Math.max(0, isInside ? from - 1 : from))
      break
    case 'ArrowDown':
      goTo(Math.min(count - 1, isInside ? from + 1 : from))
      break
    case 'Home':
      move(() => list.scrollToOffset(0))
      break
    case 'End':
      list.scrollToEnd()
      break
    default:
      return
  }
  event.preventDefault()
}
