/**
 * The three ways a call can fail. Each carries a sentence for people and a code to decide by; none carries a token.
 */
import type { Response, ValidationError } from '../contract/response.ts'

export type ApiErrorCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'not_ready'
  | 'conflict'
  | 'gone'
  | 'precondition_failed'
  | 'too_large'
  | 'upgrade_required'
  | 'rate_limited'
  | 'server_error'
  | 'unexpected'

const codes: Readonly<Record<number, ApiErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  406: 'not_ready',
  409: 'conflict',
  410: 'gone',
  412: 'precondition_failed',
  413: 'too_large',
  425: 'not_ready',
  426: 'upgrade_required',
  429: 'rate_limited',
}

/** What a status means to the app. */
export function apiErrorCode(status: number): ApiErrorCode {
  return codes[status] ?? (status >= 500 ? 'server_error' : 'unexpected')
}

export interface ApiErrorDetails {
  readonly status: number
  readonly response: Response
  readonly requestId?: string | undefined
  /** From `Retry-After`. */
  readonly retryAfterMs?: number | undefined
  readonly usage?: SpendLimit | undefined
}

/** What was spent on chats of what may be (agents-api 3.3): millionths of a USD. */
export interface SpendLimit {
  readonly spentMicros: number
  readonly limitMicros: number
  /** Absent for a limit that no new period lifts. */
  readonly resetsAt?: string | undefined
}

/** The server understood the call and said no. */
export class CoderApiError extends Error {
  override readonly name = 'CoderApiError'
  readonly status: number
  readonly code: ApiErrorCode
  /** Technical; not for the first line of a message. */
  readonly detail: string | undefined
  readonly validations: readonly ValidationError[]
  /** Coder's id of the request, to find it in the server's log. */
  readonly requestId: string | undefined
  readonly retryAfterMs: number | undefined
  /** The limit that is reached, where that is why. */
  readonly usage: SpendLimit | undefined

  constructor(details: ApiErrorDetails) {
    super(details.response.message)
    this.status = details.status
    this.code = apiErrorCode(details.status)
    this.detail = details.response.detail
    this.validations = details.response.validations ?? []
    this.requestId = details.requestId
    this.retryAfterMs = details.retryAfterMs
    this.usage = details.usage
  }
}

export type ConnectionErrorCode =
  | 'dns'
  | 'refused'
  | 'timeout'
  | 'tls'
  /** A proxy on the way, or a command of the network settings, failed. */
  | 'proxy'
  | 'command'
  | 'network'
  | 'not_coder'
  | 'redirected'
  | 'aborted'

export interface ConnectionErrorDetails {
  readonly code: ConnectionErrorCode
  readonly message: string
  /** Host and port that were called. */
  readonly host: string
  readonly cause?: unknown
  /** Where a redirect pointed to: its origin only. */
  readonly redirectedTo?: string | undefined
}

/** No answer of Coder's API was had at all. `message` is a sentence that says what to do. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly code: ConnectionErrorCode
  readonly host: string
  readonly redirectedTo: string | undefined

  constructor(details: ConnectionErrorDetails) {
    super(details.message, details.cause === undefined ? {} : { cause: details.cause })
    this.code = details.code
    this.host = details.host
    this.redirectedTo = details.redirectedTo
  }
}

/** The server answered with success, but not in a shape we know: most likely it is too old or too new. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError'
  /** Where the answer differs, as `latest_build.job.status`. */
  readonly paths: readonly string[]
  readonly route: string

  constructor(route: string, host: string, paths: readonly string[]) {
    super(`${host} gave an answer this app does not understand (${route}: ${paths.join(', ')}).`)
    this.paths = paths
    this.route = route
  }
}

/** Whether an error is one of a call's three, so that it can be passed on as it is. */
export function isClientError(
  thrown: unknown,
): thrown is CoderApiError | ConnectionError | UnexpectedAnswerError {
  return (
    thrown instanceof CoderApiError ||
    thrown instanceof ConnectionError ||
    thrown instanceof UnexpectedAnswerError
  )
}

export type DeploymentUrlErrorCode = 'empty' | 'unreadable' | 'scheme' | 'credentials'

/** What somebody typed is not an address of a deployment; nothing was asked yet. */
export class DeploymentUrlError extends Error {
  override readonly name = 'DeploymentUrlError'
  readonly code: DeploymentUrlErrorCode

  constructor(code: DeploymentUrlErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
