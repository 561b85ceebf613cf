/**
 * What the command line of a deployment needs of the deployment's network settings: the names are those of Coder's own
 * flags and environment (stable-api, section 17). No secret goes into an environment, so a proxy that wants a password
 * is reached through a relay of ours.
 */
import type { Network } from '../client/network/network.ts'
import { startProxyRelay, type ProxyRelay } from './proxy-relay.ts'

export interface OpenCliSurroundings {
  readonly environment: () => Promise<Readonly<Record<string, string>>>
  close(): void
}

/** @param environment what every program of ours is started with. */
export function openCliSurroundings(
  url: string,
  network: Network | undefined,
  environment: Readonly<Record<string, string>>,
): OpenCliSurroundings {
  let relay: Promise<ProxyRelay> | undefined
  const proxyOf = async ({ options, connect }: Network): Promise<Record<string, string>> => {
    const [first] = options.proxies
    // Without one, and against what the program would find out for itself.
    if (first === undefined || first.scheme === 'direct') return { NO_PROXY: '*' }
    const { proxyCredentials: secret } = options
    const wantsSecret = secret !== null && secret.host === first.host && secret.port === first.port
    if (!wantsSecret)
      return proxyVariables(`${first.scheme}://${bracketed(first.host)}:${String(first.port)}`)
    relay ??= startProxyRelay(new URL(url), connect)
    return proxyVariables(`http://127.0.0.1:${String((await relay).port)}`)
  }
  return {
    async environment() {
      if (network === undefined) return environment
      const { caFile, certFile, keyFile, headerCommand } = network.options
      const named = (name: string, value: string): Record<string, string> =>
        value === '' ? {} : { [name]: value }
      return {
        ...environment,
        ...named('CODER_CLIENT_TLS_CA_FILE', caFile),
        ...named('CODER_CLIENT_TLS_CERT_FILE', certFile),
        // The key may stand in the certificate's file; the program wants both named.
        ...named('CODER_CLIENT_TLS_KEY_FILE', keyFile === '' ? certFile : keyFile),
        // Not as an argument: those are for everybody on the machine to read.
        ...named('CODER_HEADER_COMMAND', headerCommand),
        ...(await proxyOf(network)),
      }
    },
    close() {
      void relay?.then((open) => open.close())
    },
  }
}

function proxyVariables(address: string): Record<string, string> {
  return { HTTP_PROXY: address, HTTPS_PROXY: address }
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)
