/** How a failed call to a deployment is told to the window. */
import { CoderApiError, ConnectionError, UnexpectedAnswerError } from '#bridge/client/errors'
import { ProcedureError } from '../../lib/procedure-error.ts'

/** A client error as a failure of the contract; anything else stays as it is. */
export function toProcedureError(thrown: unknown): unknown {
  if (thrown instanceof CoderApiError) return fromApiError(thrown)
  if (thrown instanceof ConnectionError) {
    const code = thrown.code === 'aborted' ? 'cancelled' : 'unreachable'
    return new ProcedureError(code, thrown.message, { cause: thrown })
  }
  if (thrown instanceof UnexpectedAnswerError) {
    return new ProcedureError('deployment_error', thrown.message, { cause: thrown })
  }
  return thrown
}

/** What Coder said, for the fields it said it about and for the folded details. */
export function apiErrorDetails(error: CoderApiError): unknown {
  return {
    status: error.status,
    validations: error.validations.map(({ field, detail }) => ({ field, detail })),
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
  }
}

function fromApiError(error: CoderApiError): ProcedureError {
  const options = { details: apiErrorDetails(error), cause: error }
  switch (error.code) {
    case 'unauthorized':
      return new ProcedureError('signed_out', 'Your session has ended. Sign in again.', options)
    case 'forbidden':
      return new ProcedureError('forbidden', error.message, options)
    case 'not_found':
    case 'gone':
      return new ProcedureError('not_found', error.message, options)
    default:
      return new ProcedureError('deployment_error', error.message, options)
  }
}
