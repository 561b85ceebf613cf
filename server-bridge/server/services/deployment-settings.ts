import { randomUUID } from 'node:crypto'
import type { Database } from '../db/database.ts'

export interface DeploymentSettings {
  /** The id clients know this deployment by; made once. */
  readonly deploymentId: string
  /** The id of the one worker, as jobs show it. */
  readonly workerId: string
}

/** Reads what is fixed for the life of a data folder, and fixes it on the first start. */
export function loadDeploymentSettings(db: Database): DeploymentSettings {
  const fixed = (key: string): string => {
    const known = db.first(db.sql.selectFrom('deployment_settings').select('value').where('key', '=', key))
    if (known) return known.value
    const value = randomUUID()
    db.run(db.sql.insertInto('deployment_settings').values({ key, value }))
    return value
  }
  return db.transaction(() => ({ deploymentId: fixed('deployment_id'), workerId: fixed('worker_id') }))
}
