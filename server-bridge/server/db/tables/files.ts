import type { ColumnType } from 'kysely'

/** Uploaded template archives, as tar. */
export interface FilesTable {
  id: string
  hash: string
  created_by: string
  created_at: number
  mimetype: string
  data: ColumnType<ArrayBuffer, Uint8Array, Uint8Array>
}
