import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Chat } from '#bridge/contract/chats'
import { useRead } from '../../api/use-call.ts'
import { formatDollars } from '../../lib/money.ts'

export interface ChatCostProps {
  readonly deploymentId: string
  readonly chat: Chat
}

/** What a chat cost with its sub-agents; nothing where that is not told, or it was free. */
export function ChatCost({ deploymentId, chat }: ChatCostProps) {
  const cache = useQueryClient()
  const input = { deploymentId, chatId: chat.id }
  const { data } = useRead('chats.cost', input)
  const { id, status } = chat
  // It grows with each turn.
  useEffect(() => {
    void cache.invalidateQueries({ queryKey: ['chats.cost', { deploymentId, chatId: id }] })
  }, [cache, deploymentId, id, status])
  if (!data || data.total_cost_micros === 0) return null
  return (
    <span className="num px-1 text-sm text-fg-3 @max-lg:sr-only" title="What this chat cost so far">
      {formatDollars(data.total_cost_micros)}
    </span>
  )
}
