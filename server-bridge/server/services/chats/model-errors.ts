import type { ChatError, ChatErrorKind } from '../../../contract/chats.ts'
import { errorCode, toError } from '../../../lib/to-error.ts'
import { ProviderUnusableError } from './provider-clients.ts'

export interface ModelFailure {
  readonly error: ChatError
  /** How long the provider wants to be left alone. */
  readonly retryAfterMs: number | undefined
}

/** A stream said nothing for too long, or ended before its end. */
export class BrokenStreamError extends Error {
  override readonly name = 'BrokenStreamError'
  readonly kind: ChatErrorKind
  constructor(kind: 'timeout' | 'stream_silence_timeout', message: string) {
    super(message)
    this.kind = kind
  }
}

const MAX_DETAIL_CHARS = 500
const RETRIED: ReadonlySet<ChatErrorKind> = new Set([
  'overloaded',
  'rate_limit',
  'timeout',
  'stream_silence_timeout',
])

const MESSAGES: Readonly<Record<ChatErrorKind, string>> = {
  overloaded: 'The model is overloaded.',
  usage_limit: 'The usage limit of the provider is reached.',
  auth: 'The provider refused the credentials.',
  rate_limit: 'The provider limits how often it may be asked.',
  provider_disabled: 'The provider is disabled.',
  timeout: 'The provider did not answer in time.',
  stream_silence_timeout: 'The model stopped answering.',
  config: 'The provider refused the request. Check the model and its settings.',
  missing_key: 'The provider has no key.',
  generic: 'The call to the model failed.',
}

/** What to tell of a failed call, and whether to try again (agents-api 12.6). Nothing of `secrets` is in it. */
export function explainFailure(
  thrown: unknown,
  {
    provider,
    secrets,
    now,
  }: { readonly provider: string; readonly secrets: readonly string[]; readonly now: number },
): ModelFailure {
  const { status, text, headers } = read(thrown)
  const kind = kindOf(thrown, status, text)
  const isServerFault = kind === 'generic' && status !== undefined && status >= 500
  const hidden = secrets.reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, '…')), text)
  const detail = hidden
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL_CHARS)
  return {
    error: {
      message: thrown instanceof ProviderUnusableError ? thrown.message : MESSAGES[kind],
      ...(detail === '' || thrown instanceof ProviderUnusableError ? {} : { detail }),
      kind,
      provider,
      retryable: RETRIED.has(kind) || isServerFault,
      ...(status === undefined ? {} : { status_code: status }),
    },
    retryAfterMs: retryAfter(headers, now),
  }
}

interface Read {
  readonly status: number | undefined
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

/** What the clients of providers throw about an answer; looked at by its form, so that they need not be loaded. */
interface CallError extends Error {
  readonly statusCode: number | undefined
  readonly responseBody?: string
  readonly responseHeaders?: Record<string, string>
}
const isCallError = (thrown: unknown): thrown is CallError =>
  thrown instanceof Error && 'requestBodyValues' in thrown && 'statusCode' in thrown

/** What the client of OpenAI's format says of a stream that ends without a reason; where data is wrong, it has the data. */
const isCutShort = (thrown: Error): boolean =>
  thrown.name === 'AI_InvalidResponseDataError' && 'data' in thrown && thrown.data === undefined

const isSuccess = (status: number): boolean => status >= 200 && status < 300

function read(thrown: unknown): Read {
  if (isCallError(thrown)) {
    const body = thrown.responseBody ?? ''
    const { statusCode } = thrown
    return {
      // An answer that was fine at first broke later.
      status: statusCode === undefined || isSuccess(statusCode) ? undefined : statusCode,
      text: body === '' || body.includes(thrown.message) ? thrown.message : `${thrown.message} ${body}`,
      headers: thrown.responseHeaders ?? {},
    }
  }
  // What a provider says in the middle of a stream comes as it was sent.
  const text = toError(thrown).message
  return { status: undefined, text, headers: {} }
}

interface KindRule {
  readonly kind: ChatErrorKind
  readonly statuses: readonly number[]
  /** Words of providers, which also say it in the middle of a stream. */
  readonly words?: RegExp
}

/** The first that fits decides (agents-api 12.6). */
const KIND_RULES: readonly KindRule[] = [
  { kind: 'overloaded', statuses: [529], words: /overloaded/i },
  {
    kind: 'usage_limit',
    statuses: [],
    words: /insufficient_quota|exceeded your current quota|credit balance|billing/i,
  },
  { kind: 'auth', statuses: [401, 403], words: /authentication_error|permission_error/ },
  { kind: 'rate_limit', statuses: [429], words: /rate_limit/ },
  { kind: 'timeout', statuses: [408, 502, 503, 504] },
  { kind: 'config', statuses: [400, 404, 413, 422], words: /invalid_request_error|not_found_error/ },
]

function kindOf(thrown: unknown, status: number | undefined, text: string): ChatErrorKind {
  if (thrown instanceof ProviderUnusableError || thrown instanceof BrokenStreamError) return thrown.kind
  const rule = KIND_RULES.find(
    ({ statuses, words }) => statuses.some((one) => one === status) || words?.test(text) === true,
  )
  if (rule) return rule.kind
  return status === undefined && isNetworkFailure(thrown) ? 'timeout' : 'generic'
}

function isNetworkFailure(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (isCutShort(error)) return true
    if (isCallError(error) && (error.statusCode === undefined || isSuccess(error.statusCode))) return true
    const code = errorCode(error) ?? ''
    if (
      /^(E[A-Z]+|UND_ERR_\w+)$/.test(code) ||
      /terminated|fetch failed|other side closed/.test(error.message)
    )
      return true
  }
  return false
}

/** Seconds or a date (RFC 9110, 10.2.3), or milliseconds where a provider is so kind. */
function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const ms = Number(headers['retry-after-ms'])
  if (headers['retry-after-ms'] !== undefined && ms >= 0) return ms
  const after = headers['retry-after']
  if (after === undefined) return undefined
  const seconds = Number(after)
  if (seconds >= 0) return seconds * 1000
  const at = Date.parse(after)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** A failure of our own making, which nobody can repair by trying again. */
export function internalFailure(thrown: unknown): ChatError {
  return {
    message: 'The turn failed on the server.',
    detail: toError(thrown).message.slice(0, MAX_DETAIL_CHARS),
    kind: 'generic',
    retryable: false,
  }
}
