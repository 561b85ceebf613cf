import type { Selectable } from 'kysely'
import type { McpServerConfigsTable } from '../../db/tables/mcp-server-configs.ts'
import type { SecretBox } from '../secret-box.ts'

export type McpServerRow = Selectable<McpServerConfigsTable>

/** The secrets of a server's row, in the clear: only ever held for the moment of their use. */
export interface McpServerSecrets {
  readonly oauth2ClientSecret: string
  readonly apiKeyValue: string
  readonly customHeaders: Readonly<Record<string, string>>
}

type SealedColumns = Pick<
  McpServerRow,
  'oauth2_client_secret_sealed' | 'api_key_value_sealed' | 'custom_headers_sealed'
>

const bindingOf = (id: string, column: keyof SealedColumns) => ({
  table: 'mcp_server_configs',
  row: id,
  column,
})

export function openServerSecrets(box: SecretBox, row: McpServerRow): McpServerSecrets {
  const open = (column: keyof SealedColumns): string => {
    const sealed = row[column]
    return sealed === null ? '' : box.open(sealed, bindingOf(row.id, column))
  }
  const headers = open('custom_headers_sealed')
  return {
    oauth2ClientSecret: open('oauth2_client_secret_sealed'),
    apiKeyValue: open('api_key_value_sealed'),
    customHeaders: headers === '' ? {} : (JSON.parse(headers) as Record<string, string>),
  }
}

/** The columns to store; what is empty is stored as nothing. */
export function sealServerSecrets(box: SecretBox, id: string, secrets: McpServerSecrets): SealedColumns {
  const seal = (column: keyof SealedColumns, plain: string): string | null =>
    plain === '' ? null : box.seal(plain, bindingOf(id, column))
  const hasHeaders = Object.keys(secrets.customHeaders).length > 0
  return {
    oauth2_client_secret_sealed: seal('oauth2_client_secret_sealed', secrets.oauth2ClientSecret),
    api_key_value_sealed: seal('api_key_value_sealed', secrets.apiKeyValue),
    custom_headers_sealed: seal(
      'custom_headers_sealed',
      hasHeaders ? JSON.stringify(secrets.customHeaders) : '',
    ),
  }
}
