/** Reads a whole list of workspaces, page by page: one answer of a big deployment would be megabytes at once. */
import type { CoderClient } from '#bridge/client/coder-client'
import { eachPage } from '#bridge/client/pages'
import { workspacesRoutes, type Workspace, type WorkspacesResponse } from '#bridge/contract/workspaces'

const pageSize = 200

/** Workspaces that move between pages while they are read appear once; `count` is the server's newest. */
export async function loadWorkspaces(
  client: Pick<CoderClient, 'call'>,
  q: string,
): Promise<WorkspacesResponse> {
  const byId = new Map<string, Workspace>()
  let count = 0
  const pages = eachPage(async ({ limit, offset }) => {
    const page = await client.call(workspacesRoutes.list, { query: { q, limit, offset } })
    count = page.count
    return { items: page.workspaces, count }
  }, pageSize)
  for await (const page of pages) for (const workspace of page) byId.set(workspace.id, workspace)
  return { workspaces: [...byId.values()], count }
}
