/** TLS failures as sentences that say what to do about them. */
import type { DetailedPeerCertificate } from 'node:tls'
import { errorCode, toError } from '../../lib/to-error.ts'
import { shownName } from './shown-name.ts'

/** What is known around a failure. */
export interface TlsCircumstances {
  readonly host: string
  /** The certificate the server showed, where it could be read. */
  readonly peer?: DetailedPeerCertificate | undefined
  /** The client's certificate that was offered; empty for none. */
  readonly certFile: string
  readonly clientExpiresAt: number | undefined
  /** The name it was checked for. */
  readonly serverName: string
  readonly now: number
}

const settings = 'in the network settings of the deployment'

/** Codes by which OpenSSL, BoringSSL and Node say that the server's certificate was not accepted. */
const unknownAuthority = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_UNTRUSTED',
])
const certificateWords: Readonly<Record<string, (c: TlsCircumstances) => string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ({ host }) =>
    `The certificate of ${host} is self-signed, so nothing tells who made it. If it is yours, choose it as the CA file ${settings}.`,
  CERT_HAS_EXPIRED: ({ host, peer, now }) =>
    `The certificate of ${host} has expired${dated(peer, 'valid_to', (at) => at < now)}. Whoever runs the server has to renew it; if the date is to come, check the clock of this computer.`,
  CERT_NOT_YET_VALID: ({ host, peer, now }) =>
    `The certificate of ${host} is not valid yet${dated(peer, 'valid_from', (at) => at > now)}. Check the clock of this computer.`,
  CERT_REVOKED: ({ host }) => `The certificate of ${host} was revoked. Ask whoever runs the server.`,
  INVALID_CA: ({ host }) =>
    `The certificate of ${host} is signed by one that may not sign. Ask whoever runs the server for its CA file.`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host, peer, serverName }) =>
    `The certificate of ${host} is not for ${serverName}${namesOf(peer)}. Use an address it is for, or enter one of its names as the server name ${settings}.`,
}

/** Whether it was the server's certificate that was refused, so that reading it helps to say why. */
export function isAboutPeer(thrown: unknown): boolean {
  const code = errorCode(thrown) ?? ''
  return code in certificateWords || unknownAuthority.has(code)
}

const renewableAlerts = new Set([
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'BAD_CERTIFICATE',
  'CERTIFICATE_UNKNOWN',
])

/** Whether the server refused the client's certificate in a way that a renewed one may mend. */
export function isClientCertificateRefused(thrown: unknown): boolean {
  return renewableAlerts.has(alertIn(thrown) ?? '')
}

const alerts = [
  'CERTIFICATE_REQUIRED',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_UNKNOWN',
  'UNSUPPORTED_CERTIFICATE',
  'BAD_CERTIFICATE',
  'UNKNOWN_CA',
  'HANDSHAKE_FAILURE',
  'PROTOCOL_VERSION',
  'UNRECOGNIZED_NAME',
  'ACCESS_DENIED',
] as const

function alertIn(thrown: unknown): (typeof alerts)[number] | undefined {
  const text = `${errorCode(thrown) ?? ''} ${toError(thrown).message}`.toUpperCase().replaceAll(/\s+/g, '_')
  return text.includes('ALERT') ? alerts.find((alert) => text.includes(alert)) : undefined
}

/** The sentence for a failed handshake; `undefined` when it is not one that TLS is to blame for. */
export function tlsSentence(thrown: unknown, about: TlsCircumstances): string | undefined {
  const code = errorCode(thrown) ?? ''
  const { host } = about
  const words = certificateWords[code]
  if (words !== undefined) return words(about)
  if (unknownAuthority.has(code)) return unknownAuthorityWords(code, about)
  const alert = alertIn(thrown)
  if (alert !== undefined) return alertWords(alert, about)
  const text = `${code} ${toError(thrown).message}`.toUpperCase().replaceAll(/\s+/g, '_')
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_LAYER_FAILURE/.test(text))
    return `${host} does not answer with TLS. Check the port, and whether the address should start with http://.`
  if (/UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|VERSION_TOO_LOW/.test(text)) return oldProtocol(host)
  if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO$|CERT_|ERR_OSSL_)/.test(code))
    return `No secure connection to ${host} could be made (${code}). Ask whoever runs the server, or check ${settings} what is set for it.`
  return undefined
}

