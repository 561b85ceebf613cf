import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The files of a certificate cannot be used. The message is for the user. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError'
}

export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
}

export interface TlsCredentials {
  readonly cert: string
  readonly key: string
}

/**
 * Reads a certificate (with its chain) and its key, PEM both, and makes sure that they can be used now.
 *
 * @throws {TlsFilesError} that says what is wrong with which file; never what is in it.
 */
export function loadTlsCredentials({ certFile, keyFile }: TlsFiles, nowMs: number): TlsCredentials {
  const cert = read(certFile, 'certificate')
  const key = read(keyFile, 'key')
  const certificate = parseCertificate(cert, certFile)
  const privateKey = parseKey(key, keyFile)
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsFilesError(`The key in ${keyFile} does not belong to the certificate in ${certFile}.`)
  }
  const from = Date.parse(certificate.validFrom)
  const to = Date.parse(certificate.validTo)
  if (nowMs < from) {
    throw new TlsFilesError(`The certificate in ${certFile} is not valid before ${certificate.validFrom}.`)
  }
  if (nowMs > to) throw new TlsFilesError(`The certificate in ${certFile} expired on ${certificate.validTo}.`)
  return { cert, key }
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason =
      code === 'ENOENT'
        ? 'is not there'
        : code === 'EACCES'
          ? 'may not be read by this user'
          : 'cannot be read'
    throw new TlsFilesError(`The ${what} file ${path} ${reason}.`, { cause: error })
  }
}

function parseCertificate(text: string, path: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (error) {
    throw new TlsFilesError(`There is no certificate in PEM form in ${path}.`, { cause: error })
  }
}

function parseKey(text: string, path: string): KeyObject {
  if (text.includes('ENCRYPTED')) {
    throw new TlsFilesError(`The key in ${path} is encrypted. Give a file with the key without a passphrase.`)
  }
  try {
    return createPrivateKey(text)
  } catch {
    // Without the cause: it could quote the key.
    throw new TlsFilesError(`There is no private key in PEM form in ${path}.`)
  }
}
