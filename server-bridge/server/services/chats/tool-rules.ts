import type { ToolPolicy } from '../../../contract/chats-approvals.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import type { PolicyRule, PolicySources } from './tool-policy.ts'

/** The rules about tools as they are kept. */
export interface ToolRules {
  /** Of a user, or with `null` the deployment's. */
  of(userId: string | null): PolicyRule[]
  /** All that have a say in a chat of that owner, with what was decided for the rest of it. */
  forChat(ownerId: string, rootId: string): PolicySources
  /** In place of all there were. */
  replace(userId: string | null, rules: readonly PolicyRule[]): void
  /** In place of the one for the same tool and workspace, if there is one. */
  put(userId: string, rule: PolicyRule): void
  putForChat(rootId: string, tool: string, policy: ToolPolicy): void
}

export function createToolRules(db: Database): ToolRules {
  const insert = (userId: string | null, rule: PolicyRule): void => {
    const { tool, policy, workspaceId } = rule
    const row = { user_id: userId, workspace_id: workspaceId, tool, policy }
    db.run(db.sql.insertInto('chat_tool_rules').values(row))
  }
  const generalFor = keptQuery((ownerId: string) =>
    db.sql
      .selectFrom('chat_tool_rules')
      .selectAll()
      .where((where) => where.or([where('user_id', 'is', null), where('user_id', '=', ownerId)]))
      .orderBy('id'),
  )
  const grantsOf = keptQuery((rootId: string) =>
    db.sql.selectFrom('chat_tool_grants').selectAll().where('chat_id', '=', rootId),
  )
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
        .map(toRule),
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
    forChat(ownerId, rootId) {
      const general = db.allKept(generalFor(ownerId))
      return {
        deployment: general.filter((row) => row.user_id === null).map(toRule),
        user: general.filter((row) => row.user_id !== null).map(toRule),
        chat: db.allKept(grantsOf(rootId)).map((row) => toRule({ ...row, workspace_id: null })),
      }
    },
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

const toRule = (row: {
  readonly tool: string
  readonly policy: string
  readonly workspace_id: string | null
}): PolicyRule => ({ tool: row.tool, policy: row.policy as ToolPolicy, workspaceId: row.workspace_id })
