import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'
import type { TunnelView } from './tunnel-end.ts'

/** All tunnels, live. */
export function useTunnels() {
  return useSubscription('tunnels.watch', {})
}

export const onTunnelError = (error: Error): void => {
  toast({ tone: 'bad', title: errorWords(error).message })
}

/** What can be done with a tunnel that is there. */
export function useTunnelChanges() {
  const remove = useChange('tunnels.remove')
  const create = useChange('tunnels.create')
  return {
    setEnabled: useChange('tunnels.setEnabled'),
    retry: useChange('tunnels.retry'),
    open: useChange('tunnels.open'),
    /** Deletes at once, and offers to take it back. */
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
      remove.mutate(
        { id },
        {
          onError: onTunnelError,
          onSuccess: () =>
            toast({
              title: `${title} of ${workspaceName} is deleted`,
              action: { label: 'Undo', onSelect: () => create.mutate(again, { onError: onTunnelError }) },
            }),
        },
      )
    },
  }
}

export type TunnelChanges = ReturnType<typeof useTunnelChanges>
