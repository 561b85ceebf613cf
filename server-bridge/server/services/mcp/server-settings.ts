import type {
  CreateMCPServerConfigRequest,
  McpAuthType,
  UpdateMCPServerConfigRequest,
} from '../../../contract/mcp-servers.ts'
import { authProblems } from '../../../contract/mcp-server-rules.ts'
import { requireNoProblems } from './refuse-server.ts'
import type { McpServerSecrets } from './server-secrets.ts'
import { applyUserKeys, noUserKeys, type UserKeys } from './user-keys.ts'

/** A server's whole configuration, secrets in the clear. */
export interface McpServerSettings {
  readonly displayName: string
  readonly slug: string
  readonly description: string
  readonly iconUrl: string
  readonly transport: string
  readonly url: string
  readonly authType: McpAuthType
  readonly oauth2: OAuth2Settings
  readonly apiKeyHeader: string
  readonly secrets: McpServerSecrets
  readonly userKeys: UserKeys
  readonly toolAllowList: readonly string[]
  readonly toolDenyList: readonly string[]
  readonly availability: string
  readonly enabled: boolean
  readonly modelIntent: boolean
  readonly allowInPlanMode: boolean
  readonly forwardCoderHeaders: boolean
}

export interface OAuth2Settings {
  readonly clientId: string
  readonly authUrl: string
  readonly tokenUrl: string
  readonly scopes: string
}

const noOAuth2: OAuth2Settings = { clientId: '', authUrl: '', tokenUrl: '', scopes: '' }
const noSecrets: McpServerSecrets = { oauth2ClientSecret: '', apiKeyValue: '', customHeaders: {} }

/** The settings of a new server. @throws {ApiError} 400 */
export function createSettings(request: CreateMCPServerConfigRequest): McpServerSettings {
  return changeSettings(
    {
      displayName: request.display_name,
      slug: request.slug,
      description: '',
      iconUrl: '',
      transport: request.transport,
      url: request.url,
      authType: request.auth_type,
      oauth2: noOAuth2,
      apiKeyHeader: '',
      secrets: noSecrets,
      userKeys: noUserKeys,
      toolAllowList: [],
      toolDenyList: [],
      availability: request.availability,
      enabled: false,
      modelIntent: false,
      allowInPlanMode: false,
      forwardCoderHeaders: false,
    },
    request,
  )
}

/** The settings after an update; what the request does not name stays. @throws {ApiError} 400 */
export function changeSettings(
  present: McpServerSettings,
  request: UpdateMCPServerConfigRequest,
): McpServerSettings {
  const authType = request.auth_type ?? present.authType
  const auth = authOf(authType, authType === present.authType ? present : withoutAuth(present), request)
  return {
    ...present,
    ...auth,
    authType,
    displayName: request.display_name ?? present.displayName,
    slug: request.slug ?? present.slug,
    description: request.description ?? present.description,
    iconUrl: request.icon_url ?? present.iconUrl,
    transport: request.transport ?? present.transport,
    url: request.url ?? present.url,
    toolAllowList: request.tool_allow_list ?? present.toolAllowList,
    toolDenyList: request.tool_deny_list ?? present.toolDenyList,
    availability: request.availability ?? present.availability,
    ...flagsOf(present, request),
  }
}

function flagsOf(present: McpServerSettings, request: UpdateMCPServerConfigRequest) {
  return {
    enabled: request.enabled ?? present.enabled,
    modelIntent: request.model_intent ?? present.modelIntent,
    allowInPlanMode: request.allow_in_plan_mode ?? present.allowInPlanMode,
    forwardCoderHeaders: request.forward_coder_headers ?? present.forwardCoderHeaders,
  }
}

/** Whether the provider's addresses still have to be found: nobody gave any of them. */
export function needsDiscovery({ authType, oauth2 }: McpServerSettings): boolean {
  return authType === 'oauth2' && oauth2.clientId === '' && oauth2.authUrl === '' && oauth2.tokenUrl === ''
}

type AuthSettings = Pick<McpServerSettings, 'oauth2' | 'apiKeyHeader' | 'secrets' | 'userKeys'>

const withoutAuth = (present: McpServerSettings): McpServerSettings => ({
  ...present,
  oauth2: noOAuth2,
  apiKeyHeader: '',
  secrets: noSecrets,
  userKeys: noUserKeys,
})

/**
 * Only the fields of the type in use are kept: a secret that nothing uses is only there to be lost.
 *
 * @throws {ApiError} 400 when what comes of it breaks a rule.
 */
function authOf(
  authType: McpAuthType,
  present: McpServerSettings,
  request: UpdateMCPServerConfigRequest,
): AuthSettings {
  const oauth2 = {
    clientId: request.oauth2_client_id ?? present.oauth2.clientId,
    authUrl: request.oauth2_auth_url ?? present.oauth2.authUrl,
    tokenUrl: request.oauth2_token_url ?? present.oauth2.tokenUrl,
    scopes: request.oauth2_scopes ?? present.oauth2.scopes,
  }
  const apiKeyHeader = request.api_key_header ?? present.apiKeyHeader
  const apiKeyValue = request.api_key_value ?? present.secrets.apiKeyValue
  const customHeaders = Object.entries(request.custom_headers ?? present.secrets.customHeaders)
  requireNoProblems(
    authProblems({
      auth_type: authType,
      oauth2_client_id: oauth2.clientId,
      oauth2_auth_url: oauth2.authUrl,
      oauth2_token_url: oauth2.tokenUrl,
      api_key_header: apiKeyHeader,
      api_key_value: apiKeyValue,
      custom_headers: customHeaders,
      custom_headers_user_keys: request.custom_headers_user_keys ?? present.userKeys.keys,
      custom_headers_user_key_descriptions: Object.entries(
        request.custom_headers_user_key_descriptions ?? {},
      ),
    }),
  )
  const none: AuthSettings = withoutAuth(present)
  switch (authType) {
    case 'oauth2': {
      const oauth2ClientSecret = request.oauth2_client_secret ?? present.secrets.oauth2ClientSecret
      return { ...none, oauth2, secrets: { ...noSecrets, oauth2ClientSecret } }
    }
    case 'api_key':
      return { ...none, apiKeyHeader, secrets: { ...noSecrets, apiKeyValue } }
    case 'custom_headers':
      return {
        ...none,
        secrets: { ...noSecrets, customHeaders: trimNames(customHeaders) },
        userKeys: applyUserKeys(present.userKeys, {
          keys: request.custom_headers_user_keys,
          descriptions: request.custom_headers_user_key_descriptions,
        }),
      }
    default:
      return none
  }
}

function trimNames(headers: readonly (readonly [string, string])[]): Record<string, string> {
  // A null prototype, since a header may be called like a property of objects.
  const trimmed = Object.create(null) as Record<string, string>
  for (const [name, value] of headers) trimmed[name.trim()] = value
  return trimmed
}
