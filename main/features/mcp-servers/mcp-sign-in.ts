/** Signing in to an MCP server by OAuth2: the deployment does it with the browser, the app opens it and waits. */
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { hasFeature } from '#bridge/contract/features'
import { mcpServersRoutes, organizationMcpServersRoutes } from '#bridge/contract/mcp-servers'
import { fillPath } from '#bridge/contract/route'
import type { CoderClient } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { probeMcpCapability } from '#bridge/client/mcp-capability'
import { listOrganizationMcpServers } from '#bridge/client/mcp-organization-servers'
import type { Clock } from '#bridge/lib/clock'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { McpServerTarget } from './header-changes.ts'

export interface McpSignInDeps {
  readonly connection: (deploymentId: string) => DeploymentConnection
  /** Opens a page in the system's browser; false when the user declined. */
  readonly openPage: (url: string) => Promise<boolean>
  readonly clock: Clock
}

export interface McpSignIn {
  /**
   * Resolves once the deployment has the user's token. Aborting stops the waiting, not the browser.
   *
   * @throws {ProcedureError} `sign_in_late`, `cancelled`, or what every call to a deployment may meet.
   */
  signIn(target: McpServerTarget, signal: AbortSignal): Promise<void>
  signOut(target: McpServerTarget): Promise<void>
}

/** As long as a deployment keeps a sign-in that was begun (mcp-user-headers, "OAuth2 endpoints"). */
const PATIENCE_MS = 10 * 60_000
/** Soon at first, since most are quick; rarer for whoever has to look for a password. */
const FIRST_LOOK_MS = 1000
const RAREST_LOOK_MS = 5000

const cancelled = () => new ProcedureError('cancelled', 'It was cancelled.')

/** Makes the sign-in. */
export function createMcpSignIn({ connection, openPage, clock }: McpSignInDeps): McpSignIn {
  const isConnected = (
    { deploymentId, serverId: mcpserver }: McpServerTarget,
    organization: string | undefined,
    signal: AbortSignal,
  ): Promise<boolean> =>
    connection(deploymentId).call(async (client) => {
      const config =
        organization === undefined
          ? await client.call(mcpServersRoutes.get, { params: { mcpserver } }, { signal })
          : await client.call(
              organizationMcpServersRoutes.get,
              { params: { organization, mcpserver } },
              { signal },
            )
      return config.auth_connected
    })

  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = clock.after(ms, done)
      signal.addEventListener('abort', done)
    })

  return {
    async signIn(target, signal) {
      const { deploymentId, serverId } = target
      const { url } = connection(deploymentId).view.get()
      const { organization, page } = await connection(deploymentId).call(async (client) => {
        const found = await organizationOf(client, serverId, signal)
        return {
          organization: found,
          page:
            found === undefined
              ? await pageOf(client, url, serverId, signal)
              : pageOfOrganization(url, found, serverId),
        }
      })
      if (!(await openPage(page))) throw cancelled()
      const until = clock.now() + PATIENCE_MS
      for (let wait = FIRST_LOOK_MS; clock.now() < until; wait = Math.min(wait * 1.5, RAREST_LOOK_MS)) {
        await pause(wait, signal)
        if (signal.aborted) throw cancelled()
        if (await isConnected(target, organization, signal)) return
      }
      throw new ProcedureError(
        'sign_in_late',
        'The browser did not finish the sign-in within ten minutes. Start it again.',
      )
    },
    async signOut({ deploymentId, serverId }) {
      const params = { mcpserver: serverId }
      await connection(deploymentId).call((client) =>
        client.call(mcpServersRoutes.oauth2Disconnect, { params }),
      )
    },
  }
}

/**
 * The organization whose list the server is in, at a deployment that keeps servers there; `undefined` at any other.
 *
 * @throws {ProcedureError} `not_found` when it is in no list any more.
 */
async function organizationOf(
  client: CoderClient,
  serverId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if ((await probeMcpCapability(client, { signal })) !== 'organization') return undefined
  const servers = await listOrganizationMcpServers(client, { signal })
  const found = servers.find(({ config }) => config.id === serverId)
  if (found === undefined)
    throw new ProcedureError('not_found', 'This MCP server is not there any more, or is not for you.')
  return found.organizations[0]
}

/** The deployment's page of the sign-in, where the browser is signed in as the dashboard's own window is. */
function pageOfOrganization(deploymentUrl: string, organization: string, mcpserver: string): string {
  return `${deploymentUrl}${fillPath(organizationMcpServersRoutes.oauth2Connect.path, { organization, mcpserver })}`
}

/**
 * Where the browser goes. At a Coder deployment it is signed in, as the dashboard's own window for this is; at a local
 * deployment no browser ever is, so that makes a link which is good for this one sign-in.
 */
async function pageOf(
  client: CoderClient,
  deploymentUrl: string,
  serverId: string,
  signal: AbortSignal,
): Promise<string> {
  const params = { mcpserver: serverId }
  const buildInfo = await client.call(buildInfoRoutes.get, {}, { signal })
  if (hasFeature(buildInfo, 'mcp-sign-in-link')) {
    try {
      return (await client.call(mcpServersRoutes.oauth2Link, { params }, { signal })).url
    } catch (error) {
      // Not of this machine: its users have their browser signed in.
      if (!(error instanceof CoderApiError) || error.status !== 409) throw error
    }
  }
  return `${deploymentUrl}${fillPath(mcpServersRoutes.oauth2Connect.path, params)}`
}
