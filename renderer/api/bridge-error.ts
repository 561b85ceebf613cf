import type { WireError } from '#ipc/envelope'
import type { CommonErrorCode } from '#ipc/procedure'
import type { ErrorCodeOf, ProcedureName } from './procedure-types.ts'

/** The one error every failed call throws. `message` is a sentence for the user. */
export class BridgeError extends Error {
  readonly code: string
  readonly details: unknown
  /** Finds the line in main's log. */
  readonly traceId: string

  constructor(error: WireError) {
    super(error.message)
    this.name = 'BridgeError'
    this.code = error.code
    this.details = error.details
    this.traceId = error.traceId
  }
}

/** Whether the error is the bridge's and has this code, checked against what the procedure may answer. */
export function hasCode<N extends ProcedureName = never>(
  error: unknown,
  code: [N] extends [never] ? CommonErrorCode : ErrorCodeOf<N>,
): error is BridgeError {
  return error instanceof BridgeError && error.code === code
}

/** One field the deployment refused, in Coder's own shape. */
export interface FieldRefusal {
  readonly field: string
  readonly detail: string
}

/** The refusals per field that an error carries, or none. */
export function fieldRefusals(error: unknown): readonly FieldRefusal[] {
  if (!(error instanceof BridgeError)) return []
  const { details } = error
  if (typeof details !== 'object' || details === null || !('validations' in details)) return []
  const { validations } = details
  if (!Array.isArray(validations)) return []
  return validations.filter(
    (entry: unknown): entry is FieldRefusal =>
      typeof entry === 'object' &&
      entry !== null &&
      'field' in entry &&
      'detail' in entry &&
      typeof entry.field === 'string' &&
      typeof entry.detail === 'string',
  )
}
