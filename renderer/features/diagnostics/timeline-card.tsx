import { useState } from 'react'
import { connectionKindWords } from '#bridge/contract/connection-words'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Deployment } from '#ipc/deployments'
import type { TimelineEntry } from '#ipc/diagnostics'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Select } from '../../ui/select.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Countdown, RelativeTime } from '../../ui/time.tsx'
import { canTryNow, stateWords, workspaceOf } from './timeline-words.ts'

export interface TimelineCardProps {
  readonly deployment: Deployment
  readonly deployments: readonly Deployment[]
  readonly entries: readonly TimelineEntry[]
  /** Ids of those that say how their connection is now. */
  readonly current: readonly number[]
}

const all = 'all'
const shownAtFirst = 50

/** What connections did, newest first, with what can be tried now. */
export function TimelineCard({ deployment, deployments, entries, current }: TimelineCardProps) {
  const [filter, setFilter] = useState<string>(all)
  const [limit, setLimit] = useState(shownAtFirst)
  const { data } = useSubscription('workspaces.watchList', { deploymentId: deployment.id, q: '' })
  const workspaces = data?.workspaces ?? []
  const named = entries.map((entry) => ({ entry, workspace: workspaceOf(entry.event, workspaces) }))
  const shown = named.filter(({ entry, workspace }) => {
    if (filter === all) return true
    const [kind, id] = [filter.slice(0, 2), filter.slice(2)]
    return kind === 'd:' ? entry.event.deploymentId === id : workspace?.id === id
  })
  const met = new Map(
    named.flatMap(({ workspace }) => (workspace === undefined ? [] : [[workspace.id, workspace]])),
  )
  const live = new Set(current)
  return (
    <Card
      title="Timeline"
      meta="Since the app started"
      actions={
        <Select
          aria-label="Show the timeline of"
          quiet
          size="md"
          className="max-w-48"
          value={filter}
          onChange={setFilter}
          options={[
            { value: all, label: 'Everything' },
            ...deployments.map(({ id, name }) => ({ value: `d:${id}`, label: plainText(name, 64) })),
            ...[...met.values()].map(({ id, name }) => ({ value: `w:${id}`, label: name })),
          ]}
        />
      }
      flush
    >
      {shown.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-2">
          {entries.length === 0
            ? 'Nothing has connected yet. Terminals, tunnels, files and the deployments themselves are listed here when they do.'
            : 'Nothing of this has connected since the app started.'}
        </p>
      ) : (
        <ol aria-label="Timeline">
          {shown.slice(0, limit).map(({ entry, workspace }) => (
            <li key={entry.id} className="border-line not-last:border-b">
              <Entry
                entry={entry}
                workspace={workspace}
                deploymentName={deployments.find(({ id }) => id === entry.event.deploymentId)?.name}
                isLive={live.has(entry.id)}
              />
            </li>
          ))}
        </ol>
      )}
      {shown.length > limit ? (
        <div className="border-t border-line p-2 text-center">
          <Button variant="ghost" onClick={() => setLimit(limit + 100)}>
            Show older
          </Button>
        </div>
      ) : null}
    </Card>
  )
}

function Entry({
  entry: { event, since, times },
  workspace,
  deploymentName,
  isLive,
}: {
  readonly entry: TimelineEntry
  readonly workspace: Workspace | undefined
  readonly deploymentName: string | undefined
  readonly isLive: boolean
}) {
  const { state, what, name } = event
  const where = what === 'deployment' ? deploymentName : (workspace?.name ?? deploymentName)
  return (
    <div className="flex gap-3 px-3.5 py-2">
      <span className="flex h-5 w-24 flex-none items-center">
        <StatusMark {...stateWords(state, isLive)} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 gap-1.5">
          <span className="flex-none font-medium">{connectionKindWords[what]}</span>
          <span className="cut text-fg-2 copyable">
            {[where === undefined ? '' : plainText(where, 64), name].filter(Boolean).join(', ')}
          </span>
        </div>
        {'reason' in state && state.reason !== '' ? (
          <p className="break-words text-fg-2 copyable">
            {state.reason}
            {isLive && state.kind === 'waiting' && state.retryAt !== null ? (
              <span className="text-fg-3">
                {' '}
                Next try in <Countdown to={state.retryAt} over="a moment" />.
              </span>
            ) : null}
          </p>
        ) : null}
        {times > 1 ? (
          <p className="text-sm text-fg-3">
            {times} times, the first <RelativeTime value={since} />
          </p>
        ) : null}
      </div>
      {isLive && canTryNow(event) ? <TryNow event={event} where={where ?? ''} /> : null}
      <RelativeTime value={event.at} className="w-16 flex-none text-right text-sm leading-5 text-fg-3" />
    </div>
  )
}

function TryNow({ event, where }: { readonly event: TimelineEntry['event']; readonly where: string }) {
  const retry = useChange('diagnostics.retry')
  const { deploymentId, what, connectionId } = event
  return (
    <Button
      size="sm"
      loading={retry.isPending}
      aria-label={`Try now: ${connectionKindWords[what]} ${where}`}
      onClick={() =>
        retry.mutate(
          { deploymentId, what, connectionId },
          { onError: (error) => toast({ tone: 'bad', title: errorWords(error).message }) },
        )
      }
    >
      Try now
    </Button>
  )
}
