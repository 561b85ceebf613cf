import { useRead } from '../../../api/use-call.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { ActivityIcon } from '../../../ui/icons.tsx'
import { KeyValue } from '../../../ui/key-value.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { formatDollars } from '../../../lib/money.ts'
import { Failure } from '../../ai-models/index.ts'
import type { PanelContext } from './panel-slots.ts'

/** What this chat and its sub-agents cost, and what is left of what may be spent. */
export function CostPanel({ deployment, chat }: PanelContext) {
  const { id: deploymentId } = deployment
  const cost = useRead('chats.cost', { deploymentId, chatId: chat.root_chat_id ?? chat.id })
  const usage = useRead('chats.usage', { deploymentId })
  if (cost.error) {
    return (
      <div className="p-3">
        <Failure title="The cost cannot be read" error={cost.error} onRetry={() => void cost.refetch()} />
      </div>
    )
  }
  if (cost.data === undefined) return <SkeletonRows rows={4} label="Adding up the cost" />
  if (cost.data === null) {
    return (
      <EmptyState icon={<ActivityIcon />} title="No cost to show">
        {deployment.name} does not tell what a chat costs.
      </EmptyState>
    )
  }
  const { total_cost_micros: total, request_count: requests, unpriced_request_count: unpriced } = cost.data
  const limit = cost.data.spend_limit_micros ?? undefined
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      <KeyValue
        items={[
          ['This chat', formatDollars(total)],
          ['Calls to models', requests.toLocaleString()],
          ['Without a price', unpriced > 0 ? `${unpriced.toLocaleString()} calls, counted as free` : null],
          ['Limit of this chat', limit === undefined ? null : formatDollars(limit)],
        ]}
      />
      {usage.data?.is_limited && usage.data.spend_limit_micros ? (
        <div>
          <div className="mb-1.5 flex justify-between text-sm text-fg-2">
            <span>{periodWords[usage.data.period ?? ''] ?? 'This period'}, all chats</span>
            <span className="num">
              {formatDollars(usage.data.current_spend)} of {formatDollars(usage.data.spend_limit_micros)}
            </span>
          </div>
          <ProgressBar
            label="Spent of what you may spend"
            value={Math.min(1, usage.data.current_spend / usage.data.spend_limit_micros)}
          />
        </div>
      ) : null}
      <Button
        onClick={() => {
          void cost.refetch()
          void usage.refetch()
        }}
        loading={cost.isFetching}
        className="self-start"
      >
        Add up again
      </Button>
    </div>
  )
}

const periodWords: Readonly<Record<string, string>> = {
  day: 'Today',
  week: 'This week',
  month: 'This month',
}
