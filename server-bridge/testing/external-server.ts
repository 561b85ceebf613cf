import { createCoderClient, type CoderClient } from '../client/coder-client.ts'
import { CoderApiError } from '../client/errors.ts'
import { workspaceBuildsRoutes } from '../contract/workspace-builds.ts'
import { workspacesRoutes } from '../contract/workspaces.ts'
import { type ExternalTarget, needsOwnServer } from './conformance-target.ts'

/** A deployment that runs already, as the suites see it. What they make in it they leave behind deleted. */
export async function useExternalServer({ url, token }: ExternalTarget) {
  const client = (own?: string): CoderClient => createCoderClient({ baseUrl: url, token: own, retries: 0 })
  const owner = client(token)
  const before = new Set((await ownWorkspaces(owner)).map(({ id }) => id))
  return {
    url,
    client,
    ownerClient: () => Promise.resolve(owner),
    memberClient: () => needsOwnServer('it makes an account behind the API'),
    get deployment() {
      return needsOwnServer('it looks behind the API')
    },
    get dataDir() {
      return needsOwnServer('it looks into the data folder')
    },
    get agentProcesses() {
      return needsOwnServer('it counts processes')
    },
    restart: () => needsOwnServer('it starts the server again'),
    async close() {
      const made = (await ownWorkspaces(owner)).filter(({ id }) => !before.has(id))
      for (const { id } of made) {
        const params = { workspace: id }
        await owner
          .call(workspaceBuildsRoutes.create, { params, body: { transition: 'delete' } })
          .catch((error: unknown) => {
            // A build runs on it, which is how some tests end: the workspace stays.
            if (!(error instanceof CoderApiError && error.status === 409)) throw error
          })
      }
    },
  }
}

async function ownWorkspaces(client: CoderClient) {
  return (await client.call(workspacesRoutes.list, { query: { q: 'owner:me' } })).workspaces
}
