import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../button.tsx'
import { ArrowDownIcon } from '../icons.tsx'
import type { LogLine, LogShape } from './log-line.ts'
import { LogRow } from './log-row.tsx'
import type { LogMatch } from './log-search.ts'

export interface LogLinesProps {
  readonly lines: readonly LogLine[]
  readonly shape: LogShape
  readonly matches: readonly LogMatch[]
  readonly current: LogMatch | undefined
  readonly showTime: boolean
  readonly wrap: boolean
  readonly live: boolean
}

const lineHeight = 18
const nearEndPx = 24

/** The scrolled part of a log. It follows its end until the reader scrolls up, and offers to follow again. */
export function LogLines({ lines, shape, matches, current, showTime, wrap, live }: LogLinesProps) {
  // The virtualizer answers from mutable state, which the compiler must not cache.
  'use no memo'
  const scroller = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)

  // eslint-disable-next-line react-hooks/incompatible-library -- known, hence the directive above
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 20,
    paddingStart: 10,
    paddingEnd: 10,
  })

  useEffect(() => {
    if (following && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [following, lines.length, wrap, virtualizer])
  const target = current?.line
  useEffect(() => {
    if (target === undefined) return
    virtualizer.scrollToIndex(target, { align: 'center' })
    setFollowing(isNearEnd(scroller.current))
  }, [target, virtualizer])

  const onScroll = () => {
    setFollowing(isNearEnd(scroller.current))
  }
  const columns = shape.text + (showTime ? 9 : 0) + (shape.stage > 0 ? shape.stage + 1 : 0)
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Log lines"
        className="copyable h-full overflow-auto outline-none focus-visible:-outline-offset-2"
        onScroll={onScroll}
      >
        <div
          className="relative min-w-full"
          style={{
            height: virtualizer.getTotalSize(),
            ...(wrap ? {} : { width: `calc(${columns}ch + 28px)` }),
          }}
        >
          {virtualizer.getVirtualItems().map((item) => {
            const line = lines[item.index]
            if (!line) return null
            return (
              <div
                key={item.key}
                data-index={item.index}
                ref={wrap ? virtualizer.measureElement : undefined}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)`, ...(wrap ? {} : { height: lineHeight }) }}
              >
                <LogRow
                  line={line}
                  matches={matches.filter((match) => match.line === item.index)}
                  current={current}
                  showTime={showTime}
                  stageWidth={shape.stage}
                  wrap={wrap}
                />
              </div>
            )
          })}
        </div>
      </div>
      {live && !following ? (
        <div className="absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            size="sm"
            icon={<ArrowDownIcon />}
            className="font-sans shadow-float"
            onClick={() => {
              setFollowing(true)
            }}
          >
            Follow the end
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function isNearEnd(element: HTMLElement | null): boolean {
  if (element === null) return true
  return element.scrollHeight - element.scrollTop - element.clientHeight <= nearEndPx
}
