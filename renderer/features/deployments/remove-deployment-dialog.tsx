import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../api/api-context.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

export interface RemoveDeploymentDialogProps {
  readonly deployment: Deployment
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Asks before the app signs out of a deployment and forgets it. */
export function RemoveDeploymentDialog({ deployment, open, onOpenChange }: RemoveDeploymentDialogProps) {
  const { client } = useApi()
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove ${deployment.name}?`}
      description="The app signs out there and forgets the token. Workspaces on the server stay as they are, and you can add it again."
      confirmLabel="Remove deployment"
      danger
      onConfirm={async () => {
        await client.call('deployments.remove', { deploymentId: deployment.id })
      }}
    />
  )
}
