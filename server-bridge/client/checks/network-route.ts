import type { NetworkOptions, Proxy } from '../../contract/deployment-network.ts'
import { createCertificates } from '../network/certificates.ts'
import { dial } from '../network/dial.ts'
import { createHeaderCommand } from '../network/header-command.ts'
import { proxyName } from '../network/proxy-error.ts'
import type { CommandSurroundings } from '../network/run-command.ts'
import { directRoute, type CheckRoute } from './check-route.ts'

/** The way a deployment's network settings come to: its proxies, certificates, names and headers. */
export function networkRoute(options: NetworkOptions, surroundings: CommandSurroundings): CheckRoute {
  const { host } = new URL(surroundings.url)
  const { clock } = surroundings
  const certificates = createCertificates(options, surroundings, host)
  const headerCommand = createHeaderCommand(options.headerCommand, surroundings, host)
  const dialOptions = {
    ...options,
    clock,
    proxyTls: async () => (await certificates.read()).bareContext(),
  }
  return {
    words: proxyWords(options.proxies),
    looksUpNames: options.proxies[0]?.scheme === 'direct',
    open: async (target, signal) => {
      const { socket } = await dial(target, dialOptions)
      socket.on('error', () => undefined)
      if (signal.aborted) socket.destroy()
      signal.throwIfAborted()
      return socket
    },
    secureContext: async () => (await certificates.read()).context,
    ...(options.serverName === '' ? {} : { serverName: options.serverName }),
    headers: () => headerCommand.headers(),
  }
}

const schemes = { http: 'HTTP', https: 'HTTPS', socks5: 'SOCKS' } as const

function proxyWords(proxies: readonly Proxy[]): string {
  const [first] = proxies
  if (first === undefined) return 'The system names no proxy that Outpost can use.'
  if (first.scheme === 'direct') return directRoute.words
  const others = proxies.length === 1 ? '' : ', or what comes after it where that cannot be reached'
  return `Outpost connects through the ${schemes[first.scheme]} proxy ${proxyName(first)}${others}.`
}
