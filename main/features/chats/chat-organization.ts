import type { CoderClient } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { organizationsRoutes } from '#bridge/contract/organizations'
import { usersRoutes } from '#bridge/contract/users'
import { workspacesRoutes } from '#bridge/contract/workspaces'
import type { ChatOrganization } from '#ipc/chats'
import { ProcedureError } from '../../lib/procedure-error.ts'

/** The organizations that the user is in; none where the deployment does not tell. */
export async function listOrganizations(
  client: Pick<CoderClient, 'call'>,
  signal?: AbortSignal,
): Promise<ChatOrganization[]> {
  try {
    const found = await client.call(organizationsRoutes.listOfUser, { params: { user: 'me' } }, { signal })
    const worded = found.map(({ display_name: displayName, ...one }) => ({
      ...one,
      words: displayName.trim() === '' ? one.name : displayName,
    }))
    return worded.map(({ id, name, words, is_default: isDefault }) => {
      // Only the name itself is unique.
      const isTwice = worded.some((other) => other.id !== id && other.words === words)
      return { id, name: isTwice && words !== name ? `${words} (${name})` : words, isDefault }
    })
  } catch (error) {
    if (error instanceof CoderApiError && (error.code === 'not_found' || error.code === 'forbidden'))
      return []
    throw error
  }
}

interface AskedOrganization {
  readonly organizationId?: string | undefined
  readonly workspaceId?: string | undefined
}

/** The organization of a new chat: its workspace's, which has to be the same, or else the chosen one or the user's first. */
export async function organizationOf(
  client: Pick<CoderClient, 'call'>,
  { organizationId, workspaceId }: AskedOrganization,
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
  if (organizationId !== undefined) return organizationId
  const user = await client.call(usersRoutes.get, { params: { user: 'me' } }, { signal })
  const [first] = user.organization_ids
  if (first === undefined)
    throw new ProcedureError(
      'forbidden',
      'You belong to no organization of this deployment, so nothing can run for you.',
    )
  return first
}
