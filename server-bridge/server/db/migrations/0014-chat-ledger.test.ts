import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { connectDatabase, type Database } from '../database.ts'
import { applyMigrations } from '../migrate.ts'
import { migrations } from './all.ts'

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-migrate-'))
  database = connectDatabase(join(folder, 'old.db'))
  applyMigrations(database, { all: migrations.slice(0, 13) })
  database.script(`
    INSERT INTO organizations (id, name, display_name, description, icon, is_default, created_at, updated_at)
      VALUES ('o', 'coder', 'Coder', '', '', 1, 1, 1);
    INSERT INTO users (id, username, email, name, avatar_url, status, login_type, roles, created_at, updated_at)
      VALUES ('u', 'ada', 'ada@example.com', 'Ada', '', 'active', 'password', '[]', 1, 1);
  `)
  addChat('root', 'NULL')
  addChat('child', "'root'")
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

function addChat(id: string, parent: string): void {
  database.script(`INSERT INTO chats (id, organization_id, owner_id, last_model_config_id, title, status, plan_mode,
    client_type, archived, pin_order, mcp_server_ids, labels, dynamic_tools, history_version, reset_version,
    queue_version, generation_attempt, read_message_id, created_at, updated_at, parent_chat_id, spawned_by)
    VALUES ('${id}', 'o', 'u', 'm', 'x', 'waiting', '', 'ui', 0, 0, '[]', '{}', '[]', 1, 0, 0, 0, 0, 1, 1, ${parent}, '')`)
}
function addMessage(
  chat: string,
  { usage, cost, runtime, deleted = 0 }: { usage: string; cost: string; runtime: number; deleted?: number },
): void {
  database.script(`INSERT INTO chat_messages (chat_id, model_config_id, role, content, visibility, deleted, revision,
    usage, total_tokens, total_cost_micros, runtime_ms, created_at)
    VALUES ('${chat}', 'm', 'assistant', '[]', 'both', ${deleted}, 1, ${usage}, 0, ${cost}, ${runtime}, 5)`)
}

it('the ledger begins with what is known of the chats that are there, also of what was taken back', () => {
  addMessage('root', { usage: 'NULL', cost: 'NULL', runtime: 0 })
  addMessage('root', { usage: `'{"input_tokens":100,"output_tokens":20}'`, cost: '300', runtime: 7 })
  addMessage('root', { usage: 'NULL', cost: 'NULL', runtime: 3 })
  addMessage('child', { usage: `'{"cache_read_tokens":5}'`, cost: 'NULL', runtime: 0, deleted: 1 })
  applyMigrations(database)
  const none = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_creation_tokens: 0 }
  const row = { user_id: 'u', root_chat_id: 'root', model_config_id: 'm', created_at: 5, ...none }
  expect(database.all(database.sql.selectFrom('chat_costs').selectAll().orderBy('id'))).toEqual([
    {
      ...{ id: 1, ...row, chat_id: 'root', is_request: 1, input_tokens: 100, output_tokens: 20 },
      ...{ cost_micros: 300, runtime_ms: 7 },
    },
    { id: 2, ...row, chat_id: 'root', is_request: 0, cost_micros: null, runtime_ms: 3 },
    {
      id: 3,
      ...row,
      chat_id: 'child',
      is_request: 1,
      cache_read_tokens: 5,
      cost_micros: null,
      runtime_ms: 0,
    },
  ])
})
