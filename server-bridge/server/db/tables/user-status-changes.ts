import type { Generated } from 'kysely'

/** The history of accounts' states; written by triggers. */
export interface UserStatusChangesTable {
  id: Generated<number>
  user_id: string
  status: string
  changed_at: number
}
