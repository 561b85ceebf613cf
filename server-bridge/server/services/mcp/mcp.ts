import type { Clock } from '../../../lib/clock.ts'
import type { Database } from '../../db/database.ts'
import type { SecretBox } from '../secret-box.ts'
import { discoverOAuth2 } from './oauth2-discovery.ts'
import type { ProviderFetch } from './oauth2-fetch.ts'
import { callbackUrl } from './oauth2-flow.ts'
import { createMcpOAuth2Tokens } from './oauth2-tokens.ts'
import { createMcpRequestHeaders } from './request-headers.ts'
import type { McpServerRow } from './server-secrets.ts'
import { createMcpServers } from './servers.ts'
import { createMcpSignInLinks } from './sign-in-links.ts'
import { createMcpUserHeaders } from './user-headers.ts'

export interface McpDeps {
  readonly db: Database
  readonly clock: Clock
  readonly box: SecretBox
  readonly accessUrl: () => string
  readonly fetch?: ProviderFetch
}

export type Mcp = ReturnType<typeof createMcp>

/** MCP servers, the values and tokens of their users, and what a chat sends to them. */
export function createMcp({ db, clock, box, accessUrl, fetch = globalThis.fetch }: McpDeps) {
  const userHeaders = createMcpUserHeaders(db, clock, box)
  const tokens = createMcpOAuth2Tokens({ db, clock, box, fetch })
  const servers = createMcpServers({
    db,
    clock,
    box,
    userHeaders,
    discover: (id, url) => discoverOAuth2(fetch, url, callbackUrl(accessUrl(), id)),
  })
  return {
    accessUrl,
    userHeaders,
    tokens,
    servers,
    signInLinks: createMcpSignInLinks({ db, clock, accessUrl }),
    requestHeaders: createMcpRequestHeaders({ box, userHeaders, tokens }),
    /**
     * Stores values of a user, in one transaction with the reading of the declared keys. @returns the keys written.
     *
     * @throws {ApiError} 400, 404
     */
    putUserHeaders: (serverId: string, userId: string, values: Readonly<Record<string, string>>) =>
      db.transaction(() => {
        const server = servers.getEnabled(serverId)
        return { server, keys: userHeaders.put(server, userId, values) }
      }),
    /** Whether the user has given what the server wants of them; an ended token is refreshed first. */
    async isConnected(server: McpServerRow, userId: string): Promise<boolean> {
      if (server.auth_type === 'oauth2') return (await tokens.live(server, userId)) !== undefined
      if (server.auth_type !== 'custom_headers') return true
      return Object.values(userHeaders.describe(server, userId).has_values).every(Boolean)
    },
  }
}
