import { useId, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { lineTarget } from '../../../lib/keyboard/line-target.ts'
import { ContextMenu } from '../../../ui/menu.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { openContextMenu } from '../../../ui/table/open-context-menu.ts'
import { askChatDialog } from '../chat-dialogs-store.ts'
import { chatMenuItems } from '../chat-menu.tsx'
import { isOfSomebodyElse, type ChatRow } from '../chat-state.ts'
import { useChatActions } from '../use-chat-actions.ts'
import { ChatListBody } from './chat-list-body.tsx'
import type { ChatListProps } from './chat-list-props.ts'
import { lineAction, type LineAction } from './chat-line-keys.ts'
import type { ChatLine } from './chat-lines.ts'

/** The chats as one tree for the keyboard: arrows, Enter, F2, Delete, the menu key, Alt and arrows to move pinned ones. */
export function ChatList(props: ChatListProps) {
  const { lines, deploymentId } = props
  const scroller = useRef<HTMLDivElement>(null)
  const jump = useRef<((index: number) => void) | null>(null)
  const baseId = useId()
  const actions = useChatActions(deploymentId)
  const [currentKey, setCurrentKey] = useState<string>()
  const [menuItems, setMenuItems] = useState<readonly MenuItem[]>([])
  const current = lines.findIndex(({ key }) => key === (currentKey ?? props.shownId))
  const line = lines[current]
  const lineId = (index: number): string => `${baseId}-${index}`

  const itemsOf = (chat: ChatRow): readonly MenuItem[] =>
    chatMenuItems(chat, actions, !isOfSomebodyElse(chat, props.userId))
  const toggle = (target: ChatLine): void =>
    target.kind === 'group' ? props.onToggleGroup(target.key) : props.onToggleChildren(target.key)

  const onContextMenu = (event: MouseEvent): void => {
    const id = (event.target as Element).closest('[data-chat-id]')?.getAttribute('data-chat-id')
    const found = lines.find((other) => other.kind === 'chat' && other.key === id)
    const items = found?.kind === 'chat' ? itemsOf(found.chat) : []
    if (found === undefined || items.length === 0) {
      event.preventDefault()
      event.stopPropagation()
      return
    }
    setCurrentKey(found.key)
    setMenuItems(items)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget) return
    const to = lineTarget(event.key, { current, count: lines.length, page: 10 })
    const what = line && lineAction(event, line, { canMove: props.canMove, userId: props.userId })
    if (what !== undefined && line?.kind === 'chat') onChatAction(what, line.chat)
    else if (what === 'toggle' && line !== undefined) toggle(line)
    else if (to !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      setCurrentKey(lines[to]?.key)
      jump.current?.(to)
    } else return
    event.preventDefault()
  }
  const onChatAction = (what: LineAction, chat: ChatRow): void => {
    if (typeof what === 'number') {
      void actions.pin(chat, what)
      return
    }
    switch (what) {
      case 'open':
        props.onOpen(chat)
        return
      case 'toggle':
        props.onToggleChildren(chat.id)
        return
      case 'rename':
        askChatDialog({ kind: 'rename', chat })
        return
      case 'archive':
        void actions.archive(chat)
        return
      case 'menu': {
        const element = document.getElementById(lineId(current))
        if (element) openContextMenu(element)
      }
    }
  }

  return (
    <ContextMenu items={menuItems}>
      <div
        ref={scroller}
        role="tree"
        aria-label="Chats"
        aria-activedescendant={current === -1 ? undefined : lineId(current)}
        tabIndex={0}
        className="group/chats relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto outline-none [scrollbar-gutter:stable]"
        onKeyDown={onKeyDown}
        onContextMenuCapture={onContextMenu}
      >
        <ChatListBody
          {...props}
          scroller={scroller}
          jump={jump}
          lineId={lineId}
          currentKey={line?.key}
          onPress={setCurrentKey}
          onMove={(chat, place) => void actions.pin(chat, place)}
        />
      </div>
    </ContextMenu>
  )
}
