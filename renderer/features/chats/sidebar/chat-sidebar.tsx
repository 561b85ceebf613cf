import { useState } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../../api/error-words.ts'
import { useSubscription } from '../../../api/use-subscription.ts'
import { useKept } from '../../../lib/kept-state.ts'
import { useNow } from '../../../lib/ticker.ts'
import { useSettled } from '../../../lib/use-settled.ts'
import { TextButton } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { chatQuery, isFiltered, noFilter, searchText, sharedQuery, type ChatFilter } from '../chat-query.ts'
import type { ChatRow } from '../chat-state.ts'
import { chatsPerPage, useChatList } from '../use-chats.ts'
import { WidthEdge } from '../width-edge.tsx'
import { ChatList } from './chat-list.tsx'
import { chatLines } from './chat-lines.ts'
import {
  chatGrouping,
  foldedGroups,
  setSidebarFilter,
  sidebarLimits,
  sidebarWidth,
  useSidebarFilter,
} from './sidebar-state.ts'
import { SidebarHeader } from './sidebar-header.tsx'
import { UsageFooter } from './usage-footer.tsx'
import { useHeldChat } from './use-held-chat.ts'

export interface ChatSidebarProps {
  readonly deployment: Deployment
  readonly shownId: string | undefined
  readonly onOpen: (chat: ChatRow) => void
  readonly onNew: () => void
}

/** The chats of a deployment beside the one that shows. */
export function ChatSidebar({ deployment, shownId, onOpen, onNew }: ChatSidebarProps) {
  const width = useKept(sidebarWidth)
  const filter = useSidebarFilter(deployment.id)
  const setFilter = (next: ChatFilter): void => setSidebarFilter(deployment.id, next)
  return (
    <>
      <aside
        aria-label="Agents"
        style={{ width }}
        className="flex min-h-0 flex-none flex-col border-r border-line bg-sunken"
      >
        <SidebarHeader filter={filter} onFilter={setFilter} onNew={onNew} />
        <SidebarBody
          deployment={deployment}
          shownId={shownId}
          filter={filter}
          onClear={() => setFilter(noFilter)}
          onOpen={onOpen}
        />
        <UsageFooter deploymentId={deployment.id} />
      </aside>
      <WidthEdge
        label="Width of the list of chats"
        width={width}
        limits={sidebarLimits}
        onWidth={sidebarWidth.set}
      />
    </>
  )
}

interface SidebarBodyProps {
  readonly deployment: Deployment
  readonly shownId: string | undefined
  readonly filter: ChatFilter
  readonly onClear: () => void
  readonly onOpen: (chat: ChatRow) => void
}

function SidebarBody({ deployment, shownId, filter, onClear, onOpen }: SidebarBodyProps) {
  const { list, text, isAll, showMore } = usePagedChats(deployment.id, filter)
  const shared = useSubscription(
    'chats.watchList',
    isAll ? { deploymentId: deployment.id, q: sharedQuery, limit: chatsPerPage } : undefined,
  )
  const folded = useKept(foldedGroups)
  const grouping = useKept(chatGrouping)
  const [opened, setOpened] = useState<readonly string[]>([])
  const chats = list.data?.chats ?? noChats
  const heldId = useHeldChat(shownId, chats, grouping)
  const lines = chatLines({
    chats,
    shared: shared.data?.chats ?? noChats,
    grouping,
    now: useNow(0),
    folded,
    opened,
    heldId,
  })
  const failure = list.error ? (
    <ListFailure list={list} onClear={isFiltered(filter) ? onClear : undefined} />
  ) : null
  if (list.data === undefined) return failure ?? <ListSkeleton />
  return (
    <>
      {failure}
      {lines.length === 0 ? (
        <EmptyList isFiltered={isFiltered(filter)} hasWords={text !== ''} onClear={onClear} />
      ) : (
        <ChatList
          deploymentId={deployment.id}
          userId={deployment.user?.id}
          lines={lines}
          shownId={shownId}
          canMove={isAll}
          onOpen={onOpen}
          onToggleGroup={(key) => foldedGroups.set(toggled(folded, key.replace('group:', '')))}
          onToggleChildren={(id) => setOpened(toggled(opened, id))}
          onEnd={showMore}
        />
      )}
    </>
  )
}

/** The chats that fit a filter, page by page. */
function usePagedChats(deploymentId: string, filter: ChatFilter) {
  const q = useSettled(chatQuery(filter))
  const text = useSettled(searchText(filter))
  const asked = `${q}\n${text}`
  const [paged, setPaged] = useState({ asked, pages: 1 })
  const pages = paged.asked === asked ? paged.pages : 1
  const list = useChatList(deploymentId, { q, text }, pages * chatsPerPage)
  const hasMore = list.data?.hasMore === true && !list.isBehind
  return {
    ...{ list, text },
    /** Nothing is left out. */
    isAll: q === '' && text === '',
    showMore(): void {
      if (hasMore) setPaged({ asked, pages: pages + 1 })
    },
  }
}

const noChats: readonly Chat[] = []

function toggled(all: readonly string[], one: string): readonly string[] {
  return all.includes(one) ? all.filter((other) => other !== one) : [...all, one]
}

interface ListFailureProps {
  readonly list: ReturnType<typeof useChatList>
  /** Left out where nothing is filtered: an older deployment may know no such filter. */
  readonly onClear: (() => void) | undefined
}

function ListFailure({ list, onClear }: ListFailureProps) {
  return (
    <Notice tone={list.data === undefined ? 'bad' : 'warn'} className="m-2 items-start [&>svg]:mt-0.5">
      {list.data === undefined ? 'The chats cannot be listed. ' : 'This list is from before. '}
      {errorWords(list.error).message} <TextButton onClick={list.retry}>Try again</TextButton>
      {onClear === undefined ? null : (
        <>
          {' '}
          <TextButton onClick={onClear}>Clear the filter</TextButton>
        </>
      )}
    </Notice>
  )
}

interface EmptyListProps {
  readonly isFiltered: boolean
  readonly hasWords: boolean
  readonly onClear: () => void
}

function EmptyList(props: EmptyListProps) {
  return (
    <div className="min-h-0 flex-1 px-4 pt-2 text-sm text-fg-3">
      {props.isFiltered ? (
        <>
          <p>
            {props.hasWords
              ? 'No chat fits. Titles, repositories and pull requests were looked at.'
              : 'No chat fits.'}
          </p>
          <TextButton className="mt-1" onClick={props.onClear}>
            Show all chats
          </TextButton>
        </>
      ) : (
        <p>Your chats with agents will be listed here, those that wait for you first.</p>
      )}
    </div>
  )
}

function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading chats" className="min-h-0 flex-1 px-4 pt-2">
      {['w-3/5', 'w-4/5', 'w-1/2', 'w-3/4', 'w-2/3'].map((width) => (
        <div key={width} className="flex h-[47px] items-center gap-2">
          <Skeleton className="size-3 flex-none" />
          <span className="flex flex-1 flex-col gap-2">
            <Skeleton className={width} />
            <Skeleton className="w-2/5" />
          </span>
        </div>
      ))}
    </div>
  )
}
