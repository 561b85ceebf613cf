import { randomUUID } from 'node:crypto'
import { canonical, UNSAFE_VALUE } from '../../../contract/mcp-header-names.ts'
import type { MCPServerUserHeaderValues } from '../../../contract/mcp-servers.ts'
import type { Clock } from '../../../lib/clock.ts'
import { ApiError, badRequest } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import type { SecretBox } from '../secret-box.ts'
import type { McpServerRow } from './server-secrets.ts'
import { userKeysOf } from './server-row.ts'

/** The values that users own. A caller only ever reads and writes its own. */
export interface McpUserHeaders {
  /** For each declared key whether the user has a value. */
  describe(server: McpServerRow, userId: string): MCPServerUserHeaderValues
  /**
   * Stores, replaces and clears values; all of them or none. Call it inside the transaction that read the server, so
   * that an administrator's change of the keys comes wholly before or wholly after.
   *
   * @returns the keys that were written, in the administrator's spelling.
   * @throws {ApiError} 400
   */
  put(server: McpServerRow, userId: string, values: Readonly<Record<string, string>>): string[]
  clear(server: McpServerRow, userId: string): void
  /** Every user's values of a server. */
  clearAll(serverId: string): void
  /** How many users have values of a server. */
  countUsers(serverId: string): number
  /** Values by key in lower case, in the clear: for the moment of a request only. */
  valuesOf(server: McpServerRow, userId: string): ReadonlyMap<string, string>
}

export function createMcpUserHeaders(db: Database, clock: Clock, box: SecretBox): McpUserHeaders {
  const bindingOf = (row: string) => ({ table: 'mcp_server_user_headers', row, column: 'value_sealed' })
  const rowsOf = (serverId: string, userId: string) =>
    db.all(
      db.sql
        .selectFrom('mcp_server_user_headers')
        .selectAll()
        .where('mcp_server_config_id', '=', serverId)
        .where('user_id', '=', userId),
    )
  const remove = (serverId: string, userId: string, key: string): void => {
    db.run(
      db.sql
        .deleteFrom('mcp_server_user_headers')
        .where('mcp_server_config_id', '=', serverId)
        .where('user_id', '=', userId)
        .where('key_name', '=', canonical(key)),
    )
  }
  const insert = (serverId: string, userId: string, key: string, value: string): void => {
    const id = randomUUID()
    db.run(
      db.sql.insertInto('mcp_server_user_headers').values({
        id,
        mcp_server_config_id: serverId,
        user_id: userId,
        key_name: canonical(key),
        value_sealed: box.seal(value, bindingOf(id)),
        updated_at: clock.now(),
      }),
    )
  }

  return {
    describe(server, userId) {
      const stored = new Set(rowsOf(server.id, userId).map((row) => row.key_name))
      const { keys } = userKeysOf(server)
      return {
        mcp_server_config_id: server.id,
        has_values: Object.fromEntries(keys.map((key) => [key, stored.has(canonical(key))])),
      }
    },
    put(server, userId, values) {
      const writes = parseValues(server, values)
      for (const [key, value] of writes) {
        remove(server.id, userId, key)
        if (value.trim() !== '') insert(server.id, userId, key, value)
      }
      return [...writes.keys()]
    },
    clear(server, userId) {
      db.run(
        db.sql
          .deleteFrom('mcp_server_user_headers')
          .where('mcp_server_config_id', '=', server.id)
          .where('user_id', '=', userId),
      )
    },
    clearAll(serverId) {
      db.run(db.sql.deleteFrom('mcp_server_user_headers').where('mcp_server_config_id', '=', serverId))
    },
    countUsers: (serverId) =>
      db.first(
        db.sql
          .selectFrom('mcp_server_user_headers')
          .select((select) => select.fn.count<number>('user_id').distinct().as('users'))
          .where('mcp_server_config_id', '=', serverId),
      )?.users ?? 0,
    valuesOf: (server, userId) =>
      new Map(
        rowsOf(server.id, userId).map((row) => [row.key_name, box.open(row.value_sealed, bindingOf(row.id))]),
      ),
  }
}

/** By declared key. @throws {ApiError} 400 that names the key, never the value. */
function parseValues(
  server: McpServerRow,
  values: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const { keys } = userKeysOf(server)
  if (server.auth_type !== 'custom_headers' || keys.length === 0)
    throw badRequest('This MCP server does not take header values of users.')
  const declared = new Map(keys.map((key) => [canonical(key), key]))
  const writes = new Map<string, string>()
  for (const [name, value] of Object.entries(values)) {
    const key = declared.get(canonical(name))
    if (key === undefined)
      throw refuse(name, `${JSON.stringify(name)} is not a header this MCP server asks for.`)
    if (writes.has(key)) throw refuse(name, `${JSON.stringify(key)} was given twice.`)
    if (UNSAFE_VALUE.test(value))
      throw refuse(name, `The value of ${JSON.stringify(key)} has a line break or a NUL character in it.`)
    writes.set(key, value)
  }
  return writes
}

function refuse(key: string, detail: string): ApiError {
  return new ApiError(400, {
    message: 'The header values cannot be stored.',
    detail,
    validations: [{ field: `values.${key}`, detail }],
  })
}
