import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { ChatCostUsers } from '#bridge/contract/chats-cost'
import { useApi } from '../../api/api-context.tsx'
import { hasCode } from '../../api/bridge-error.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { UsersIcon } from '../../ui/icons.tsx'
import { Pager } from '../../ui/pager.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { type ShortColumn, ShortTable } from '../../ui/short-table.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Failure } from '../ai-models/index.ts'
import { costColumns } from './cost-columns.ts'
import type { PeriodProps } from './own-usage.tsx'

type PersonCost = ChatCostUsers['users'][number]

const pageSize = 10

const columns: readonly ShortColumn<PersonCost>[] = [
  {
    id: 'person',
    header: 'Person',
    rowHeader: true,
    cell: ({ username, name }) => (
      <span className="flex min-w-0 items-center gap-2">
        <Avatar name={name === '' ? username : name} />
        <span className="cut">{name === '' ? username : name}</span>
        {name === '' || name === username ? null : <span className="cut text-fg-3">{username}</span>}
      </span>
    ),
  },
  {
    id: 'chats',
    header: 'Chats',
    align: 'end',
    className: 'w-20',
    cell: ({ chat_count: count }) => count.toLocaleString('en-US'),
  },
  ...costColumns,
]

/** What everybody's chats cost, by person. The deployment searches and pages. */
export function PeopleUsage({ deploymentId, period, days }: PeriodProps) {
  const { client } = useApi()
  const [search, setSearch] = useState('')
  const [offset, setOffset] = useState(0)
  // Typing goes on while the answer to what was typed before is still drawn.
  const username = useDeferredValue(search.trim())
  const input = { deploymentId, ...period, username, limit: pageSize, offset }
  const cost = useQuery({
    queryKey: ['chatGovernance.usersCost', input],
    queryFn: ({ signal }) => client.call('chatGovernance.usersCost', input, signal),
    placeholderData: keepPreviousData,
  })
  if (cost.isError)
    return hasCode<'chatGovernance.usersCost'>(cost.error, 'unsupported') ? (
      <EmptyState icon={<UsersIcon />} tone="warn" title="No costs on this deployment">
        Its version does not count what chats cost.
      </EmptyState>
    ) : (
      <Failure
        title="The usage of people cannot be shown"
        error={cost.error}
        isRetrying={cost.isFetching}
        onRetry={() => void cost.refetch()}
      />
    )
  if (cost.data === undefined) return <SkeletonRows rows={5} label="Loading the usage of people" />
  const { users, count } = cost.data
  if (count === 0 && search === '' && username === '')
    return (
      <EmptyState icon={<UsersIcon />} title={`Nobody used an agent in the last ${String(days)} days`}>
        What agents use is counted here, by person.
      </EmptyState>
    )
  return (
    <Card
      flush
      title="By person"
      meta={count === 1 ? '1 person' : `${count.toLocaleString('en-US')} people`}
      actions={
        <SearchField
          className="w-52"
          value={search}
          placeholder="Search people"
          onChange={(text) => {
            setSearch(text)
            setOffset(0)
          }}
        />
      }
    >
      {users.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-3">Nobody with this name used an agent in these days.</p>
      ) : (
        <ShortTable label="Cost by person" columns={columns} rows={users} rowKey={(row) => row.user_id} />
      )}
      <Pager what="people" offset={offset} pageSize={pageSize} count={count} onChange={setOffset} />
    </Card>
  )
}
