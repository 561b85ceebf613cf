import type { DragEvent, ReactNode } from 'react'
import type { ChatModelChoice } from '#ipc/chats'
import { classNames } from '../../../lib/class-names.ts'
import { ChevronDownIcon, ChevronRightIcon, EllipsisIcon, PinIcon, UsersIcon } from '../../../ui/icons.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { openContextMenu } from '../../../ui/table/open-context-menu.ts'
import { RelativeTime } from '../../../ui/time.tsx'
import {
  asksFirst,
  chatMark,
  chatSubtitle,
  chatTitle,
  isAtWork,
  isSettled,
  type ChatRow,
} from '../chat-state.ts'
import { DiffStat } from '../diff-stat.tsx'
import { PullRequestMark } from '../pull-request-mark.tsx'
import { pullRequestState } from '../pull-request.ts'
import type { ChatLine } from './chat-lines.ts'

/** Heights in pixels, as the virtual list takes them. */
export const lineHeights = { first: 24, group: 32, chat: 47 } as const

interface LinePlace {
  readonly id: string
  readonly top: number
  readonly isCurrent: boolean
}

export interface GroupLineProps extends LinePlace {
  readonly line: Extract<ChatLine, { kind: 'group' }>
  readonly onToggle: () => void
}

/** The heading of a group; pressing it hides its chats. */
export function GroupLine({ id, top, isCurrent, line, onToggle }: GroupLineProps) {
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={1}
      aria-expanded={!line.isFolded}
      aria-selected={false}
      style={{ top, height: top === 0 ? lineHeights.first : lineHeights.group }}
      className={classNames(
        'group absolute right-0 left-2 flex items-end rounded-md px-2 pb-1 text-sm text-fg-3 hover:text-fg-2',
        isCurrent && 'group-focus-visible/chats:outline-2 group-focus-visible/chats:outline-ring',
      )}
      onClick={onToggle}
    >
      <span className="cut">{line.label}</span>
      {line.isFolded ? <ChevronRightIcon className="mb-0.5 ml-1 size-3" /> : null}
      <span className="num ml-auto">{line.count.toLocaleString()}</span>
    </div>
  )
}

export interface ChatLineRowProps extends LinePlace {
  readonly line: Extract<ChatLine, { kind: 'chat' }>
  readonly models: readonly ChatModelChoice[] | undefined
  readonly isShown: boolean
  readonly onOpen: () => void
  readonly onToggleChildren: () => void
  readonly drag:
    | {
        readonly onStart: () => void
        readonly onDropHere: () => void
        readonly isTarget: boolean
        readonly onOver: () => void
      }
    | undefined
}

/** One chat of the list: its state, title and age, and a line on what it does or did. */
export function ChatLineRow(props: ChatLineRowProps) {
  const { id, top, isCurrent, line, models, isShown, drag } = props
  const { chat } = line
  const wantsEye = chat.has_unread || asksFirst(chat)
  return (
    <div
      id={id}
      role="treeitem"
      data-chat-id={chat.id}
      aria-level={line.isSubAgent ? 3 : 2}
      aria-selected={isShown}
      {...(line.childCount > 0 ? { 'aria-expanded': line.isOpen } : {})}
      style={{ top, height: lineHeights.chat - 1 }}
      draggable={drag !== undefined}
      onDragStart={drag?.onStart}
      onDragOver={(event: DragEvent) => {
        if (!drag) return
        event.preventDefault()
        drag.onOver()
      }}
      onDrop={(event: DragEvent) => {
        event.preventDefault()
        drag?.onDropHere()
      }}
      className={classNames(
        'group absolute right-0 left-2 grid grid-cols-[14px_minmax(0,1fr)_auto] content-center items-center gap-x-2 rounded-md px-2',
        line.isSubAgent && 'pl-6',
        isShown ? 'bg-selected' : 'hover:bg-hover',
        drag?.isTarget && 'shadow-[inset_0_2px_0_var(--accent)]',
        isCurrent &&
          'group-focus-visible/chats:outline-2 group-focus-visible/chats:-outline-offset-2 group-focus-visible/chats:outline-ring',
      )}
      onClick={props.onOpen}
    >
      <ChatMark chat={chat} />
      <span className={classNames('cut', wantsEye && 'font-semibold')}>{chatTitle(chat)}</span>
      <RowEnd chat={chat} isPinned={line.pinPlace !== undefined} />
      {line.childCount > 0 ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={line.isOpen ? 'Hide the sub-agents' : `Show ${line.childCount} sub-agents`}
          className="grid size-3.5 place-items-center rounded-sm text-fg-3 hover:text-fg"
          onClick={(event) => {
            event.stopPropagation()
            props.onToggleChildren()
          }}
        >
          {line.isOpen ? <ChevronDownIcon className="size-3" /> : <ChevronRightIcon className="size-3" />}
        </button>
      ) : (
        <span />
      )}
      <Subtitle chat={chat} words={chatSubtitle(chat, models)} childCount={line.childCount} />
    </div>
  )
}

/** How a chat stands. Once its turn is over and its news are read, that is where its pull request stands. */
function ChatMark({ chat }: { readonly chat: ChatRow }) {
  const mark = chatMark(chat)
  const pullRequest = isSettled(chat) ? pullRequestState(chat) : undefined
  if (pullRequest === undefined) return <StatusMark {...mark} hideLabel />
  return <PullRequestMark state={pullRequest} label={mark.label} />
}

interface RowEndProps {
  readonly chat: ChatRow
  readonly isPinned: boolean
}

/** The age; in its place the menu while the pointer is there. */
function RowEnd({ chat, isPinned }: RowEndProps) {
  return (
    <span className="relative flex items-center gap-1 text-sm text-fg-3">
      <span className="flex items-center gap-1 group-hover:invisible">
        {chat.has_unread ? (
          <span className="size-1.5 rounded-full bg-accent-fg">
            <span className="sr-only">Unread</span>
          </span>
        ) : null}
        {chat.shared ? <UsersIcon className="size-3" /> : null}
        {isPinned ? <PinIcon className="size-3" /> : null}
        <RelativeTime short value={chat.updated_at} />
      </span>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Actions of ${chatTitle(chat)}`}
        className="invisible absolute -inset-y-0.5 -right-1 grid w-6 place-items-center rounded-sm text-fg-2 group-hover:visible hover:bg-active hover:text-fg"
        onClick={(event) => {
          event.stopPropagation()
          openContextMenu(event.currentTarget)
        }}
      >
        <EllipsisIcon />
      </button>
    </span>
  )
}

interface SubtitleProps {
  readonly chat: ChatRow
  readonly words: string
  readonly childCount: number
}

function Subtitle({ chat, words, childCount }: SubtitleProps) {
  const diff = chat.diff_status
  const hasStat = diff !== undefined && diff.additions + diff.deletions > 0 && !isAtWork(chat)
  const parts: ReactNode[] = [
    ...(hasStat ? [<DiffStat key="diff" additions={diff.additions} deletions={diff.deletions} />] : []),
    ...(words === '' ? [] : [words]),
    ...(childCount > 0 ? [childCount === 1 ? '1 sub-agent' : `${childCount} sub-agents`] : []),
  ]
  return (
    <span className="num col-span-2 cut text-sm text-fg-3">
      {parts.map((part, index) => (
        <span key={index}>
          {index === 0 ? null : ' · '}
          {part}
        </span>
      ))}
    </span>
  )
}
