import { useApi } from '../../api/api-context.tsx'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'
import type { TunnelView } from './tunnel-end.ts'

/** All tunnels, live. */
export function useTunnels() {
  return useSubscription('tunnels.watch', {})
}

export const onTunnelError = (error: unknown): void => {
  toast({ tone: 'bad', title: errorWords(error).message })
}

/** What can be done with a tunnel that is there. */
export function useTunnelChanges() {
  const { client } = useApi()
  return {
    setEnabled: useChange('tunnels.setEnabled'),
    retry: useChange('tunnels.retry'),
    open: useChange('tunnels.open'),
    /** Deletes at once, and offers to take it back. By the client itself: the row is gone before the answer. */
    removeWithUndo({
      id,
      title,
      deploymentId,
      workspaceId,
      workspaceName,
      enabled,
      draft,
    }: TunnelView): void {
      const again = { deploymentId, workspaceId, workspaceName, enabled, draft }
      client.call('tunnels.remove', { id }).then(
        () =>
          toast({
            title: `${title} of ${workspaceName} is deleted`,
            action: {
              label: 'Undo',
              onSelect: () => void client.call('tunnels.create', again).catch(onTunnelError),
            },
          }),
        onTunnelError,
      )
    },
  }
}

export type TunnelChanges = ReturnType<typeof useTunnelChanges>
