import type { ColumnType } from 'kysely'

/** Files that people and agents put into chats. */
export interface ChatFilesTable {
  id: string
  owner_id: string
  organization_id: string
  name: string
  media_type: string
  data: ColumnType<ArrayBuffer, Uint8Array, Uint8Array>
  created_at: number
}
