import { hasCode } from '../../api/bridge-error.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ShieldIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Failure } from '../ai-models/index.ts'
import { useWindowActions } from '../window/index.ts'
import { LimitsForm } from './limits-form.tsx'
import { PersonalLimits } from './personal-limits.tsx'
import { useLimits } from './use-limits.ts'

/** How much chats may cost: each person, each chat, and who has a limit of their own. */
export function Spending({ deploymentId }: { readonly deploymentId: string }) {
  const actions = useWindowActions()
  const limits = useLimits(deploymentId)
  if (limits.isPending) return <SkeletonRows rows={4} label="Loading the limits" />
  if (limits.isError)
    return hasCode<'chatGovernance.limits'>(limits.error, 'unsupported') ? (
      <EmptyState icon={<ShieldIcon />} tone="warn" title="No limits on this deployment">
        Its version cannot limit what chats cost.
      </EmptyState>
    ) : (
      <Failure
        title="The limits cannot be shown"
        error={limits.error}
        isRetrying={limits.isFetching}
        onRetry={() => void limits.refetch()}
      />
    )
  const unpriced = limits.data.unpriced_model_count
  return (
    <>
      {unpriced === 0 ? null : (
        <Notice
          tone="warn"
          title={unpriced === 1 ? '1 model has no price' : `${String(unpriced)} models have no price`}
          actions={<Button onClick={() => actions.goToSettings('models')}>Show models</Button>}
        >
          {unpriced === 1
            ? 'What it does counts as nothing, so no limit holds it.'
            : 'What they do counts as nothing, so no limit holds them.'}
        </Notice>
      )}
      <LimitsForm deploymentId={deploymentId} limits={limits.data} />
      <PersonalLimits deploymentId={deploymentId} limits={limits.data} />
    </>
  )
}
