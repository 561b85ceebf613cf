import type { DeploymentNetwork, Proxy, ProxyServer } from '../../contract/deployment-network.ts'
import { isBypassed } from './bypass-list.ts'

const defaultPorts = { http: 80, https: 443, socks5: 1080 } as const
const direct: readonly Proxy[] = [{ scheme: 'direct' }]

/**
 * The ways to an address, in the order they are tried.
 *
 * @param systemAnswer what the system says for that address, in the form of a PAC file: `PROXY a:3128; DIRECT`.
 */
export function chooseProxies(
  { proxyMode, proxyUrl, bypass }: Pick<DeploymentNetwork, 'proxyMode' | 'proxyUrl' | 'bypass'>,
  url: string,
  systemAnswer: string,
): readonly Proxy[] {
  if (proxyMode === 'none') return direct
  if (proxyMode === 'system') return parseProxyAnswer(systemAnswer)
  const server = parseProxyUrl(proxyUrl)
  if (server === undefined || isBypassed(bypass, targetOf(new URL(url)))) return direct
  return [server]
}

/** Host and port an address names, IPv6 without brackets. */
export function targetOf(url: URL): { readonly host: string; readonly port: number } {
  const isPlain = url.protocol === 'http:' || url.protocol === 'ws:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isPlain ? 80 : 443) : Number(url.port),
  }
}

/** A proxy's address as typed; without a scheme it is HTTP. `undefined` when it is none. */
export function parseProxyUrl(typed: string): ProxyServer | undefined {
  const text = typed.trim()
  const [, named = 'http', rest = ''] = /^(?:([a-z0-9]+):\/\/)?([^\s/@?#]+)\/?$/i.exec(text) ?? []
  const scheme = named.toLowerCase().replace('socks5h', 'socks5')
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'socks5') return undefined
  return serverOf(scheme, rest)
}

/** A PAC file's answer. What is not known (SOCKS 4, QUIC) is left out; when nothing is left there is no way. */
export function parseProxyAnswer(answer: string): Proxy[] {
  const found = answer.split(';').flatMap((part): Proxy[] => {
    const [kind = '', address = ''] = part.trim().split(/\s+/)
    const scheme = answerSchemes[kind.toUpperCase()]
    if (scheme === undefined) return []
    if (scheme === 'direct') return [{ scheme }]
    const server = serverOf(scheme, address)
    return server === undefined ? [] : [server]
  })
  return answer.trim() === '' ? [...direct] : found
}

const answerSchemes: Readonly<Record<string, Proxy['scheme']>> = {
  DIRECT: 'direct',
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS5: 'socks5',
}

function serverOf(scheme: ProxyServer['scheme'], address: string): ProxyServer | undefined {
  if (address === '' || !URL.canParse(`http://${address}/`)) return undefined
  const url = new URL(`http://${address}/`)
  // The parser takes a port of 80 for the default, and away.
  const port = /:(\d{1,5})$/.exec(address)?.[1]
  return {
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: port === undefined ? defaultPorts[scheme] : Number(port),
  }
}
