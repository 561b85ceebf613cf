import { sql } from 'kysely'
import type { Logger } from '../../lib/logger.ts'
import type { Database } from '../db/database.ts'
import { createSecretBox, newSecretKey, type SecretBox, type SecretKey, toSecretKey } from './secret-box.ts'
import type { SecretKeyFile } from './secret-key-file.ts'

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
] as const

const CURRENT_KEY_SETTING = 'secret_key_id'

/** The key of the stored secrets is not at hand. The message is for the user; nothing was changed. */
export class SecretKeyMissingError extends Error {
  override readonly name = 'SecretKeyMissingError'
}

export interface SecretKeysDeps {
  readonly db: Database
  readonly keyFile: SecretKeyFile
  /** Keys in base64 that the parent keeps in the keychain, oldest first. None: the key file has them. */
  readonly keychainKeys: readonly string[]
  readonly logger: Logger
}

/** Keys of the present data, and the box over the one in use. */
export interface SecretKeys {
  readonly box: SecretBox
  /** Seals everything anew under a fresh key of the key file. @throws {Error} where the keychain has the key. */
  rotate(): void
}

/**
 * Finds the key the database names as its own, among the keychain's and those of the key file, and makes one for new
 * data. Secrets move to the keychain's newest key when they were sealed by another one at hand.
 *
 * A rotation adds the next key to the file, seals every row in one transaction that also names that key, then drops
 * the old one from the file. Whenever it is cut off, the database names a key that the file still holds.
 *
 * @throws {SecretKeyMissingError} when secrets are stored and neither place has their key.
 */
export function openSecretKeys({ db, keyFile, keychainKeys, logger }: SecretKeysDeps): SecretKeys {
  const inKeychain = keychainKeys.map((key) => toSecretKey(Buffer.from(key, 'base64')))
  const fromKeychain = inKeychain.at(-1)
  const inFile = keyFile.read()
  const namedId = readCurrentId(db)
  const named = [...inKeychain, ...inFile].find(({ id }) => id === namedId)
  if (namedId !== undefined && !named && hasSealedRows(db)) throw missingKey(fromKeychain !== undefined)

  let current = fromKeychain ?? named ?? inFile.at(-1) ?? newSecretKey()
  if (!fromKeychain && !inFile.some(({ id }) => id === current.id)) keyFile.write([current])
  if (current.id !== namedId) {
    reseal(db, named, current)
    if (namedId !== undefined) logger.info('The stored secrets were sealed with another key')
  }
  // What an earlier rotation or the move to the keychain left over.
  tidy(keyFile, fromKeychain ? [] : [current])
  let box = createSecretBox(current)
  return {
    box: {
      seal: (plain, binding) => box.seal(plain, binding),
      open: (sealed, binding) => box.open(sealed, binding),
    },
    rotate() {
      if (fromKeychain) throw new Error('The key of this local deployment is kept in the keychain.')
      const next = newSecretKey()
      keyFile.write([current, next])
      reseal(db, current, next)
      current = next
      box = createSecretBox(next)
      keyFile.write([next])
    },
  }
}

function missingKey(hasKeychain: boolean): SecretKeyMissingError {
  return new SecretKeyMissingError(
    hasKeychain
      ? 'The secrets of this local deployment are sealed with a key that is neither in the keychain nor in its data folder. Bring back the keychain entry or the file secret.key and start again; nothing was changed.'
      : 'The secrets of this local deployment are sealed with a key that cannot be read now. Unlock the keychain, or bring back the file secret.key in the data folder, and start again; nothing was changed.',
  )
}

function tidy(keyFile: SecretKeyFile, wanted: readonly SecretKey[]): void {
  const there = keyFile.read()
  if (there.length === wanted.length && there.every(({ id }, index) => id === wanted[index]?.id)) return
  keyFile.write(wanted)
}

function readCurrentId(db: Database): string | undefined {
  return db.first(
    db.sql.selectFrom('deployment_settings').select('value').where('key', '=', CURRENT_KEY_SETTING),
  )?.value
}

function hasSealedRows(db: Database): boolean {
  return SEALED_COLUMNS.some(
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

/** Opens every row with the one key, seals it with the other and names that key, all or nothing. */
function reseal(db: Database, from: SecretKey | undefined, to: SecretKey): void {
  const target = createSecretBox(to)
  db.transaction(() => {
    if (from) {
      const source = createSecretBox(from)
      for (const place of SEALED_COLUMNS) resealColumn(db, place, source, target)
    }
    db.run(
      db.sql
        .insertInto('deployment_settings')
        .values({ key: CURRENT_KEY_SETTING, value: to.id })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: to.id })),
    )
  })
}

function resealColumn(
  db: Database,
  { table, key, column }: (typeof SEALED_COLUMNS)[number],
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
