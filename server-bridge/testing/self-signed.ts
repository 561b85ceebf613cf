import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export interface SelfSigned {
  readonly key: string
  readonly cert: string
}

export interface SelfSignedOptions {
  readonly host?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Who signs it in place of itself; whoever checks it then asks who that is. */
  readonly issuer?: { readonly host: string; readonly key: string }
  /** It may sign others. */
  readonly isAuthority?: boolean
  /** For `host` alone, not for 127.0.0.1 as well. */
  readonly isNameOnly?: boolean
}

/**
 * A fresh certificate (RFC 5280), signed by itself unless told otherwise, written as DER by hand: no key lies in the repository, and no tool needs
 * to be installed.
 */
export function createSelfSigned(options: SelfSignedOptions = {}): SelfSigned {
  const { host = 'localhost' } = options
  const now = Date.now()
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = nameOf(host)
  const { issuer } = options
  const validity = sequence(
    utcTime(options.notBefore ?? new Date(now - 60_000)),
    utcTime(options.notAfter ?? new Date(now + 86_400_000)),
  )
  const alternativeNames = sequence(
    sequence(
      oid(0x55, 0x1d, 0x11),
      der(
        0x04,
        sequence(
          der(0x82, Buffer.from(host)),
          ...(options.isNameOnly === true ? [] : [der(0x87, Buffer.from([127, 0, 0, 1]))]),
        ),
      ),
    ),
    ...(options.isAuthority === true ? [basicConstraints] : []),
  )
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    ecdsaWithSha256,
    issuer === undefined ? name : nameOf(issuer.host),
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, alternativeNames),
  )
  const signature = sign('sha256', body, issuer === undefined ? privateKey : createPrivateKey(issuer.key))
  const certificate = sequence(body, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const set = (...parts: Buffer[]): Buffer => der(0x31, Buffer.concat(parts))
const oid = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes))
/** With nothing but a common name. */
const nameOf = (host: string): Buffer =>
  sequence(set(sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(host)))))
/** Critical; CA: true. */
const basicConstraints = sequence(
  oid(0x55, 0x1d, 0x13),
  der(0x01, Buffer.from([0xff])),
  der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
)
/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))

/** `YYMMDDHHMMSSZ`. */
function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}
