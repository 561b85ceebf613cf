import { useRead } from '../../api/use-call.ts'

/** The model that the user has chosen for new chats, where the deployment lets them. */
export function useOwnRootModel(deploymentId: string): string | undefined {
  const { data } = useRead('ownAgents.models', { deploymentId })
  const root = data?.find(({ context }) => context === 'root')
  return root?.mode === 'model' && !root.isGone ? root.modelConfigId : undefined
}
