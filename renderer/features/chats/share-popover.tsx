import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { Chat } from '#bridge/contract/chats'
import { errorWords } from '../../api/error-words.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { UsersIcon, XIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { namesOf, ShareSearch, sizeWords, type ReaderChange, type ReadersProps } from './share-search.tsx'

export interface SharePopoverProps {
  readonly deploymentId: string
  readonly chat: Chat
}

/** Who else reads a chat: the button tells whether somebody does, and opens where that is changed. Roots are shared. */
export function SharePopover({ deploymentId, chat }: SharePopoverProps) {
  if (chat.parent_chat_id !== undefined) return null
  return <RootSharing deploymentId={deploymentId} chat={chat} />
}

function RootSharing({ deploymentId, chat }: SharePopoverProps) {
  const [isOpen, setOpen] = useState(false)
  const { data } = useRead('chatSharing.readers', isOpen ? { deploymentId, chatId: chat.id } : undefined)
  const isShared = data ? data.users.length + data.groups.length > 0 : chat.shared
  return (
    <Popover
      align="end"
      open={isOpen}
      onOpenChange={setOpen}
      className="w-80"
      title="Let others read along"
      trigger={
        <IconButton
          label={isShared ? 'Share: others read this chat' : 'Share'}
          dot={isShared}
          icon={<UsersIcon />}
        />
      }
    >
      <Sharing deploymentId={deploymentId} chat={chat} />
    </Popover>
  )
}

function Sharing({ deploymentId, chat }: SharePopoverProps) {
  const ids = { deploymentId, chatId: chat.id }
  const cache = useQueryClient()
  const readers = useRead('chatSharing.readers', ids)
  const change = useChange('chatSharing.change', {
    onSettled: () => cache.invalidateQueries({ queryKey: ['chatSharing.readers', ids] }),
  })
  const onChange = (next: ReaderChange): void => change.mutate({ ...ids, ...next })
  const error = change.error ?? readers.error
  return (
    <div className="flex flex-col gap-2.5">
      <p className="text-sm text-fg-2">
        They see what is said and done here, its files, and what changes in the workspace. They cannot write,
        allow or change anything.
      </p>
      {error === null ? null : <Notice tone="bad">{errorWords(error).message}</Notice>}
      {readers.isPending ? <ReadersSkeleton /> : null}
      {readers.data === undefined ? null : (
        <>
          <ShareSearch
            chat={chat}
            ids={ids}
            readers={readers.data}
            isBusy={change.isPending}
            onChange={onChange}
          />
          <ReaderList readers={readers.data} isBusy={change.isPending} onChange={onChange} />
        </>
      )}
    </div>
  )
}

function ReadersSkeleton() {
  return (
    <div role="status" aria-label="Loading who reads this chat">
      {['w-2/5', 'w-3/5'].map((width) => (
        <div key={width} className="flex h-8 items-center gap-2">
          <Skeleton className="size-5 flex-none" />
          <Skeleton className={width} />
        </div>
      ))}
    </div>
  )
}

function ReaderList({ readers, isBusy, onChange }: ReadersProps) {
  const { users, groups } = readers
  if (users.length + groups.length === 0) return <p className="text-sm text-fg-3">Nobody else reads it.</p>
  return (
    <ul aria-label="Who reads this chat" className="-mx-1 flex max-h-52 flex-col overflow-y-auto">
      {users.map((user) => {
        const { login, full } = namesOf(user)
        return (
          <ReaderLine
            key={user.id}
            name={login}
            detail={full}
            isBusy={isBusy}
            onRemove={() => onChange({ kind: 'user', id: user.id, reads: false })}
          />
        )
      })}
      {groups.map(({ id, name, members }) => (
        <ReaderLine
          key={id}
          name={plainText(name, 60)}
          detail={sizeWords(members)}
          isBusy={isBusy}
          onRemove={() => onChange({ kind: 'group', id, reads: false })}
        />
      ))}
    </ul>
  )
}

interface ReaderLineProps {
  readonly name: string
  readonly detail: string
  readonly isBusy: boolean
  readonly onRemove: () => void
}

function ReaderLine({ name, detail, isBusy, onRemove }: ReaderLineProps) {
  return (
    <li className="flex h-8 flex-none items-center gap-2 px-1">
      <Avatar size="sm" name={name} />
      <span className="cut min-w-0 flex-1">
        {name}
        {detail === '' ? null : <span className="ml-1.5 text-sm text-fg-3">{detail}</span>}
      </span>
      <span className="flex-none text-sm text-fg-3">can read</span>
      <IconButton
        size="sm"
        label={`Stop sharing with ${name}`}
        icon={<XIcon />}
        disabled={isBusy}
        onClick={onRemove}
      />
    </li>
  )
}
