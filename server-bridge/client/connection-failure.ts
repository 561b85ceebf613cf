import { errorCode, toError } from '../lib/to-error.ts'
import { ConnectionError } from './errors.ts'
import type { ConnectionErrorCode } from './errors.ts'

const dnsCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'])
const timeoutCodes = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** What OpenSSL's and BoringSSL's codes mean, for the end of a sentence. */
const tlsReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet; check the clock of this machine',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in a self-signed certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'an intermediate certificate is missing',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known on this machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it was made for another host name',
  CERT_REVOKED: 'it was revoked',
}

function isTlsCode(code: string): boolean {
  return code in tlsReasons || /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|UNABLE_TO_|CRL_|ERROR_IN_C)/.test(code)
}

/** Which kind of failure a thrown network error is. */
export function connectionErrorCode(thrown: unknown): ConnectionErrorCode {
  const code = errorCode(thrown) ?? ''
  if (dnsCodes.has(code)) return 'dns'
  if (code === 'ECONNREFUSED') return 'refused'
  if (timeoutCodes.has(code)) return 'timeout'
  if (isTlsCode(code)) return 'tls'
  return 'network'
}

/** The sentence for a kind of failure, ending in what can be done. */
const sentences: Readonly<Record<ConnectionErrorCode, (host: string, code: string) => string>> = {
  dns: (host) => `The name of ${host} could not be found. Check the address, and the network or VPN.`,
  refused: (host) => `Nothing listens at ${host}. Check the address and port, and whether the server runs.`,
  timeout: (host) => `${host} did not answer in time. Check the network or VPN.`,
  tls: (host, code) =>
    code === 'EPROTO' || code.startsWith('ERR_SSL_')
      ? `No secure connection to ${host} could be made (${code}). Check whether the address should start with http://.`
      : `The certificate of ${host} is not trusted: ${tlsReasons[code] ?? code}.`,
  proxy: (host) =>
    `The proxy on the way to ${host} cannot be used. Check the network settings of the deployment.`,
  command: (host) => `A command of the network settings of ${host} failed. Check them.`,
  not_coder: (host) => `${host} does not answer as a Coder server. Check the address.`,
  redirected: (host) => `${host} redirects to another address.`,
  aborted: (host) => `The request to ${host} was cancelled.`,
  network: (host, code) =>
    `The connection to ${host} was lost${code === '' ? '' : ` (${code})`}. Check the network or VPN.`,
}

/** A thrown network error of `fetch` or `ws` as ours, with a sentence a user can act on. */
export function connectionErrorFrom(thrown: unknown, host: string): ConnectionError {
  if (thrown instanceof ConnectionError) return thrown
  const kind = connectionErrorCode(thrown)
  return connectionError(kind, host, toError(thrown))
}

/** Our error of one kind. */
export function connectionError(kind: ConnectionErrorCode, host: string, cause?: unknown): ConnectionError {
  return new ConnectionError({
    code: kind,
    host,
    message: sentences[kind](host, errorCode(cause) ?? ''),
    cause,
  })
}

/** The error of a redirect that is not followed, because the token would go with it. */
export function redirectError(host: string, target: URL | undefined): ConnectionError {
  const origin = target?.origin
  const message =
    origin === undefined
      ? `${host} answers with a redirect that leads nowhere. Check the address.`
      : `${host} redirects to ${origin}. If that is your Coder server, use that address.`
  return new ConnectionError({ code: 'redirected', host, message, redirectedTo: origin })
}
