import type { Generated } from 'kysely'

/** What happened and nobody was told of yet; written by triggers, removed with the notifications made of it. */
export interface NotificationEventsTable {
  id: Generated<number>
  kind: string
  subject_id: string
  subject_name: string
}
