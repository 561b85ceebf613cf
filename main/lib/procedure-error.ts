/**
 * A failure the window can act on: a code from the contract, a sentence for the user, typed details. Anything else
 * that a handler throws is answered as `internal` and logged.
 */
export class ProcedureError extends Error {
  readonly code: string
  readonly details: unknown

  constructor(code: string, message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ProcedureError'
    this.code = code
    this.details = options.details
  }
}
