import { isLoopbackHost } from '#bridge/client/deployment-url'
import { ProcedureError } from '../../lib/procedure-error.ts'

/** Endings of addresses that are the call itself; the second is what whisper.cpp's server has without being told. */
const callPaths = /\/(?:audio\/transcriptions|inference)$/

/**
 * Where recordings go, from what somebody typed: the call itself, the API before it, or only a host. Without a scheme it is
 * HTTPS, but HTTP on this computer.
 *
 * @throws {ProcedureError} `address_unusable`, with a sentence.
 */
export function transcriptionsUrl(typed: string): URL {
  const text = typed.trim()
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  const url = scheme === undefined ? withScheme(text) : parse(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw unusable('The address must start with http:// or https://.')
  if (url.username !== '' || url.password !== '')
    throw unusable('Leave the user name and password out of the address. A key has its own field.')
  url.hash = ''
  const path = url.pathname.replace(/\/+$/, '')
  if (!callPaths.test(path)) url.pathname = `${path === '' ? '/v1' : path}/audio/transcriptions`
  else url.pathname = path
  return url
}

/** Whether what is said stays on this computer. */
export function staysHere(url: URL): boolean {
  return isLoopbackHost(url.hostname)
}

function withScheme(text: string): URL {
  const secure = parse(`https://${text}`)
  return staysHere(secure) ? parse(`http://${text}`) : secure
}

function parse(text: string): URL {
  // A parser reads backslashes as slashes and drops line breaks; nobody means that.
  if (/[\s\\]/.test(text) || !URL.canParse(text))
    throw unusable('This is not an address. Enter one like http://127.0.0.1:8080.')
  return new URL(text)
}

function unusable(message: string): ProcedureError {
  return new ProcedureError('address_unusable', message)
}
