import { DeploymentUrlError } from './errors.ts'

/** Whether a host name means this machine, so that plain HTTP never leaves it. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[|\]$/g, '')
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  )
}

/**
 * The origin of a deployment from what somebody typed or pasted: a bare host, a page of the dashboard, a `/cli-auth`
 * link. Without a scheme it is HTTPS, but HTTP on this machine. Coder always sits at the root of its host, so the path
 * goes.
 *
 * @throws {DeploymentUrlError} with a sentence, when it is no such address.
 */
export function normalizeDeploymentUrl(typed: string): string {
  const text = typed.trim()
  if (text === '') {
    throw new DeploymentUrlError(
      'empty',
      'Enter the address of a Coder deployment, such as coder.example.com.',
    )
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return originWithoutScheme(text)
  if (scheme !== 'http' && scheme !== 'https') {
    throw new DeploymentUrlError(
      'scheme',
      `The address starts with ${scheme}://, but it must start with http:// or https://.`,
    )
  }
  return parseAddress(text, text).origin
}

function originWithoutScheme(text: string): string {
  const address = text.replace(/^\/+/, '')
  const secure = parseAddress(`https://${address}`, text)
  // Parsed anew: setting `protocol` would drop an explicit port 443.
  return isLoopbackHost(secure.hostname) ? parseAddress(`http://${address}`, text).origin : secure.origin
}

function parseAddress(address: string, shown: string): URL {
  // A parser reads backslashes as slashes and drops line breaks; nobody means that.
  if (/[\s\\]/.test(address) || !URL.canParse(address)) throw unreadable(shown)
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') {
    throw new DeploymentUrlError('credentials', 'Leave the user name and password out of the address.')
  }
  if (!/^[a-z0-9[]/i.test(url.hostname)) throw unreadable(shown)
  return url
}

function unreadable(text: string): DeploymentUrlError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return new DeploymentUrlError(
    'unreadable',
    `"${shown}" is not an address. Enter one like https://coder.example.com.`,
  )
}
