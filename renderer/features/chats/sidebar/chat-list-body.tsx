import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useState, type RefObject } from 'react'
import type { ChatRow } from '../chat-state.ts'
import { useChatModels } from '../use-chats.ts'
import { ChatLineRow, GroupLine, lineHeights } from './chat-line.tsx'
import type { ChatListProps } from './chat-list-props.ts'

interface ChatListBodyProps extends ChatListProps {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly jump: RefObject<((index: number) => void) | null>
  readonly lineId: (index: number) => string
  readonly currentKey: string | undefined
  readonly onPress: (key: string) => void
  readonly onMove: (chat: ChatRow, place: number) => void
}

/** The lines in view. Apart from the list, so that scrolling renders nothing else. */
export function ChatListBody(props: ChatListBodyProps) {
  // The virtualizer answers from mutable state, which the compiler must not cache.
  'use no memo'
  const { lines, scroller, jump, onEnd } = props
  const { data: models } = useChatModels(props.deploymentId)
  const [drag, setDrag] = useState<{ readonly chat: ChatRow; readonly over: number | undefined }>()
  // eslint-disable-next-line react-hooks/incompatible-library -- known, hence the directive above
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (index === 0 ? lineHeights.first : lineHeights[lines[index]?.kind ?? 'chat']),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 8,
  })
  useEffect(() => {
    jump.current = (index) => virtualizer.scrollToIndex(index)
  }, [jump, virtualizer])
  // Sizes are kept by index until asked to measure again; groups that fold change which index is a heading.
  useEffect(() => virtualizer.measure(), [lines, virtualizer])
  const items = virtualizer.getVirtualItems()
  const isAtEnd = (items.at(-1)?.index ?? -1) >= lines.length - 1
  useEffect(() => {
    if (isAtEnd) onEnd()
  }, [isAtEnd, lines.length, onEnd])

  return (
    <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() + 8 }}>
      {items.map((item) => {
        const line = lines[item.index]
        if (!line) return null
        const place = {
          id: props.lineId(item.index),
          top: item.start,
          isCurrent: line.key === props.currentKey,
        }
        if (line.kind === 'group') {
          return (
            <GroupLine key={line.key} {...place} line={line} onToggle={() => props.onToggleGroup(line.key)} />
          )
        }
        const { chat, pinPlace } = line
        return (
          <ChatLineRow
            key={line.key}
            {...place}
            line={line}
            models={models?.models}
            isShown={chat.id === props.shownId}
            onOpen={() => {
              props.onPress(line.key)
              props.onOpen(chat)
            }}
            onToggleChildren={() => props.onToggleChildren(line.key)}
            drag={
              pinPlace === undefined || !props.canMove
                ? undefined
                : {
                    isTarget: drag?.over === pinPlace && drag.chat.id !== chat.id,
                    onStart: () => setDrag({ chat, over: undefined }),
                    onOver: () => setDrag((before) => before && { ...before, over: pinPlace }),
                    onDropHere: () => {
                      if (drag && drag.chat.id !== chat.id) props.onMove(drag.chat, pinPlace)
                      setDrag(undefined)
                    },
                  }
            }
          />
        )
      })}
    </div>
  )
}
