import type { Workspace } from '#bridge/contract/workspaces'
import type { RpcClient } from '../api/rpc-client.ts'

/** The workspace as it is now: the first answer of its watch. */
export async function firstWorkspace(
  client: RpcClient,
  deploymentId: string,
  workspaceId: string,
): Promise<Workspace> {
  return new Promise((resolve, reject) => {
    const stop = client.subscribe(
      'workspaces.watch',
      { deploymentId, workspaceId },
      {
        next: (workspace) => {
          resolve(workspace)
          stop()
        },
        error: reject,
        done: () => reject(new Error('The workspace is deleted.')),
      },
    )
  })
}
