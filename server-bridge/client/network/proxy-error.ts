import type { ProxyServer } from '../../contract/deployment-network.ts'
import { errorCode } from '../../lib/to-error.ts'
import { ConnectionError } from '../errors.ts'
import { shownName } from './shown-name.ts'

/** How a proxy is named in sentences. */
export function proxyName({ host, port }: Pick<ProxyServer, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}`
}

/** The proxy is there and said no. The next proxy of a list is not asked then. */
export function proxyRefusal(proxy: ProxyServer, host: string, why: string): ConnectionError {
  return new ConnectionError({
    code: 'proxy',
    host,
    message: `The proxy ${proxyName(proxy)} does not let the connection to ${host} through: ${why}`,
  })
}

/** The proxy wants a user name and a password: none are known, or not these. */
export function proxyAuthError(
  proxy: ProxyServer,
  host: string,
  given: { readonly isSent: boolean; readonly offered: string },
): ConnectionError {
  const name = proxyName(proxy)
  const isBasic = given.offered === '' || /\bbasic\b/i.test(given.offered)
  const sentence = !isBasic
    ? `The proxy ${name} wants a sign-in that Outpost does not have (${shownName(given.offered.split(/\s/)[0] ?? '')}). Ask whoever runs it for one that takes a user name and a password (Basic).`
    : given.isSent
      ? `The proxy ${name} does not accept the user name and password. Change them in the network settings of the deployment.`
      : `The proxy ${name} asks for a user name and a password. Enter them in the network settings of the deployment.`
  return new ConnectionError({ code: 'proxy', host, message: sentence })
}

/** The proxy itself could not be reached. */
export function proxyUnreachable(proxy: ProxyServer, host: string, cause: unknown): ConnectionError {
  const code = errorCode(cause) ?? ''
  const reasons: Readonly<Record<string, string>> = {
    ENOTFOUND: 'its name could not be found',
    EAI_AGAIN: 'its name could not be found',
    ECONNREFUSED: 'nothing listens there',
    ETIMEDOUT: 'it did not answer in time',
  }
  return new ConnectionError({
    code: 'proxy',
    host,
    message: `The proxy ${proxyName(proxy)} cannot be used: ${reasons[code] ?? `the connection to it was lost${code === '' ? '' : ` (${code})`}`}. Check the network settings of the deployment, and the network or VPN.`,
    cause,
  })
}
