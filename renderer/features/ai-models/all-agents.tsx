import { useState } from 'react'
import type { ChatSwitchStates } from '#bridge/contract/chats-switches'
import { hasCode } from '../../api/bridge-error.ts'
import { useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CirclePauseIcon, PlayIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast } from '../../ui/toast-store.ts'
import { SettingRow } from '../settings/index.ts'
import { Failure, inWords, toastFailure } from './failure.tsx'
import { useModelChanges } from './use-ai-models.ts'

export interface AllAgentsProps {
  readonly deploymentId: string
  readonly deploymentName: string
}

const startOption = 'CODER_AI_GATEWAY_ENABLED=false'

/** Above everything else while no agent works: why, and the way back. */
export function StoppedNotice({ deploymentId, deploymentName }: AllAgentsProps) {
  const switches = useRead('aiModels.switches', { deploymentId })
  const { setSwitches } = useModelChanges(deploymentId)
  if (switches.data?.stopped !== true) return null
  if (switches.data.stopped_at_start)
    return (
      <Notice tone="warn" title={`Agents are switched off on ${deploymentName}`}>
        Its server was started with {startOption}. Start it again without that to let agents work.
      </Notice>
    )
  const resume = () =>
    setSwitches.mutate(
      { deploymentId, switches: { stopped: false } },
      {
        onSuccess: () => toast({ tone: 'ok', title: `Agents of ${deploymentName} may work again` }),
        onError: toastFailure('Agents are still stopped'),
      },
    )
  return (
    <Notice
      tone="warn"
      icon={<CirclePauseIcon />}
      title={`All agents of ${deploymentName} are stopped`}
      actions={
        <Button icon={<PlayIcon />} loading={setSwitches.isPending} onClick={resume}>
          Let agents work
        </Button>
      }
    >
      Nobody can start one or write to one. Chats can be read.
    </Notice>
  )
}

/** What an administrator decides for all agents at once. */
export function AllAgents({ deploymentId, deploymentName }: AllAgentsProps) {
  const switches = useRead('aiModels.switches', { deploymentId })
  if (switches.isError)
    return hasCode<'aiModels.switches'>(switches.error, 'unsupported') ? null : (
      <Failure
        title="The switches for all agents cannot be shown"
        error={switches.error}
        isRetrying={switches.isFetching}
        onRetry={() => void switches.refetch()}
      />
    )
  return (
    <Card title="All agents" flush>
      {switches.data === undefined ? (
        <div role="status" aria-label="Loading the switches" className="p-3.5">
          <Skeleton className="w-1/2" />
        </div>
      ) : (
        <Rows deploymentId={deploymentId} deploymentName={deploymentName} states={switches.data} />
      )}
    </Card>
  )
}

function Rows({
  deploymentId,
  deploymentName,
  states,
}: AllAgentsProps & { readonly states: ChatSwitchStates }) {
  const [isAsking, setIsAsking] = useState(false)
  const { setSwitches } = useModelChanges(deploymentId)
  const switched = setSwitches.isPending ? setSwitches.variables.switches.byok_enabled : undefined
  const stop = async () => {
    await setSwitches.mutateAsync({ deploymentId, switches: { stopped: true } }).catch(inWords)
    toast({ title: `All agents of ${deploymentName} are stopped` })
  }
  return (
    <>
      <SettingRow
        label="Keys of users"
        help="Everybody may use a key of their own in place of the deployment’s."
      >
        <Switch
          aria-label="Keys of users"
          checked={switched ?? states.byok_enabled}
          onChange={(allows) =>
            setSwitches.mutate(
              { deploymentId, switches: { byok_enabled: allows } },
              { onError: toastFailure('The switch stays as it was') },
            )
          }
        />
      </SettingRow>
      <SettingRow
        label="Stop all agents"
        help={
          states.stopped
            ? 'They are stopped. The way back is at the top of this page.'
            : 'Interrupts every chat at once, for everybody, until you let agents work again. Nothing is deleted.'
        }
      >
        <Button variant="danger" disabled={states.stopped} onClick={() => setIsAsking(true)}>
          Stop all agents…
        </Button>
      </SettingRow>
      {isAsking ? (
        <ConfirmDialog
          open
          onOpenChange={setIsAsking}
          title={`Stop all agents of ${deploymentName}?`}
          description="What they are doing is interrupted, for everybody, and no chat can go on or begin. Nothing is deleted, and you can let them work again at any time."
          confirmLabel="Stop all agents"
          danger
          onConfirm={stop}
        />
      ) : null}
    </>
  )
}
