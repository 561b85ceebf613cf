import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Chat } from '#bridge/contract/chats'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import type { Input, Output } from '../../api/procedure-types.ts'
import { useRead } from '../../api/use-call.ts'
import { plainText } from '../../lib/plain-text.ts'
import { useSettled } from '../../lib/use-settled.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { PlusIcon, UsersIcon } from '../../ui/icons.tsx'
import { SearchField } from '../../ui/search-field.tsx'

export type Readers = Output<'chatSharing.readers'>
export type ReaderChange = Pick<Input<'chatSharing.change'>, 'kind' | 'id' | 'reads'>

export interface ReadersProps {
  readonly readers: Readers
  readonly isBusy: boolean
  readonly onChange: (change: ReaderChange) => void
}

/** A name as it is shown: people choose theirs. */
export function namesOf({
  username,
  name,
}: {
  readonly username: string
  readonly name?: string | undefined
}) {
  const login = plainText(username, 60)
  const full = plainText((name ?? '').replaceAll(/\s+/g, ' ').trim(), 60)
  return { login, full: full === login ? '' : full }
}

/** How large a group is. */
export function sizeWords(members: number): string {
  return members === 1 ? 'Group of 1' : `Group of ${members}`
}

interface ShareSearchProps extends ReadersProps {
  readonly chat: Chat
  readonly ids: { readonly deploymentId: string; readonly chatId: string }
}

/** People, and groups where the deployment has such, by a part of their names, to let one read. */
export function ShareSearch({ chat, ids, readers, isBusy, onChange }: ShareSearchProps) {
  const [typed, setTyped] = useState('')
  const found = useFoundPeople({ ...ids, text: useSettled(typed.trim()) })
  const groups = useFoundGroups(ids, typed)
  const known = new Set([chat.owner_id, ...[...readers.users, ...readers.groups].map(({ id }) => id)])
  const people = found.data?.filter(({ id }) => !known.has(id)) ?? []
  const newGroups = groups.fitting.filter(({ id }) => !known.has(id))
  if (found.data === null && !groups.areThere)
    return <p className="text-sm text-fg-3">This deployment does not let you look for people.</p>
  const fitting = (found.data?.length ?? 0) + groups.fitting.length
  return (
    <>
      <SearchField
        autoFocus
        placeholder={groups.areThere ? 'Find people and groups by name' : 'Find people by name'}
        value={typed}
        onChange={setTyped}
      />
      {found.error ? (
        <p role="alert" className="text-sm text-bad-fg">
          {errorWords(found.error).message}
        </p>
      ) : null}
      {people.length + newGroups.length === 0 ? (
        found.data === undefined ? null : (
          <p role="status" className="text-sm text-fg-3">
            {fitting === 0 ? 'Nobody fits.' : 'Everybody who fits reads it already.'}
          </p>
        )
      ) : (
        <ul
          aria-label={groups.areThere ? 'People and groups' : 'People'}
          className="-mx-1 flex max-h-40 flex-col overflow-y-auto border-b border-line pb-1.5"
        >
          {newGroups.map(({ id, name, members }) => (
            <FoundLine
              key={id}
              icon={<UsersIcon className="mx-0.5 flex-none text-fg-3" />}
              name={plainText(name, 60)}
              label={`Let the group ${plainText(name, 60)} read`}
              detail={sizeWords(members)}
              isBusy={isBusy}
              onChoose={() => onChange({ kind: 'group', id, reads: true })}
            />
          ))}
          {people.map((person) => {
            const { login, full } = namesOf(person)
            return (
              <FoundLine
                key={person.id}
                icon={<Avatar size="sm" name={login} />}
                name={login}
                label={`Let ${login} read`}
                detail={full}
                isBusy={isBusy}
                onChoose={() => onChange({ kind: 'user', id: person.id, reads: true })}
              />
            )
          })}
        </ul>
      )}
    </>
  )
}

interface FoundLineProps {
  readonly icon: ReactNode
  readonly name: string
  readonly label: string
  readonly detail: string
  readonly isBusy: boolean
  readonly onChoose: () => void
}

function FoundLine({ icon, name, label, detail, isBusy, onChoose }: FoundLineProps) {
  return (
    <li className="flex-none">
      <button
        type="button"
        disabled={isBusy}
        aria-label={label}
        className="flex h-8 w-full items-center gap-2 rounded-md px-1 text-left hover:bg-hover"
        onClick={onChoose}
      >
        {icon}
        <span className="cut min-w-0 flex-1">
          {name}
          {detail === '' ? null : <span className="ml-1.5 text-sm text-fg-3">{detail}</span>}
        </span>
        <PlusIcon className="flex-none text-fg-3" />
      </button>
    </li>
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

/** A deployment tells all its groups at once. One that does not answer is as one without groups: people are there. */
function useFoundGroups(ids: Input<'chatSharing.groups'>, typed: string) {
  const { data } = useRead('chatSharing.groups', ids)
  const words = typed.trim().toLowerCase()
  const groups = data ?? []
  return {
    areThere: groups.length > 0,
    fitting: groups.filter(({ name }) => name.toLowerCase().includes(words)).slice(0, 50),
  }
}
