import { createCoderClient, type CoderClient } from '../client/coder-client.ts'
import { CoderApiError } from '../client/errors.ts'
import { apiKeysRoutes } from '../contract/api-keys.ts'
import { isJobFinished } from '../contract/provisioner-jobs.ts'
import { type MCPServerConfig, mcpServersRoutes } from '../contract/mcp-servers.ts'
import { templatesRoutes } from '../contract/templates.ts'
import { userAccountsRoutes } from '../contract/user-accounts.ts'
import type { User } from '../contract/users.ts'
import { workspaceBuildsRoutes } from '../contract/workspace-builds.ts'
import { type Workspace, workspacesRoutes } from '../contract/workspaces.ts'
import { createUser } from './accounts.ts'
import { type ExternalTarget, needsOwnServer } from './conformance-target.ts'
import type { TestServer } from './test-server.ts'
import { waitFor } from './wait-for.ts'

/** A deletion runs the scripts that stop a workspace. */
const DELETION_MS = 60_000

/**
 * A deployment that runs already, as one suite sees it. Every suite has accounts of its own there, an owner too; they go
 * with what they made when it ends.
 */
export async function useExternalServer({ url, token }: ExternalTarget): Promise<TestServer> {
  const client = (own?: string): CoderClient => createCoderClient({ baseUrl: url, token: own, retries: 0 })
  const root = client(token)
  const before = new Set((await testUsers(root)).map(({ id }) => id))
  const mcpServersBefore = new Set((await testMcpServers(root)).map(({ id }) => id))
  const made = new Set<string>()
  let owner: Promise<{ readonly user: User }> | undefined
  const server: TestServer = {
    url,
    client,
    async ownerClient() {
      owner ??= createUser(server, root, 'ada-lovelace', ['owner'])
      return server.clientOf((await owner).user.id)
    },
    // An owner may make tokens of others, which no password and no limit of sign-ins is in the way of.
    async clientOf(user) {
      made.add(user)
      const { key } = await root.call(apiKeysRoutes.createToken, { params: { user }, body: {} })
      return client(key)
    },
    memberClient: async (username) => (await createUser(server, root, username)).client,
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
      for (const { id } of await testUsers(root)) if (!before.has(id)) made.add(id)
      const { workspaces } = await root.call(workspacesRoutes.list, { query: { limit: 1_000 } })
      await Promise.all(
        workspaces
          .filter(({ owner_id }) => made.has(owner_id))
          .map((workspace) => deleteWorkspace(root, workspace)),
      )
      for (const { id, created_by_id } of await root.call(templatesRoutes.list, {})) {
        if (made.has(created_by_id)) await root.call(templatesRoutes.remove, { params: { template: id } })
      }
      for (const { id } of await testMcpServers(root)) {
        if (!mcpServersBefore.has(id)) await root.call(mcpServersRoutes.delete, { params: { mcpserver: id } })
      }
      for (const user of made) {
        await unlessGone(root.call(userAccountsRoutes.delete, { params: { user } }))
      }
    },
  }
  return server
}

/** Nobody has an address there (RFC 2606), and programs have none: the accounts of real people are left alone. */
async function testUsers(client: CoderClient): Promise<readonly User[]> {
  const { users } = await client.call(userAccountsRoutes.list, { query: { limit: 1_000 } })
  return users.filter((user) => user.is_service_account === true || user.email.endsWith('@example.com'))
}

/** A deployment without the experiment has none. */
async function testMcpServers(client: CoderClient): Promise<readonly MCPServerConfig[]> {
  try {
    const servers = await client.call(mcpServersRoutes.list, {})
    return servers.filter(({ url }) => new URL(url).hostname.endsWith('example.com'))
  } catch (error) {
    if (error instanceof CoderApiError && (error.status === 403 || error.status === 404)) return []
    throw error
  }
}

async function deleteWorkspace(client: CoderClient, { id }: Workspace): Promise<void> {
  const params = { workspace: id }
  const newest = async () => (await client.call(workspacesRoutes.get, { params })).latest_build
  // Some tests end while a build runs.
  const settled = () =>
    waitFor(
      'the build ends',
      async () => {
        const build = await newest()
        return isJobFinished(build.job.status) ? build : undefined
      },
      DELETION_MS,
    )
  await unlessGone(
    (async () => {
      await settled()
      await client.call(workspaceBuildsRoutes.create, { params, body: { transition: 'delete' } })
      await settled()
    })(),
  )
}

/** What is deleted already, by the test itself, is what was wanted. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof CoderApiError && (error.status === 404 || error.status === 410))) throw error
  }
}
