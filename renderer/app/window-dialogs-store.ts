import { create } from 'zustand'

interface WindowDialogs {
  readonly isAddingDeployment: boolean
  /** The deployment to sign in to. */
  readonly signInTo: string | undefined
  /** The deployment whose network is shown. */
  readonly networkOf: string | undefined
}

/** Dialogs that any page may ask for. */
export const useWindowDialogs = create<WindowDialogs>(() => ({
  isAddingDeployment: false,
  signInTo: undefined,
  networkOf: undefined,
}))

export function askAddDeployment(): void {
  useWindowDialogs.setState({ isAddingDeployment: true })
}

export function askSignIn(deploymentId: string): void {
  useWindowDialogs.setState({ signInTo: deploymentId })
}

export function askNetwork(deploymentId: string): void {
  useWindowDialogs.setState({ networkOf: deploymentId })
}
