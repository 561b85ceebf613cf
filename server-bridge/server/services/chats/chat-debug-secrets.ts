import { createMaskSecrets } from '../../../lib/mask-secrets.ts'
import type { Database } from '../../db/database.ts'
import { type McpServerRow, openServerSecrets } from '../mcp/server-secrets.ts'
import type { SecretBox } from '../secret-box.ts'
import type { AiProviders, ProviderAccess } from './ai-providers.ts'
import type { UserProviderKeys } from './user-provider-keys.ts'

export interface ChatDebugSecretsDeps {
  readonly db: Database
  readonly box: SecretBox
  readonly providers: Pick<AiProviders, 'rows' | 'open'>
  readonly accessFor: UserProviderKeys['accessFor']
  readonly mcpServers: () => readonly McpServerRow[]
}

/** Makes what masks all that must not be told of an owner's calls, in whatever text a model was sent or has said. */
export type MaskForOwner = (ownerId: string) => (text: string) => string

/** What belongs to a user. */
const SEALED_OF_USER = [
  { table: 'user_secrets', column: 'value' },
  { table: 'mcp_server_user_headers', column: 'value_sealed' },
  { table: 'mcp_server_user_tokens', column: 'access_token_sealed' },
  { table: 'mcp_server_user_tokens', column: 'refresh_token_sealed' },
] as const

export function createMaskForOwner(deps: ChatDebugSecretsDeps): MaskForOwner {
  const { db, box, providers } = deps
  const sealedOf = (ownerId: string): string[] =>
    SEALED_OF_USER.flatMap(({ table, column }) =>
      db
        .all<{ readonly id: string; readonly sealed: string | null }>(
          db.sql
            .selectFrom(table)
            .select((row) => ['id', row.ref(column).as('sealed')])
            .where('user_id', '=', ownerId),
        )
        .flatMap(({ id, sealed }) => (sealed === null ? [] : [box.open(sealed, { table, row: id, column })])),
    )
  const ofServers = (): string[] =>
    deps.mcpServers().flatMap((row) => {
      const { apiKeyValue, oauth2ClientSecret, customHeaders } = openServerSecrets(box, row)
      return [apiKeyValue, oauth2ClientSecret, ...Object.values(customHeaders)]
    })
  const ofProviders = (ownerId: string): string[] =>
    providers
      .rows()
      .flatMap((row) => [providers.open(row), deps.accessFor(ownerId, row)])
      .flatMap(secretsOf)
  return (ownerId) =>
    createMaskSecrets(
      [...sealedOf(ownerId), ...ofServers(), ...ofProviders(ownerId)].map((secret) => secret.trim()),
    )
}

const secretsOf = ({ apiKey, bedrock }: ProviderAccess): string[] => [
  apiKey ?? '',
  bedrock?.access_key ?? '',
  bedrock?.access_key_secret ?? '',
]
