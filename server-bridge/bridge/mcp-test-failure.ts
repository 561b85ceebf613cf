/** Why an MCP server could not be used, by kind and in words. */
import { ProtocolError, SdkError, SdkErrorCode } from '@modelcontextprotocol/client'
import { connectionError, connectionErrorCode } from '../client/connection-failure.ts'
import { mcpTextMaxChars, type McpTestFailureKind, type McpTestResult } from '../contract/mcp-test.ts'
import type { McpExchange } from './mcp-fetch.ts'
import type { ShowText } from './shown-text.ts'

type Failure = Extract<McpTestResult, { ok: false }>

interface Situation {
  readonly host: string
  readonly last: McpExchange
  readonly isLate: boolean
  readonly limitMs: number
  /** Of all header values together. */
  readonly sentCharacters: number
  readonly show: ShowText
}

/** Reads what was thrown and what happened on the wire as one failure. */
export function mcpTestFailure(thrown: unknown, situation: Situation): Failure {
  const { host, last, isLate, limitMs, show } = situation
  const fail = (kind: McpTestFailureKind, message: string, detail = ''): Failure => ({
    ok: false,
    kind,
    status: last.kind === 'answered' ? last.status : null,
    message,
    detail: show(detail, mcpTextMaxChars.detail),
  })
  if (last.kind === 'too_large')
    return fail('too_large', `${host} sends more than an MCP server has to say. Ask its owner to look at it.`)
  if (last.kind === 'redirected')
    return fail(
      'redirected',
      last.to === ''
        ? `${host} redirects to nowhere. Check the address.`
        : `${host} redirects to ${show(last.to, mcpTextMaxChars.name)}. Your values were not sent there. If that is the server, its address has to be changed.`,
    )
  if (last.kind === 'answered' && (last.status < 200 || last.status >= 300))
    return ofStatus(last, situation, fail)
  if (isLate)
    return fail(
      'timeout',
      `${host} did not answer within ${limitMs / 1000} seconds. Check the network or VPN, and whether the server runs.`,
    )
  if (last.kind === 'failed') return ofNetwork(last.code, situation, fail)
  return ofProtocol(thrown, host, fail)
}

type Fail = (kind: McpTestFailureKind, message: string, detail?: string) => Failure

function ofStatus(
  last: Extract<McpExchange, { kind: 'answered' }>,
  { host, sentCharacters }: Situation,
  fail: Fail,
): Failure {
  const { status } = last
  const detail = messageIn(last)
  switch (status) {
    case 401:
      return fail(
        'unauthorized',
        sentCharacters > 0
          ? `${host} refused your values (401). Check them: a key may be mistyped or expired.`
          : `${host} asks for credentials (401), and none are set for it here.`,
        detail,
      )
    case 403:
      return fail('forbidden', `${host} knows you but does not let you in (403). Ask its owner.`, detail)
    case 404:
    case 405:
      return fail(
        'status',
        `${host} has no MCP server at this path (${status}). Check the address and the transport.`,
        detail,
      )
    case 431:
      return fail(
        'status',
        `${host} takes no header values as large as yours (431): ${sizeWords(sentCharacters)} Check them.`,
        detail,
      )
    default:
      return fail(
        'status',
        status >= 500
          ? `${host} has trouble of its own (${status}). Try again later.`
          : `${host} refused the connection (${status}). Check the address and your values.`,
        detail,
      )
  }
}

/** Servers that refuse large headers often close the connection before the last of them has come. */
const LARGE_VALUES = 8 * 1024
const sizeWords = (characters: number): string =>
  `together they have ${Math.ceil(characters / 1024).toLocaleString('en')} KiB, and most servers take 8 to 16 KiB of headers.`

function ofNetwork(code: string, { host, sentCharacters }: Situation, fail: Fail): Failure {
  const kind = connectionErrorCode({ code })
  const { message } = connectionError(kind, host, { code })
  switch (kind) {
    case 'dns':
    case 'refused':
    case 'timeout':
      return fail(kind, message)
    case 'tls':
      return fail(tlsKind(code), message)
    default:
      return fail(
        'network',
        sentCharacters > LARGE_VALUES
          ? `${host} closed the connection. Your values may be too large: ${sizeWords(sentCharacters)}`
          : message,
      )
  }
}

function tlsKind(code: string): McpTestFailureKind {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'tls_expired'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'tls_name'
  return /SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED|CERT_REVOKED/.test(code) ? 'tls_untrusted' : 'tls'
}

function ofProtocol(thrown: unknown, host: string, fail: Fail): Failure {
  const said = thrown instanceof Error ? thrown.message : ''
  if (/protocol version|-32022/i.test(said) || (thrown instanceof ProtocolError && thrown.code === -32022))
    return fail(
      'protocol_version',
      `${host} speaks a version of MCP that Outpost does not know. Update the older of the two.`,
      said,
    )
  if (thrown instanceof ProtocolError)
    return fail('server_error', `${host} answered with an error. Ask its owner to look at it.`, said)
  if (thrown instanceof SdkError && thrown.code === SdkErrorCode.ConnectionClosed)
    return fail('network', `${host} closed the connection. Try again.`)
  return fail(
    'not_mcp',
    `${host} answers, but not as an MCP server. Check the address and the transport: streamable HTTP and SSE are two.`,
  )
}

/** The message of a JSON or plain answer; a page of HTML says nothing to a reader here. */
function messageIn({ type, text }: { readonly type: string; readonly text: string }): string {
  if (/json/i.test(type)) return messageOfJson(text) ?? ''
  return /^text\/plain/i.test(type) ? text : ''
}

function messageOfJson(text: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  for (const name of ['message', 'error_description', 'detail', 'error']) {
    const found: unknown =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : undefined
    if (typeof found === 'string') return found
    if (
      typeof found === 'object' &&
      found !== null &&
      'message' in found &&
      typeof found.message === 'string'
    )
      return found.message
  }
  return undefined
}
