import { useRead } from '../../api/use-call.ts'

/** Whether agents of a deployment run their tools without asking. False where it has no agents, or while that is not known. */
export function useRunsUnasked(deploymentId: string): boolean {
  const { data: support } = useRead('chats.support', { deploymentId })
  return support?.chats === 'ready' && !support.approvals
}
