import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { createSecretBox, type SecretBox, type SecretKey } from './secret-box.ts'

/** Every sealed column. The row is named by `key`. */
const SEALED_COLUMNS = [
  { table: 'user_secrets', key: 'id', column: 'value' },
  { table: 'git_ssh_keys', key: 'user_id', column: 'private_key' },
  { table: 'mcp_server_configs', key: 'id', column: 'oauth2_client_secret_sealed' },
  { table: 'mcp_server_configs', key: 'id', column: 'api_key_value_sealed' },
  { table: 'mcp_server_configs', key: 'id', column: 'custom_headers_sealed' },
  { table: 'mcp_server_user_headers', key: 'id', column: 'value_sealed' },
  { table: 'mcp_server_user_tokens', key: 'id', column: 'access_token_sealed' },
  { table: 'mcp_server_user_tokens', key: 'id', column: 'refresh_token_sealed' },
  { table: 'ai_providers', key: 'id', column: 'settings_sealed' },
  { table: 'ai_provider_keys', key: 'id', column: 'key_sealed' },
  { table: 'user_ai_provider_keys', key: 'id', column: 'key_sealed' },
] as const
type Place = (typeof SEALED_COLUMNS)[number]

const CURRENT_KEY_SETTING = 'secret_key_id'

/** The name of the key that the database is sealed with; absent before its first key. */
export function readCurrentId(db: Database): string | undefined {
  if (!hasColumn(db, 'deployment_settings', 'value')) return undefined
  return db.first(
    db.sql.selectFrom('deployment_settings').select('value').where('key', '=', CURRENT_KEY_SETTING),
  )?.value
}

/** Whether anything is sealed at all. */
export function hasSealedRows(db: Database): boolean {
  return presentPlaces(db).some(
    ({ table, column }) =>
      db.first(
        db.sql
          .selectFrom(table)
          .select(sql`1`.as('one'))
          .where(sql.ref(column), 'is not', null)
          .limit(1),
      ) !== undefined,
  )
}

/**
 * Opens every row with the one key, seals it with the other and names that key, all or nothing.
 *
 * @throws {SecretBoxError} for a row that does not open.
 */
export function reseal(db: Database, from: SecretKey | undefined, to: SecretKey): void {
  const target = createSecretBox(to)
  db.transaction(() => {
    if (from) {
      const source = createSecretBox(from)
      for (const place of presentPlaces(db)) resealColumn(db, place, source, target)
    }
    db.run(
      db.sql
        .insertInto('deployment_settings')
        .values({ key: CURRENT_KEY_SETTING, value: to.id })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: to.id })),
    )
  })
}

/** A backup may be from before a table or a column was there. */
function presentPlaces(db: Database): Place[] {
  return SEALED_COLUMNS.filter(({ table, column }) => hasColumn(db, table, column))
}

function hasColumn(db: Database, table: string, column: string): boolean {
  const query = sql`select 1 from pragma_table_info(${table}) where name = ${column}`
  return db.first({ compile: () => query.compile(db.sql) }) !== undefined
}

function resealColumn(
  db: Database,
  { table, key, column }: Place,
  source: SecretBox,
  target: SecretBox,
): void {
  const [tableRef, keyRef, columnRef] = [sql.table(table), sql.ref(key), sql.ref(column)]
  const compiled = <T>(query: ReturnType<typeof sql<T>>) => ({ compile: () => query.compile(db.sql) })
  const rows = db.all<{ row: string; sealed: string }>(
    compiled(
      sql<{
        row: string
        sealed: string
      }>`select ${keyRef} as row, ${columnRef} as sealed from ${tableRef} where ${columnRef} is not null`,
    ),
  )
  for (const { row, sealed } of rows) {
    const binding = { table, row, column }
    const renewed = target.seal(source.open(sealed, binding), binding)
    db.run(compiled(sql`update ${tableRef} set ${columnRef} = ${renewed} where ${keyRef} = ${row}`))
  }
}
