import { useState, type ReactNode } from 'react'
import type { ChatCostSummary } from '#bridge/contract/chats-cost'
import { hasCode } from '../../api/bridge-error.ts'
import { useRead } from '../../api/use-call.ts'
import { BarChart } from '../../ui/bar-chart.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ActivityIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { type ShortColumn, ShortTable } from '../../ui/short-table.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Failure } from '../ai-models/index.ts'
import { ChatCosts } from './chat-costs.tsx'
import { formatDollars } from '../../lib/money.ts'
import { formatTokens, formatWorkTime } from './usage-words.ts'

export interface PeriodProps {
  readonly deploymentId: string
  readonly period: { readonly startDate: string; readonly endDate: string }
  readonly days: number
}

/** What the user's own chats cost, by model and by chat. */
export function OwnUsage({ deploymentId, period, days }: PeriodProps) {
  const cost = useRead('chatGovernance.ownCost', { deploymentId, ...period })
  if (cost.isPending) return <SkeletonRows rows={5} label="Loading your usage" />
  if (cost.isError)
    return hasCode<'chatGovernance.ownCost'>(cost.error, 'unsupported') ? (
      <EmptyState icon={<ActivityIcon />} tone="warn" title="No costs on this deployment">
        Its version does not count what chats cost.
      </EmptyState>
    ) : (
      <Failure
        title="Your usage cannot be shown"
        error={cost.error}
        isRetrying={cost.isFetching}
        onRetry={() => void cost.refetch()}
      />
    )
  const { data } = cost
  return (
    <>
      <LimitLeft status={data.usage_limit} />
      {data.by_chat.length === 0 && data.by_model.length === 0 ? (
        <EmptyState icon={<ActivityIcon />} title={`No chats in the last ${String(days)} days`}>
          What your agents use is counted here, by model and by chat.
        </EmptyState>
      ) : (
        <>
          <Totals cost={data} />
          <ModelCosts models={data.by_model} />
          <ChatCosts deploymentId={deploymentId} chats={data.by_chat} />
        </>
      )}
    </>
  )
}

/** How much of the user's limit is left. Nothing without one. */
function LimitLeft({ status }: { readonly status: ChatCostSummary['usage_limit'] }) {
  const limit = status?.spend_limit_micros
  if (status?.is_limited !== true || limit === null || limit === undefined) return null
  const share = limit === 0 ? 1 : status.current_spend / limit
  const isOver = share >= 1
  return (
    <Card title="Your limit">
      <div className="flex items-baseline gap-2">
        <span className="num font-medium">{formatDollars(status.current_spend)}</span>
        <span className="num text-fg-3">
          of {formatDollars(limit)} this {status.period ?? 'period'}
        </span>
        {status.period_end === undefined ? null : (
          <span className="ml-auto text-sm text-fg-3">
            Begins anew on{' '}
            {new Date(status.period_end).toLocaleDateString(undefined, { dateStyle: 'medium' })}
          </span>
        )}
      </div>
      <ProgressBar
        className="mt-2"
        label="How much of your limit is spent"
        value={share}
        tone={isOver ? 'bad' : share >= 0.8 ? 'warn' : 'accent'}
      />
      {isOver ? (
        <p className="mt-2 text-bad-fg">No chat goes on until then. An administrator can raise your limit.</p>
      ) : null}
    </Card>
  )
}

function Totals({ cost }: { readonly cost: ChatCostSummary }) {
  const messages = cost.priced_message_count + cost.unpriced_message_count
  return (
    <>
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(108px,1fr))] overflow-hidden rounded-lg border border-line-strong bg-card">
        <Total label="Cost">{formatDollars(cost.total_cost_micros)}</Total>
        <Total label="Messages">{messages.toLocaleString('en-US')}</Total>
        <Total label="Tokens in">{formatTokens(cost.total_input_tokens)}</Total>
        <Total label="From cache">{formatTokens(cost.total_cache_read_tokens)}</Total>
        <Total label="Tokens out">{formatTokens(cost.total_output_tokens)}</Total>
        <Total label="Time at work">{formatWorkTime(cost.total_runtime_ms)}</Total>
      </dl>
      {cost.unpriced_message_count === 0 ? null : (
        <Notice>
          {cost.unpriced_message_count === 1
            ? '1 message came from a model without a price and counts as nothing.'
            : `${cost.unpriced_message_count.toLocaleString('en-US')} messages came from models without a price and count as nothing.`}
        </Notice>
      )}
    </>
  )
}

function Total({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0 px-3.5 py-2.5">
      <dt className="text-sm text-fg-3">{label}</dt>
      <dd className="num cut text-lg font-semibold">{children}</dd>
    </div>
  )
}

type ModelCost = ChatCostSummary['by_model'][number]

const nameOf = ({ display_name, model }: ModelCost): string =>
  display_name === '' ? model || 'A model that is gone' : display_name

const columns: readonly ShortColumn<ModelCost>[] = [
  {
    id: 'name',
    header: 'Model',
    rowHeader: true,
    cell: (row) => <span className="block cut">{nameOf(row)}</span>,
  },
  {
    id: 'messages',
    header: 'Messages',
    align: 'end',
    className: 'w-24',
    cell: ({ message_count: n }) => n.toLocaleString('en-US'),
  },
  {
    id: 'in',
    header: 'Tokens in',
    align: 'end',
    className: 'w-24',
    cell: (row) => formatTokens(row.total_input_tokens),
  },
  {
    id: 'out',
    header: 'Tokens out',
    align: 'end',
    className: 'w-24',
    cell: (row) => formatTokens(row.total_output_tokens),
  },
  {
    id: 'cost',
    header: 'Cost',
    align: 'end',
    className: 'w-24',
    cell: (row) => formatDollars(row.total_cost_micros),
  },
]

function ModelCosts({ models }: { readonly models: readonly ModelCost[] }) {
  const [isTable, setIsTable] = useState(false)
  const sorted = models.toSorted((a, b) => b.total_cost_micros - a.total_cost_micros)
  return (
    <Card
      title="By model"
      flush={isTable}
      actions={
        <Button size="sm" variant="ghost" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          Show as table
        </Button>
      }
    >
      {isTable ? (
        <ShortTable
          label="Cost by model"
          columns={columns}
          rows={sorted}
          rowKey={(row) => row.model_config_id}
        />
      ) : (
        <BarChart
          label="Cost by model"
          bars={sorted.map((row) => ({
            key: row.model_config_id,
            label: nameOf(row),
            value: row.total_cost_micros,
            valueText: formatDollars(row.total_cost_micros),
          }))}
        />
      )}
    </Card>
  )
}
