/**
 * The OAuth2 provider that a Coder deployment is where its `oauth2` experiment is on, for clients that sign a person in
 * with their browser (RFC 8414, 7591, 6749, 7636, 7009). These paths lie beside the API and do not speak its dialect:
 * requests are forms, and errors have a shape of their own.
 */
import { z } from 'zod'
import { answer, datetime } from './shape.ts'

/** Where the metadata of a deployment lies; its issuer is the deployment's own address. */
export const oauth2MetadataPath = '/.well-known/oauth-authorization-server'

const words = z.array(z.string()).optional()

export const oauth2MetadataSchema = answer({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  registration_endpoint: z.url().optional(),
  revocation_endpoint: z.url().optional(),
  response_types_supported: z.array(z.string()),
  grant_types_supported: words,
  code_challenge_methods_supported: words,
  scopes_supported: words,
  token_endpoint_auth_methods_supported: words,
})
export type OAuth2AuthorizationServerMetadata = z.output<typeof oauth2MetadataSchema>

/** How a client shows at the token endpoint who it is. */
export const oauth2AuthMethods = ['none', 'client_secret_post', 'client_secret_basic'] as const
export const oauth2AuthMethodSchema = z.enum(oauth2AuthMethods)
export type OAuth2AuthMethod = z.output<typeof oauth2AuthMethodSchema>

export const oauth2RegistrationResponseSchema = answer({
  client_id: z.string().min(1).max(512),
  client_secret: z.string().max(1024).optional(),
  token_endpoint_auth_method: oauth2AuthMethodSchema,
})
export type OAuth2ClientRegistrationResponse = z.output<typeof oauth2RegistrationResponseSchema>

/** What a header can carry: the access token is a session token. */
const tokenText = z.string().regex(/^[\x21-\x7e]{1,1024}$/)

export const oauth2TokenResponseSchema = answer({
  access_token: tokenText,
  /** `Bearer`, in whatever case. Others need proofs that this app does not make. */
  token_type: z.string().regex(/^bearer$/i),
  /** Seconds. */
  expires_in: z.number().min(0).optional(),
  refresh_token: tokenText.optional(),
  expiry: datetime.optional(),
})
export type OAuth2TokenResponse = z.output<typeof oauth2TokenResponseSchema>

export const oauth2ErrorSchema = answer({
  error: z.string().regex(/^[\x20-\x7e]{1,64}$/),
  error_description: z.string().optional(),
})
