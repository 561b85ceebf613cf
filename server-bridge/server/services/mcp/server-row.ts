import type { MCPServerConfig, McpAuthType } from '../../../contract/mcp-servers.ts'
import type { SecretBox } from '../secret-box.ts'
import { toWireTime } from '../wire-time.ts'
import { type McpServerRow, openServerSecrets, sealServerSecrets } from './server-secrets.ts'
import type { McpServerSettings } from './server-settings.ts'
import type { UserKeys } from './user-keys.ts'

/** The columns of a server's settings, secrets sealed. */
export function toRow(
  box: SecretBox,
  id: string,
  settings: McpServerSettings,
): Omit<McpServerRow, 'created_by' | 'created_at' | 'updated_at'> {
  return {
    id,
    display_name: settings.displayName,
    slug: settings.slug,
    description: settings.description,
    icon_url: settings.iconUrl,
    transport: settings.transport,
    url: settings.url,
    auth_type: settings.authType,
    oauth2_client_id: settings.oauth2.clientId,
    oauth2_auth_url: settings.oauth2.authUrl,
    oauth2_token_url: settings.oauth2.tokenUrl,
    oauth2_scopes: settings.oauth2.scopes,
    api_key_header: settings.apiKeyHeader,
    ...sealServerSecrets(box, id, settings.secrets),
    custom_headers_user_keys: JSON.stringify(settings.userKeys.keys),
    custom_headers_user_key_descriptions: JSON.stringify(settings.userKeys.descriptions),
    tool_allow_list: JSON.stringify(settings.toolAllowList),
    tool_deny_list: JSON.stringify(settings.toolDenyList),
    availability: settings.availability,
    enabled: Number(settings.enabled),
    model_intent: Number(settings.modelIntent),
    allow_in_plan_mode: Number(settings.allowInPlanMode),
    forward_coder_headers: Number(settings.forwardCoderHeaders),
  }
}

/** The settings of a row, secrets opened. */
export function fromRow(box: SecretBox, row: McpServerRow): McpServerSettings {
  return {
    displayName: row.display_name,
    slug: row.slug,
    description: row.description,
    iconUrl: row.icon_url,
    transport: row.transport,
    url: row.url,
    authType: row.auth_type as McpAuthType,
    oauth2: {
      clientId: row.oauth2_client_id,
      authUrl: row.oauth2_auth_url,
      tokenUrl: row.oauth2_token_url,
      scopes: row.oauth2_scopes,
    },
    apiKeyHeader: row.api_key_header,
    secrets: openServerSecrets(box, row),
    userKeys: userKeysOf(row),
    toolAllowList: JSON.parse(row.tool_allow_list) as string[],
    toolDenyList: JSON.parse(row.tool_deny_list) as string[],
    availability: row.availability,
    enabled: row.enabled === 1,
    modelIntent: row.model_intent === 1,
    allowInPlanMode: row.allow_in_plan_mode === 1,
    forwardCoderHeaders: row.forward_coder_headers === 1,
  }
}

/** The user keys of a row; nothing is opened for them. */
export function userKeysOf(row: McpServerRow): UserKeys {
  return {
    keys: JSON.parse(row.custom_headers_user_keys) as string[],
    descriptions: JSON.parse(row.custom_headers_user_key_descriptions) as Record<string, string>,
  }
}

/** What everybody may know of a server. */
export function toMemberView(row: McpServerRow, isConnected: boolean): MCPServerConfig {
  const { keys, descriptions } = userKeysOf(row)
  return {
    id: row.id,
    display_name: row.display_name,
    slug: row.slug,
    description: row.description,
    icon_url: row.icon_url,
    transport: '',
    url: '',
    auth_type: row.auth_type,
    has_oauth2_secret: row.oauth2_client_secret_sealed !== null,
    has_api_key: row.api_key_value_sealed !== null,
    has_custom_headers: row.custom_headers_sealed !== null,
    custom_headers_user_keys: [...keys],
    custom_headers_user_key_descriptions: { ...descriptions },
    tool_allow_list: JSON.parse(row.tool_allow_list) as string[],
    tool_deny_list: JSON.parse(row.tool_deny_list) as string[],
    availability: row.availability,
    enabled: row.enabled === 1,
    model_intent: row.model_intent === 1,
    allow_in_plan_mode: row.allow_in_plan_mode === 1,
    forward_coder_headers: row.forward_coder_headers === 1,
    created_at: toWireTime(row.created_at),
    updated_at: toWireTime(row.updated_at),
    auth_connected: isConnected,
  }
}

/** What an administrator sees besides: where the server is and how it is signed in to. Never a secret. */
export function toAdminView(row: McpServerRow, isConnected: boolean): MCPServerConfig {
  const optional = {
    oauth2_client_id: row.oauth2_client_id,
    oauth2_auth_url: row.oauth2_auth_url,
    oauth2_token_url: row.oauth2_token_url,
    oauth2_scopes: row.oauth2_scopes,
    api_key_header: row.api_key_header,
  }
  return {
    ...toMemberView(row, isConnected),
    transport: row.transport,
    url: row.url,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')),
  }
}
