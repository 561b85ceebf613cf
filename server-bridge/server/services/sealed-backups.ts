import type { Logger } from '../../lib/logger.ts'
import { toError } from '../../lib/to-error.ts'
import { listBackups } from '../db/backups.ts'
import { rewriteBackup } from '../db/rewrite-backup.ts'
import type { SecretKey } from './secret-box.ts'
import { readCurrentId, reseal } from './sealed-rows.ts'

/** The secrets in the backups of a data folder. */
export interface SealedBackups {
  /**
   * Seals every backup that one of the known keys opens with the target.
   *
   * @returns whether the known keys are not needed any more. A backup that could not be written keeps its key needed, and
   * so does one that is damaged while it is there: what can be saved of it opens with no other key.
   */
  reseal(known: readonly SecretKey[], target: SecretKey): boolean
}

/** Works on whole copies: a backup is the old one or the new one, whenever this is cut off. */
export function createSealedBackups(dataDir: string, logger: Logger): SealedBackups {
  return {
    reseal(known, target) {
      let isDone = true
      for (const backup of listBackups(dataDir)) {
        try {
          rewriteBackup(dataDir, backup, (copy) => {
            const id = readCurrentId(copy)
            const source = known.find((key) => key.id === id)
            if (!source || source.id === target.id) return false
            reseal(copy, source, target)
            return true
          })
        } catch (error) {
          isDone = false
          const reason = toError(error).message
          logger.warn('A backup could not be sealed with the new key; the old key is kept', {
            backup: backup.name,
            reason,
          })
        }
      }
      return isDone
    },
  }
}
