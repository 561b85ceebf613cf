import type { Generated } from 'kysely'

/** What users were told; `targets` and `actions` are JSON lists in wire shape. */
export interface InboxNotificationsTable {
  seq: Generated<number>
  id: string
  user_id: string
  template_id: string
  targets: string
  title: string
  content: string
  icon: string
  actions: string
  read_at: number | null
  created_at: number
}
