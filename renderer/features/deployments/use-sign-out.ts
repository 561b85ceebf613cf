import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'

/** Signs out of a deployment and says how that went. The deployment stays in the list. */
export function useSignOut(): (deployment: Pick<Deployment, 'id' | 'name'>) => void {
  const { client } = useApi()
  return ({ id, name }) => {
    client.call('deployments.signOut', { deploymentId: id }).then(
      ({ isEnded }) =>
        isEnded
          ? toast({ title: `You are signed out of ${name}`, tone: 'ok' })
          : toast({
              title: `You are signed out of ${name} on this computer`,
              detail: `${name} could not be told. The session may stay valid there until it runs out.`,
              tone: 'warn',
              durationMs: null,
            }),
      (error: unknown) => toast({ title: errorWords(error).message, tone: 'bad' }),
    )
  }
}
