import type { Generated } from 'kysely'

/** What people and the deployment want of calls of tools. */
export interface ChatToolRulesTable {
  id: Generated<number>
  /** Null: the deployment's. */
  user_id: string | null
  /** Null: in every workspace. */
  workspace_id: string | null
  /** A name, `slug__*` or `*`. */
  tool: string
  policy: string
}
