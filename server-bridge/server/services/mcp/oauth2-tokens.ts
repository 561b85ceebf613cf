import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { badRequest, notFound } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import type { McpServerUserTokensTable } from '../../db/tables/mcp-server-user-tokens.ts'
import type { SecretBox } from '../secret-box.ts'
import { askProvider, ProviderError, type ProviderFetch } from './oauth2-fetch.ts'
import { type McpServerRow, openServerSecrets } from './server-secrets.ts'

type TokenRow = Selectable<McpServerUserTokensTable>

export interface McpOAuth2Tokens {
  /**
   * Trades a code for the user's token and stores it.
   *
   * @throws {ProviderError} when the provider gives none.
   * @throws {ApiError} 400 or 404 when the server became another one, or went, while the provider was asked.
   */
  exchange(server: McpServerRow, userId: string, grant: CodeGrant): Promise<void>
  /** The user's token, refreshed when it is about to end; undefined when there is none that works. */
  live(server: McpServerRow, userId: string): Promise<string | undefined>
  remove(server: McpServerRow, userId: string): void
}

export interface CodeGrant {
  readonly code: string
  readonly verifier: string
  readonly redirectUri: string
}

export interface McpOAuth2TokensDeps {
  readonly db: Database
  readonly clock: Clock
  readonly box: SecretBox
  readonly fetch: ProviderFetch
  readonly logger: Logger
}

/** A token that ends within this time is renewed first (agents-api 13). */
const RENEW_BEFORE_MS = 10_000
/** RFC 6749, 5.1. `expires_in` comes as text from some providers. */
const tokenSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().default('Bearer'),
  expires_in: z.coerce.number().positive().nullish(),
  refresh_token: z.string().nullish(),
})
type TokenAnswer = z.output<typeof tokenSchema>
/** Who gave a token, and for what. */
const PROVIDER = ['auth_type', 'url', 'oauth2_client_id', 'oauth2_auth_url', 'oauth2_token_url'] as const

export function createMcpOAuth2Tokens(deps: McpOAuth2TokensDeps): McpOAuth2Tokens {
  const { db, clock, box, fetch, logger } = deps
  /** One refresh at a time for each token: providers take a refresh token once. */
  const refreshing = new Map<string, Promise<string | undefined>>()
  const bindingOf = (row: string, column: 'access_token_sealed' | 'refresh_token_sealed') => ({
    table: 'mcp_server_user_tokens',
    row,
    column,
  })
  const find = (server: McpServerRow, userId: string): TokenRow | undefined =>
    db.first(
      db.sql
        .selectFrom('mcp_server_user_tokens')
        .selectAll()
        .where('mcp_server_config_id', '=', server.id)
        .where('user_id', '=', userId),
    )

  /** A token must not be kept for a server that it was not given for. @throws {ApiError} 400, 404 */
  const requireSameProvider = (server: McpServerRow): void => {
    const now = db.first(db.sql.selectFrom('mcp_server_configs').selectAll().where('id', '=', server.id))
    if (!now) throw notFound()
    if (PROVIDER.some((column) => now[column] !== server[column]))
      throw badRequest('The MCP server was changed during the sign-in. Connect again.')
  }

  const columnsOf = (id: string, answer: TokenAnswer) => ({
    access_token_sealed: box.seal(answer.access_token, bindingOf(id, 'access_token_sealed')),
    token_type: answer.token_type,
    expires_at: answer.expires_in ? clock.now() + answer.expires_in * 1000 : null,
    updated_at: clock.now(),
    ...(answer.refresh_token
      ? { refresh_token_sealed: box.seal(answer.refresh_token, bindingOf(id, 'refresh_token_sealed')) }
      : {}),
  })

  const ask = (server: McpServerRow, form: Readonly<Record<string, string>>): Promise<TokenAnswer> =>
    askForToken(fetch, server, openServerSecrets(box, server).oauth2ClientSecret, form)

  const refresh = async (server: McpServerRow, row: TokenRow): Promise<string | undefined> => {
    if (row.refresh_token_sealed === null) return undefined
    const refreshToken = box.open(row.refresh_token_sealed, bindingOf(row.id, 'refresh_token_sealed'))
    try {
      const answer = await ask(server, { grant_type: 'refresh_token', refresh_token: refreshToken })
      const stored = db.run(
        db.sql.updateTable('mcp_server_user_tokens').set(columnsOf(row.id, answer)).where('id', '=', row.id),
      )
      // Taken away while the provider was asked: the user signed out, or the server has another provider now.
      return stored === 0 ? undefined : answer.access_token
    } catch (error) {
      // The provider is away or has withdrawn it: either way there is no token that works now.
      if (!(error instanceof ProviderError)) throw error
      // Its message is fit for an answer, so it holds nothing of what was sent.
      logger.warn('A sign-in to an MCP server could not be renewed', {
        serverId: server.id,
        userId: row.user_id,
        reason: error.message,
      })
      return undefined
    }
  }

  return {
    async exchange(server, userId, { code, verifier, redirectUri }) {
      const answer = await ask(server, {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      })
      const id = randomUUID()
      db.transaction(() => {
        requireSameProvider(server)
        this.remove(server, userId)
        db.run(
          db.sql.insertInto('mcp_server_user_tokens').values({
            id,
            mcp_server_config_id: server.id,
            user_id: userId,
            refresh_token_sealed: null,
            ...columnsOf(id, answer),
          }),
        )
      })
    },
    async live(server, userId) {
      const row = find(server, userId)
      if (!row) return undefined
      if (row.expires_at === null || row.expires_at > clock.now() + RENEW_BEFORE_MS)
        return box.open(row.access_token_sealed, bindingOf(row.id, 'access_token_sealed'))
      const running = refreshing.get(row.id) ?? refresh(server, row).finally(() => refreshing.delete(row.id))
      refreshing.set(row.id, running)
      return running
    },
    remove(server, userId) {
      db.run(
        db.sql
          .deleteFrom('mcp_server_user_tokens')
          .where('mcp_server_config_id', '=', server.id)
          .where('user_id', '=', userId),
      )
    },
  }
}

/** The secret goes into the header, and into the body for providers that refuse it there (RFC 6749, 2.3.1). */
async function askForToken(
  fetch: ProviderFetch,
  server: McpServerRow,
  clientSecret: string,
  form: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  const clientId = server.oauth2_client_id
  const send = (headers: Record<string, string>, more: Record<string, string>): Promise<TokenAnswer> =>
    askProvider(
      fetch,
      server.oauth2_token_url,
      {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        // RFC 8707: the token is for this MCP server and no other.
        body: new URLSearchParams({ ...form, client_id: clientId, resource: server.url, ...more }).toString(),
      },
      tokenSchema,
    )
  if (clientSecret === '') return send({}, {})
  const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
  try {
    return await send({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }, {})
  } catch (error) {
    if (!(error instanceof ProviderError && (error.status === 401 || error.status === 400))) throw error
    return send({}, { client_secret: clientSecret })
  }
}
