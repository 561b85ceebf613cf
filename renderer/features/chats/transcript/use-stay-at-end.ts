import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState, type RefObject, type UIEvent } from 'react'

export type List = Virtualizer<HTMLDivElement, HTMLDivElement>

/** How near the end still counts as there. */
export const endPx = 32

export interface StayAtEnd {
  /** For the element that is as high as all rows. */
  readonly content: RefObject<HTMLDivElement | null>
  /** The newest message when the reader left the end; `undefined`: is there. */
  readonly leftAt: number | undefined
  readonly onScroll: (event: UIEvent<HTMLElement>) => void
  /** Scrolls for the reader, who is to stay where that leads. */
  readonly move: (scroll: () => void) => void
}

/**
 * Keeps the end in sight until the reader goes away from it: rows get other heights when pictures come, when a panel
 * opens beside the list, when the composer grows.
 */
export function useStayAtEnd({
  list,
  height,
  scroller: scrollerRef,
  newest,
}: {
  readonly list: List
  /** Of all rows. Asked for where React's compiler is told to keep nothing: the list itself is always the same. */
  readonly height: number
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly newest: number
}): StayAtEnd {
  // React's compiler knows by the name that it is a ref, and then `move` stays the same while its element scrolls.
  const content = useRef<HTMLDivElement>(null)
  const [leftAt, setLeftAt] = useState<number>()
  const seen = useRef('')
  /** The next scroll that is told is the reader's. */
  const isReaders = useRef(false)
  const isAwayNow = useRef(false)
  const isAtEnd = leftAt === undefined
  useLayoutEffect(() => {
    if (isAtEnd && !isReaders.current) list.scrollToEnd()
  }, [list, isAtEnd, height])
  useEffect(() => {
    const element = scrollerRef.current
    if (!isAtEnd || element === null) return undefined
    const observer = new ResizeObserver(() => {
      // It is told before what the scroll before it has changed is drawn.
      if (!isReaders.current && !isAwayNow.current) list.scrollToEnd()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [list, scrollerRef, isAtEnd])

  // The list hears of it later than we do, so the page itself is asked. Not for its `scrollHeight`: a picture that has
  // just come sticks out of the content until its row is measured.
  const onScroll = ({ currentTarget: { scrollTop, clientHeight } }: UIEvent<HTMLElement>): void => {
    const all = content.current?.offsetHeight ?? 0
    const isAway = all - scrollTop - clientHeight > endPx
    const sizes = `${all} ${clientHeight}`
    const isOtherSize = sizes !== seen.current
    seen.current = sizes
    const isOurs = isOtherSize && !isReaders.current
    isReaders.current = false
    if (isAway === !isAtEnd) return
    // Rows that shrink move what is in sight without the reader, who wants to be where they were.
    if (isAway && isOurs) {
      list.scrollToEnd()
      return
    }
    isAwayNow.current = isAway
    setLeftAt(isAway ? newest : undefined)
  }
  const move = (scroll: () => void): void => {
    const before = scrollerRef.current?.scrollTop
    scroll()
    // Only then a scroll will be told.
    if (scrollerRef.current?.scrollTop !== before) isReaders.current = true
  }
  return { content, leftAt, onScroll, move }
}
