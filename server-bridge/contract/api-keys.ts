import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, datetime, durationNs, list, queryBoolean, text, uuid } from './shape.ts'
import { loginTypeSchema } from './users.ts'

/** Some 250 words that grow with every release; nothing here switches on one. */
const scope = z.string()

export const generateApiKeyResponseSchema = answer({ key: z.string().min(1) })
export type GenerateAPIKeyResponse = z.output<typeof generateApiKeyResponseSchema>

export const createTokenRequestSchema = z.object({
  /** Nanoseconds; 0 takes the server's default of seven days. */
  lifetime: durationNs.default(0),
  scope: scope.optional(),
  scopes: z.array(scope).nullish(),
  /** Empty: the server makes one up. */
  token_name: z.string().default(''),
  /** `type:uuid` entries. */
  allow_list: z.array(z.string()).nullish(),
})
export type CreateTokenRequest = z.output<typeof createTokenRequestSchema>

export const apiKeySchema = answer({
  /** Ten characters, not a uuid. */
  id: z.string().min(1),
  user_id: uuid,
  /** `1970-01-01T00:00:00Z` when never used. */
  last_used: datetime,
  expires_at: datetime,
  created_at: datetime,
  updated_at: datetime,
  login_type: loginTypeSchema,
  /** Legacy; read `scopes`. */
  scope: text,
  scopes: list(scope),
  token_name: text,
  lifetime_seconds: count,
  allow_list: list(z.string()),
})
export type APIKey = z.output<typeof apiKeySchema>

export const apiKeyWithOwnerSchema = answer({ ...apiKeySchema.shape, username: text })
export type APIKeyWithOwner = z.output<typeof apiKeyWithOwnerSchema>

export const tokenConfigSchema = answer({
  /** Nanoseconds. */
  max_token_lifetime: durationNs.default(0),
})
export type TokenConfig = z.output<typeof tokenConfigSchema>

export const externalApiKeyScopesSchema = answer({ external: list(scope) })
export type ExternalAPIKeyScopes = z.output<typeof externalApiKeyScopesSchema>

export const apiKeysRoutes = {
  /** The scopes a token may ask for. */
  scopes: defineRoute({
    method: 'GET',
    path: '/api/v2/auth/scopes',
    auth: 'none',
    status: 200,
    answer: externalApiKeyScopesSchema,
    errors: [],
  }),
  /** A session-like key of seven days, sliding. */
  createSession: defineRoute({
    method: 'POST',
    path: '/api/v2/users/{user}/keys',
    auth: 'user',
    status: 201,
    answer: generateApiKeyResponseSchema,
    errors: [401, 403, 404],
  }),
  createToken: defineRoute({
    method: 'POST',
    path: '/api/v2/users/{user}/keys/tokens',
    auth: 'user',
    body: createTokenRequestSchema,
    status: 201,
    answer: generateApiKeyResponseSchema,
    errors: [400, 401, 403, 404, 409],
  }),
  listTokens: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/keys/tokens',
    auth: 'user',
    query: z.object({ include_all: queryBoolean.optional(), include_expired: queryBoolean.optional() }),
    status: 200,
    answer: list(apiKeyWithOwnerSchema),
    errors: [400, 401, 404],
  }),
  tokenConfig: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/keys/tokens/tokenconfig',
    auth: 'user',
    status: 200,
    answer: tokenConfigSchema,
    errors: [401, 403, 404],
  }),
  getByName: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/keys/tokens/{keyname}',
    auth: 'user',
    status: 200,
    answer: apiKeySchema,
    errors: [401, 403, 404],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/keys/{keyid}',
    auth: 'user',
    status: 200,
    answer: apiKeySchema,
    errors: [401, 404],
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: '/api/v2/users/{user}/keys/{keyid}',
    auth: 'user',
    status: 204,
    errors: [401, 404],
  }),
  /** Ends it and keeps the row to be seen. */
  expire: defineRoute({
    method: 'PUT',
    path: '/api/v2/users/{user}/keys/{keyid}/expire',
    auth: 'user',
    status: 204,
    errors: [401, 403, 404],
  }),
} as const
