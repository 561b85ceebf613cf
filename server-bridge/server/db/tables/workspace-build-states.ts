import type { ColumnType } from 'kysely'

/** What a provisioner keeps from build to build; apart from the builds, whose rows are read by the hundred. */
export interface WorkspaceBuildStatesTable {
  build_id: string
  provisioner_state: ColumnType<ArrayBuffer, Uint8Array, Uint8Array>
}
