import { useState } from 'react'
import type { ChatCostSummary } from '#bridge/contract/chats-cost'
import { TextButton } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Pager } from '../../ui/pager.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { type ShortColumn, ShortTable } from '../../ui/short-table.tsx'
import { useWindowActions } from '../window/index.ts'
import { costColumns } from './cost-columns.ts'

type ChatCost = ChatCostSummary['by_chat'][number]

const pageSize = 10

const nameOf = ({ chat_title: title }: ChatCost): string => (title === '' ? 'A chat without a title' : title)

export interface ChatCostsProps {
  readonly deploymentId: string
  readonly chats: readonly ChatCost[]
}

/** The chats by what they cost, with sub-agents counted in. */
export function ChatCosts({ deploymentId, chats }: ChatCostsProps) {
  const actions = useWindowActions()
  const [search, setSearch] = useState('')
  const [offset, setOffset] = useState(0)
  const columns: readonly ShortColumn<ChatCost>[] = [
    {
      id: 'chat',
      header: 'Chat',
      rowHeader: true,
      cell: (row) => (
        <TextButton
          className="block max-w-full cut text-fg"
          title={nameOf(row)}
          onClick={() => actions.goToChat(deploymentId, row.root_chat_id)}
        >
          {nameOf(row)}
        </TextButton>
      ),
    },
    ...costColumns,
  ]
  const wanted = search.trim().toLowerCase()
  const found = chats
    .filter((chat) => nameOf(chat).toLowerCase().includes(wanted))
    .toSorted((a, b) => b.total_cost_micros - a.total_cost_micros)
  return (
    <Card
      flush
      title="By chat"
      actions={
        chats.length <= pageSize ? undefined : (
          <SearchField
            className="w-52"
            value={search}
            placeholder="Search chats"
            onChange={(text) => {
              setSearch(text)
              setOffset(0)
            }}
          />
        )
      }
    >
      {found.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-3">No chat is called so.</p>
      ) : (
        <ShortTable
          label="Cost by chat"
          columns={columns}
          rows={found.slice(offset, offset + pageSize)}
          rowKey={(row) => row.root_chat_id}
        />
      )}
      <Pager what="chats" offset={offset} pageSize={pageSize} count={found.length} onChange={setOffset} />
    </Card>
  )
}
