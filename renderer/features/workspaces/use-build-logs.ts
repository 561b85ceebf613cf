import type { ProvisionerJobLog } from '#bridge/contract/provisioner-jobs'
import { useApi } from '../../api/api-context.tsx'
import { useSubscription, type SubscriptionResult } from '../../api/use-subscription.ts'
import { errorWords } from '../../api/error-words.ts'
import { logToText } from '../../ui/log/log-line.ts'
import { toast } from '../../ui/toast-store.ts'
import type { LogLine } from '../../ui/log/log-line.ts'

/** A build's log from its first line, live while it runs. */
export function useBuildLogs(
  deploymentId: string,
  buildId: string | undefined,
): SubscriptionResult<readonly ProvisionerJobLog[]> {
  return useSubscription(
    'workspaces.followBuildLogs',
    buildId === undefined ? undefined : { deploymentId, buildId },
  )
}

/** Saves a log where the user says. */
export function useSaveLog(): (name: string, lines: readonly LogLine[]) => void {
  const { client } = useApi()
  return (name, lines) => {
    client
      .call('app.saveText', { suggestedName: `${name}.log`, text: logToText(lines).slice(-900_000) })
      .catch((error: unknown) => {
        toast({ title: 'The log is not saved', detail: errorWords(error).message, tone: 'bad' })
      })
  }
}
