import { create } from 'zustand'

interface WindowDialogs {
  readonly isAddingDeployment: boolean
  /** The deployment to sign in to. */
  readonly signInTo: string | undefined
}

/** Dialogs that any page may ask for. */
export const useWindowDialogs = create<WindowDialogs>(() => ({
  isAddingDeployment: false,
  signInTo: undefined,
}))

export function askAddDeployment(): void {
  useWindowDialogs.setState({ isAddingDeployment: true })
}

export function askSignIn(deploymentId: string): void {
  useWindowDialogs.setState({ signInTo: deploymentId })
}
