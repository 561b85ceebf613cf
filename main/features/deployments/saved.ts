import { requireSaved } from '../../lib/data-file.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { SecretsError } from '../../ports/secrets.ts'

/** What the keychain or the disk refused, in the contract's words. */
export async function saved<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await requireSaved(work())
  } catch (thrown) {
    if (thrown instanceof SecretsError) {
      const code = thrown.code === 'locked' ? 'keychain_locked' : 'keychain_absent'
      throw new ProcedureError(code, thrown.message, { cause: thrown })
    }
    throw thrown
  }
}
