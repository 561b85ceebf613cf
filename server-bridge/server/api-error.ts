import type { Response as ApiMessage } from '../contract/response.ts'

/** A refusal in Coder's words. Handlers and services throw it; the binder turns it into the answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly body: ApiMessage

  constructor(status: number, body: ApiMessage) {
    super(body.message)
    this.status = status
    this.body = body
  }
}

/** Missing and not readable are the same answer on purpose, so that ids cannot be probed. */
export function notFound(): ApiError {
  return new ApiError(404, {
    message: 'Resource not found or you do not have access to this resource',
  })
}

export function forbidden(message = 'Forbidden.'): ApiError {
  return new ApiError(403, { message })
}

export function badRequest(message: string, detail?: string): ApiError {
  return new ApiError(400, detail === undefined ? { message } : { message, detail })
}

/** A 409 with the validation that forms show beside their field. */
export function nameTaken(message: string, field = 'name'): ApiError {
  return new ApiError(409, {
    message,
    validations: [{ field, detail: 'This value is already in use and should be unique.' }],
  })
}
