import type { ChatModelChoice } from '#ipc/chats'
import { hasCode } from '../../api/bridge-error.ts'
import { useRead } from '../../api/use-call.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SparkleIcon } from '../../ui/icons.tsx'
import { type ShortColumn, ShortTable } from '../../ui/short-table.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Failure } from './failure.tsx'

const columns: readonly ShortColumn<ChatModelChoice>[] = [
  {
    id: 'name',
    header: 'Name',
    rowHeader: true,
    cell: ({ displayName, model, isDefault }) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="cut font-medium">{displayName === '' ? model : displayName}</span>
        {isDefault ? <Badge tone="accent">Default</Badge> : null}
      </span>
    ),
  },
  {
    id: 'provider',
    header: 'Provider',
    cell: ({ provider }) => <span className="block cut">{provider}</span>,
  },
  {
    id: 'context',
    header: 'Context',
    align: 'end',
    className: 'w-24',
    cell: ({ contextLimit }) => contextLimit.toLocaleString('en-US'),
  },
  {
    id: 'state',
    header: 'For you',
    cell: ({ unavailable }) =>
      unavailable === undefined ? (
        <span className="text-fg-2">Ready</span>
      ) : (
        <span className="block cut text-warn-fg" title={unavailable}>
          {unavailable}
        </span>
      ),
  },
]

/** The models that the user's chats can use, for who may not manage them. */
export function UsableModels({ deploymentId }: { readonly deploymentId: string }) {
  const usable = useRead('chats.models', { deploymentId })
  if (usable.isPending) return <SkeletonRows rows={3} label="Loading the models" />
  if (usable.isError)
    return hasCode<'chats.models'>(usable.error, 'unsupported') ? (
      <EmptyState icon={<SparkleIcon />} title="No agents on this deployment">
        Its version does not know them. An administrator can update it.
      </EmptyState>
    ) : (
      <Failure
        title="The models cannot be shown"
        error={usable.error}
        isRetrying={usable.isFetching}
        onRetry={() => void usable.refetch()}
      />
    )
  if (usable.data.models.length === 0)
    return (
      <EmptyState icon={<SparkleIcon />} title="No models yet">
        Agents need one. An administrator of the deployment adds them, then they are listed here.
      </EmptyState>
    )
  return (
    <Card title="Models you can use" flush>
      <ShortTable
        label="Models you can use"
        columns={columns}
        rows={usable.data.models}
        rowKey={({ configId }) => configId}
      />
    </Card>
  )
}