function unknownAuthorityWords(code: string, { host, peer }: TlsCircumstances): string {
  const issuer = peer === undefined ? '' : shownName([peer.issuer.CN, peer.issuer.O].flat()[0] ?? '')
  const signed = issuer === '' ? 'by an authority' : `by "${issuer}"`
  const chain =
    code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
      ? ' It may also be that the server does not send its intermediate certificate.'
      : ''
  return `The certificate of ${host} is signed ${signed}, which this computer does not know. If that is your organization's authority, choose its CA file ${settings}.${chain}`
}

function alertWords(alert: (typeof alerts)[number], about: TlsCircumstances): string {
  const { host, certFile, clientExpiresAt, now } = about
  const given = certFile !== ''
  switch (alert) {
    case 'CERTIFICATE_EXPIRED':
      return expiredClientWords(about)
    case 'CERTIFICATE_REVOKED':
      return `${host} says that the client certificate ${certFile} was revoked. Get a new one.`
    case 'UNKNOWN_CA':
      return given
        ? `${host} does not know the authority that signed the client certificate ${certFile}. Choose the one that was made for it ${settings}.`
        : `${host} refuses the connection (unknown authority). Ask whoever runs the server.`
    case 'PROTOCOL_VERSION':
      return oldProtocol(host)
    case 'UNRECOGNIZED_NAME':
      return `${host} does not know the name ${about.serverName}. Check the address, and the server name ${settings}.`
    default:
      if (!given) return `${host} wants a client certificate. Choose the files of yours ${settings}.`
      if (clientExpiresAt !== undefined && clientExpiresAt <= now) return expiredClientWords(about)
      return `${host} does not accept the client certificate ${certFile}. Choose the one that was made for it ${settings}.`
  }
}

/** The client's own certificate has run out. */
export function expiredClientWords({
  certFile,
  clientExpiresAt,
  now,
}: Pick<TlsCircumstances, 'certFile' | 'clientExpiresAt' | 'now'>): string {
  const on =
    clientExpiresAt !== undefined && clientExpiresAt <= now ? ` on ${day(new Date(clientExpiresAt))}` : ''
  return `The client certificate ${certFile} has expired${on}. Renew it, or set a command that does ${settings}.`
}

function oldProtocol(host: string): string {
  return `${host} and Outpost have no version of TLS in common: 1.2 or newer is needed. Whoever runs the server has to allow it.`
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** The date of the certificate in the chain that the reason is about. */
function dated(
  peer: DetailedPeerCertificate | undefined,
  field: 'valid_to' | 'valid_from',
  isIt: (at: number) => boolean,
): string {
  const seen = new Set<string>()
  for (let at = peer; at !== undefined && !seen.has(at.fingerprint256); at = at.issuerCertificate) {
    seen.add(at.fingerprint256)
    const time = Date.parse(at[field])
    if (!Number.isNaN(time) && isIt(time))
      return `${field === 'valid_to' ? ' on' : ' before'} ${day(new Date(time))}`
  }
  return ''
}

function namesOf(peer: DetailedPeerCertificate | undefined): string {
  const names = (peer?.subjectaltname ?? '')
    .split(', ')
    .map((name) => shownName(name.replace(/^(?:DNS|IP Address):/, '')))
    .filter((name) => name !== '')
  if (names.length === 0) return ''
  const shown = names.slice(0, 5).join(', ')
  return `, but for ${shown}${names.length > 5 ? ' and others' : ''}`
}
