/** The certificates and keys of a deployment's settings, read anew when their files change. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import type { NetworkOptions } from '../../contract/deployment-network.ts'
import { errorCode } from '../../lib/to-error.ts'
import { ConnectionError } from '../errors.ts'

export type TlsFileNames = Pick<NetworkOptions, 'caFile' | 'certFile' | 'keyFile'>

export interface TlsFiles {
  /** For the deployment: the authorities, and the client's certificate with its key. */
  readonly context: SecureContext
  /** The authorities alone, for a proxy. Made when first asked for: it parses every root there is. */
  readonly bareContext: () => SecureContext
  /** When the client's certificate expires, in epoch milliseconds; `undefined` without one. */
  readonly clientExpiresAt: number | undefined
}

export interface TlsFileReader {
  /** @throws {ConnectionError} `tls`, naming the file and what is wrong with it. */
  read(): Promise<TlsFiles>
}

/** Larger is no certificate. */
const maxFileBytes = 4 * 1024 * 1024

/** Reads when first asked, and again when a file was written since: renewed certificates need no restart. */
export function createTlsFileReader(names: TlsFileNames, host: string): TlsFileReader {
  const paths = [names.caFile, names.certFile, names.keyFile].filter((path) => path !== '')
  let known: { readonly stamp: string; readonly files: Promise<TlsFiles> } | undefined
  return {
    async read() {
      const stamp = (await Promise.all(paths.map(stampOf))).join('\n')
      if (known?.stamp !== stamp) known = { stamp, files: load(names, host) }
      return await known.files
    },
  }
}

/** A missing file has a stamp as well: reading it says what is wrong. */
async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path)
    return `${String(mtimeMs)} ${String(size)} ${String(ino)}`
  } catch (thrown) {
    return errorCode(thrown) ?? 'unreadable'
  }
}

async function load(names: TlsFileNames, host: string): Promise<TlsFiles> {
  const fail = (message: string, cause?: unknown): ConnectionError =>
    new ConnectionError({ code: 'tls', host, message, cause })
  const pem = async (path: string, what: string): Promise<string> => {
    try {
      const { size } = await stat(path)
      if (size > maxFileBytes) throw fail(`The ${what} ${path} is too large to be one.`)
      return await readFile(path, 'utf8')
    } catch (thrown) {
      if (thrown instanceof ConnectionError) throw thrown
      throw fail(`The ${what} ${path} cannot be read: ${fileReason(thrown)}.`, thrown)
    }
  }
  const certificate = (text: string, path: string, what: string): X509Certificate => {
    try {
      return new X509Certificate(text)
    } catch (thrown) {
      throw fail(`The ${what} ${path} holds no certificate in PEM form ("BEGIN CERTIFICATE").`, thrown)
    }
  }

  const ca = names.caFile === '' ? undefined : await pem(names.caFile, 'CA file')
  if (ca !== undefined) certificate(ca, names.caFile, 'CA file')
  // What every program trusts stays trusted: a CA of the organization's own comes beside it.
  const authorities = ca === undefined ? {} : { ca: [...rootCertificates, ca] }
  if (names.certFile === '') {
    const context = createSecureContext(authorities)
    return { context, bareContext: () => context, clientExpiresAt: undefined }
  }

  const cert = await pem(names.certFile, 'client certificate')
  const own = certificate(cert, names.certFile, 'client certificate')
  const keyPath = names.keyFile === '' ? names.certFile : names.keyFile
  const key = names.keyFile === '' ? cert : await pem(names.keyFile, 'key of the client certificate')
  if (!holdsKey(key)) {
    const hint = names.keyFile === '' ? ' Choose the file of the key as well.' : ''
    throw fail(`${keyPath} holds no private key in PEM form ("BEGIN PRIVATE KEY").${hint}`)
  }
  try {
    if (!own.checkPrivateKey(createPrivateKey(key)))
      throw fail(`The key ${keyPath} does not belong to the client certificate ${names.certFile}.`)
    let bare: SecureContext | undefined
    return {
      context: createSecureContext({ ...authorities, cert, key }),
      bareContext: () => (bare ??= createSecureContext(authorities)),
      clientExpiresAt: Date.parse(own.validTo),
    }
  } catch (thrown) {
    if (thrown instanceof ConnectionError) throw thrown
    throw fail(keyReason(key, keyPath, thrown), thrown)
  }
}

const holdsKey = (text: string): boolean => /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)

function keyReason(key: string, path: string, thrown: unknown): string {
  const isEncrypted = key.includes('ENCRYPTED') || errorCode(thrown) === 'ERR_MISSING_PASSPHRASE'
  return isEncrypted
    ? `The key ${path} is locked with a passphrase, which Outpost does not ask for. Export it without one into a file that only you can read.`
    : `The key ${path} cannot be used: it is damaged, or of a kind that is not known.`
}

function fileReason(thrown: unknown): string {
  switch (errorCode(thrown)) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EACCES':
    case 'EPERM':
      return 'you have no right to read it'
    case 'EISDIR':
      return 'it is a folder'
    default:
      return errorCode(thrown) ?? 'it failed'
  }
}
