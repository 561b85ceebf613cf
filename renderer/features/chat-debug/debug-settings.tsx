import type { UserChatDebugLoggingSettings } from '#bridge/contract/chats-debug'
import { useRead } from '../../api/use-call.ts'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { BugIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Failure, toastFailure } from '../ai-models/index.ts'
import { SettingRow } from '../settings/index.ts'
import { RetentionForm } from './retention-form.tsx'
import { useDebugChanges, useDebugLogging } from './use-debug.ts'

export interface DebugSettingsProps {
  readonly deploymentId: string
  readonly deploymentName: string
}

/** Whether what models are asked is written down: for the user's own chats, and what an administrator allows. */
export function DebugSettings({ deploymentId, deploymentName }: DebugSettingsProps) {
  const logging = useDebugLogging(deploymentId)
  if (logging.isPending) return <SkeletonRows rows={3} label="Loading debug logging" />
  if (logging.isError)
    return (
      <Failure
        title="Debug logging cannot be shown"
        error={logging.error}
        isRetrying={logging.isFetching}
        onRetry={() => void logging.refetch()}
      />
    )
  if (logging.data === null)
    return (
      <EmptyState icon={<BugIcon />} tone="warn" title={`${deploymentName} has no debug logging`}>
        Its version does not write down what models are asked.
      </EmptyState>
    )
  return (
    <>
      <p className="text-fg-2">
        What a model was asked, what it answered, and what went wrong on the way, for the Debug tab beside a
        chat. Keys and other known secrets are left out; what was said in the chat is not.
      </p>
      <OwnLogging deploymentId={deploymentId} deploymentName={deploymentName} logging={logging.data} />
      <Rules deploymentId={deploymentId} />
    </>
  )
}

function OwnLogging({
  deploymentId,
  deploymentName,
  logging,
}: DebugSettingsProps & { readonly logging: UserChatDebugLoggingSettings }) {
  const { setLogging } = useDebugChanges(deploymentId)
  const switched = setLogging.isPending ? setLogging.variables.enabled : logging.debug_logging_enabled
  return (
    <Card title="My chats" flush>
      <SettingRow label="Debug logging" help={reasonOf(logging, deploymentName)}>
        <Switch
          aria-label="Debug logging"
          checked={switched}
          disabled={!logging.user_toggle_allowed}
          onChange={(enabled) =>
            setLogging.mutate(
              { deploymentId, enabled },
              { onError: toastFailure('Debug logging stays as it was') },
            )
          }
        />
      </SettingRow>
    </Card>
  )
}

function reasonOf(logging: UserChatDebugLoggingSettings, deploymentName: string): string {
  if (logging.forced_by_deployment)
    return `${deploymentName} has it on for everybody, so it cannot be switched off.`
  if (!logging.user_toggle_allowed) return `An administrator of ${deploymentName} has not allowed it.`
  return 'From the next message on. Only you and administrators can read it, not who you share a chat with.'
}

/** What an administrator decides. Nothing for others. */
function Rules({ deploymentId }: Pick<DebugSettingsProps, 'deploymentId'>) {
  const rules = useRead('chatDebug.rules', { deploymentId })
  const { setRules } = useDebugChanges(deploymentId)
  if (rules.isError)
    return (
      <Failure
        title="What holds for everybody cannot be shown"
        error={rules.error}
        isRetrying={rules.isFetching}
        onRetry={() => void rules.refetch()}
      />
    )
  if (rules.data === undefined || rules.data === null) return null
  const { allowUsers, isForced, retentionDays } = rules.data
  const switched = setRules.isPending ? setRules.variables.allowUsers : undefined
  return (
    <Card title="Everybody" flush>
      <SettingRow
        label="People may switch it on"
        help={
          isForced
            ? 'The server was started with debug logging on for everybody, so this changes nothing now.'
            : 'Each of them for their own chats.'
        }
      >
        <Switch
          aria-label="People may switch it on"
          checked={switched ?? allowUsers}
          onChange={(allows) =>
            setRules.mutate(
              { deploymentId, allowUsers: allows },
              { onError: toastFailure('The switch stays as it was') },
            )
          }
        />
      </SettingRow>
      <RetentionForm deploymentId={deploymentId} days={retentionDays} />
    </Card>
  )
}
