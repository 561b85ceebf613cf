import { useRead } from '../../../api/use-call.ts'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { formatDollars } from '../../../lib/money.ts'

const periods: Readonly<Record<string, string>> = { day: 'today', week: 'this week', month: 'this month' }

/** What the user's chats cost, against how much they may; nothing where the deployment does not count. */
export function UsageFooter({ deploymentId }: { readonly deploymentId: string }) {
  const { data } = useRead('chats.usage', { deploymentId })
  if (!data) return null
  const limit = data.is_limited ? (data.spend_limit_micros ?? undefined) : undefined
  if (limit === undefined && data.current_spend === 0) return null
  const period = periods[data.period ?? ''] ?? ''
  const share = limit === undefined || limit === 0 ? undefined : data.current_spend / limit
  const words =
    limit === undefined
      ? `${formatDollars(data.current_spend)} ${period}`
      : `${formatDollars(data.current_spend)} of ${formatDollars(limit)} ${period}`
  return (
    <div className="mt-auto flex-none px-4 pt-2 pb-4">
      <p className="num text-sm text-fg-3">{words.trim()}</p>
      {share === undefined ? null : (
        <ProgressBar
          className="mt-1.5"
          label="Spent of what may be spent"
          value={share}
          tone={share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : 'accent'}
        />
      )}
    </div>
  )
}
