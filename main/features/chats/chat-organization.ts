import type { CoderClient } from '#bridge/client/coder-client'
import { usersRoutes } from '#bridge/contract/users'
import { workspacesRoutes } from '#bridge/contract/workspaces'
import { ProcedureError } from '../../lib/procedure-error.ts'

/** The organization of a new chat: its workspace's, which has to be the same, or else the user's first. */
export async function organizationOf(
  client: Pick<CoderClient, 'call'>,
  workspaceId: string | undefined,
  signal?: AbortSignal,
): Promise<string> {
  if (workspaceId !== undefined) {
    const workspace = await client.call(
      workspacesRoutes.get,
      { params: { workspace: workspaceId } },
      { signal },
    )
    return workspace.organization_id
  }
  const user = await client.call(usersRoutes.get, { params: { user: 'me' } }, { signal })
  const [first] = user.organization_ids
  if (first === undefined)
    throw new ProcedureError(
      'forbidden',
      'You belong to no organization of this deployment, so nothing can run for you.',
    )
  return first
}
