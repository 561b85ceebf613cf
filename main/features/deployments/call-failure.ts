/** How a failed call to a deployment is told to the window. */
import { CoderApiError, ConnectionError, UnexpectedAnswerError } from '#bridge/client/errors'
import type { DeploymentState } from '#ipc/deployments'
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
function apiErrorDetails(error: CoderApiError): unknown {
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

/** Whether the server did not accept the token. */
export function isRefused(thrown: unknown): boolean {
  return thrown instanceof CoderApiError && thrown.code === 'unauthorized'
}

/** Whether the server could not be reached; a call that we ended ourselves says nothing about it. */
export function isLost(thrown: unknown): thrown is ConnectionError {
  return thrown instanceof ConnectionError && thrown.code !== 'aborted'
}

/** Why a deployment in this state cannot be used. */
export function notUsable(state: DeploymentState): ProcedureError {
  switch (state.kind) {
    case 'signed_out':
      return new ProcedureError('signed_out', state.reason)
    case 'locked':
      return new ProcedureError('signed_out', 'The keychain is locked. Unlock it to use this deployment.')
    case 'unreachable':
    case 'failed':
      return new ProcedureError('unreachable', state.reason)
    case 'connecting':
    case 'connected':
      return new ProcedureError('unreachable', 'The deployment is not ready yet. Try again in a moment.')
  }
}
