import { AddDeploymentSheet } from '../features/deployments/add-deployment-sheet.tsx'
import { useDeployments } from '../features/deployments/index.ts'
import { NetworkSheet } from '../features/deployments/network-sheet.tsx'
import { SignInDialog } from '../features/deployments/sign-in-dialog.tsx'
import { useWindowDialogs } from './window-dialogs-store.ts'

/** The dialogs any page may ask for, mounted once. */
export function WindowDialogs() {
  const { isAddingDeployment, signInTo, networkOf } = useWindowDialogs()
  const { deployments } = useDeployments()
  return (
    <>
      <AddDeploymentSheet
        open={isAddingDeployment}
        onOpenChange={(open) => useWindowDialogs.setState({ isAddingDeployment: open })}
      />
      <SignInDialog
        deployment={deployments.find(({ id }) => id === signInTo)}
        onClose={() => useWindowDialogs.setState({ signInTo: undefined })}
      />
      <NetworkSheet
        deployment={deployments.find(({ id }) => id === networkOf)}
        onClose={() => useWindowDialogs.setState({ networkOf: undefined })}
      />
    </>
  )
}
