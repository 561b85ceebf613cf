import type { ToolPolicy } from '../../../contract/chats-approvals.ts'
import type { Database } from '../../db/database.ts'
import type { PolicyRule } from './tool-policy.ts'

/** The rules about tools as they are kept. */
export interface ToolRules {
  /** Of a user, or with `null` the deployment's. */
  of(userId: string | null): PolicyRule[]
  /** In place of all there were. */
  replace(userId: string | null, rules: readonly PolicyRule[]): void
  /** In place of the one for the same tool and workspace, if there is one. */
  put(userId: string, rule: PolicyRule): void
  /** What was decided for the rest of a chat, by its root. */
  ofChat(rootId: string): PolicyRule[]
  putForChat(rootId: string, tool: string, policy: ToolPolicy): void
}

export function createToolRules(db: Database): ToolRules {
  const insert = (userId: string | null, rule: PolicyRule): void => {
    const { tool, policy, workspaceId } = rule
    const row = { user_id: userId, workspace_id: workspaceId, tool, policy }
    db.run(db.sql.insertInto('chat_tool_rules').values(row))
  }
  return {
    of: (userId) =>
      db
        .all(
          db.sql
            .selectFrom('chat_tool_rules')
            .selectAll()
            .where('user_id', userId === null ? 'is' : '=', userId)
            .orderBy('id'),
        )
        .map((row) => ({
          tool: row.tool,
          policy: row.policy as ToolPolicy,
          workspaceId: row.workspace_id,
        })),
    replace: (userId, rules) =>
      db.transaction(() => {
        db.run(db.sql.deleteFrom('chat_tool_rules').where('user_id', userId === null ? 'is' : '=', userId))
        for (const rule of rules) insert(userId, rule)
      }),
    put: (userId, rule) =>
      db.transaction(() => {
        db.run(
          db.sql
            .deleteFrom('chat_tool_rules')
            .where('user_id', '=', userId)
            .where('workspace_id', rule.workspaceId === null ? 'is' : '=', rule.workspaceId)
            .where('tool', '=', rule.tool),
        )
        insert(userId, rule)
      }),
    ofChat: (rootId) =>
      db
        .all(db.sql.selectFrom('chat_tool_grants').selectAll().where('chat_id', '=', rootId))
        .map(({ tool, policy }) => ({ tool, policy: policy as ToolPolicy, workspaceId: null })),
    putForChat(rootId, tool, policy) {
      db.run(
        db.sql
          .insertInto('chat_tool_grants')
          .values({ chat_id: rootId, tool, policy })
          .onConflict((conflict) => conflict.columns(['chat_id', 'tool']).doUpdateSet({ policy })),
      )
    },
  }
}
