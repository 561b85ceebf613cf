import { useState } from 'react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Chat } from '#bridge/contract/chats'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import type { Input, Output } from '../../api/procedure-types.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { plainText } from '../../lib/plain-text.ts'
import { useSettled } from '../../lib/use-settled.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { PlusIcon, UsersIcon, XIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Popover } from '../../ui/popover.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

type Readers = Output<'chatSharing.readers'>
type Change = Pick<Input<'chatSharing.change'>, 'kind' | 'id' | 'reads'>

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
  const onChange = (next: Change): void => change.mutate({ ...ids, ...next })
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
          <People
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

interface ListProps {
  readonly readers: Readers
  readonly isBusy: boolean
  readonly onChange: (change: Change) => void
}

/** A name as it is shown: people choose theirs. */
function namesOf({ username, name }: { readonly username: string; readonly name?: string | undefined }) {
  const login = plainText(username, 60)
  const full = plainText((name ?? '').replaceAll(/\s+/g, ' ').trim(), 60)
  return { login, full: full === login ? '' : full }
}

function ReaderList({ readers, isBusy, onChange }: ListProps) {
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
          detail={members === 1 ? 'Group of 1' : `Group of ${members}`}
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

interface PeopleProps extends ListProps {
  readonly chat: Chat
  readonly ids: { readonly deploymentId: string; readonly chatId: string }
}

/** People by a part of their names, to let one read. */
function People({ chat, ids, readers, isBusy, onChange }: PeopleProps) {
  const [typed, setTyped] = useState('')
  const found = useFoundPeople({ ...ids, text: useSettled(typed.trim()) })
  const known = new Set([chat.owner_id, ...readers.users.map(({ id }) => id)])
  const people = found.data?.filter(({ id }) => !known.has(id)) ?? []
  if (found.data === null)
    return <p className="text-sm text-fg-3">This deployment does not let you look for people.</p>
  return (
    <>
      <SearchField autoFocus placeholder="Find people by name" value={typed} onChange={setTyped} />
      {found.error ? (
        <p role="alert" className="text-sm text-bad-fg">
          {errorWords(found.error).message}
        </p>
      ) : null}
      {people.length === 0 ? (
        found.data === undefined ? null : (
          <p role="status" className="text-sm text-fg-3">
            {found.data.length === 0 ? 'Nobody fits.' : 'Everybody who fits reads it already.'}
          </p>
        )
      ) : (
        <ul
          aria-label="People"
          className="-mx-1 flex max-h-40 flex-col overflow-y-auto border-b border-line pb-1.5"
        >
          {people.map((person) => {
            const { login, full } = namesOf(person)
            return (
              <li key={person.id} className="flex-none">
                <button
                  type="button"
                  disabled={isBusy}
                  aria-label={`Let ${login} read`}
                  className="flex h-8 w-full items-center gap-2 rounded-md px-1 text-left hover:bg-hover"
                  onClick={() => onChange({ kind: 'user', id: person.id, reads: true })}
                >
                  <Avatar size="sm" name={login} />
                  <span className="cut min-w-0 flex-1">
                    {login}
                    {full === '' ? null : <span className="ml-1.5 text-sm text-fg-3">{full}</span>}
                  </span>
                  <PlusIcon className="flex-none text-fg-3" />
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </>
  )
}

/** What was found before stays until the next answer is there. */
function useFoundPeople(input: Input<'chatSharing.people'>) {
  const { client } = useApi()
  return useQuery({
    queryKey: ['chatSharing.people', input],
    queryFn: ({ signal }) => client.call('chatSharing.people', input, signal),
    placeholderData: keepPreviousData,
  })
}
