import { ProcedureError } from './procedure-error.ts'

/**
 * Coder's API knows no precondition for a write, so the look comes right before it.
 *
 * @throws {ProcedureError} `changed_meanwhile`
 */
export function requireUnchanged(isUnchanged: boolean): void {
  if (!isUnchanged) throw new ProcedureError('changed_meanwhile', 'Somebody else has changed this meanwhile.')
}
