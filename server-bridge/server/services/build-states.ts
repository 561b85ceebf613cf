import type { Database } from '../db/database.ts'

/** What a provisioner needs to find again what it made; opaque to everybody else. */
export interface BuildStates {
  get(buildId: string): Uint8Array | undefined
  /** Replaces it; nothing at all removes it. */
  set(buildId: string, state: Uint8Array): void
}

export function createBuildStates(db: Database): BuildStates {
  return {
    get(buildId) {
      const row = db.first(
        db.sql
          .selectFrom('workspace_build_states')
          .select('provisioner_state')
          .where('build_id', '=', buildId),
      )
      return row && new Uint8Array(row.provisioner_state)
    },
    set(buildId, state) {
      db.transaction(() => {
        db.run(db.sql.deleteFrom('workspace_build_states').where('build_id', '=', buildId))
        if (state.byteLength === 0) return
        db.run(
          db.sql.insertInto('workspace_build_states').values({ build_id: buildId, provisioner_state: state }),
        )
      })
    },
  }
}
