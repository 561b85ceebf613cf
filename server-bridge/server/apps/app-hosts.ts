import { type AppHostName, parseAppLabel } from '../../contract/app-hosts.ts'

/** A host name under the wildcard, by which one app or port is opened. */
export interface AppHost {
  /** As `Host` has it, in small letters and without the port that the scheme implies. */
  readonly host: string
  /** The origin of its pages. */
  readonly origin: string
  readonly name: AppHostName
}

/** The names under the wildcard. Whatever else ends in it belongs to nobody, and no request for it is answered. */
export interface AppHosts {
  /** The wildcard with the port that browsers need, e.g. `*.localhost:3000`. */
  readonly pattern: string
  /** By the `Host` of a request. */
  read(host: string): AppHost | undefined
  /** By an address that somebody wants to be sent to; with what follows the host, its fragment aside. */
  readAddress(address: string): { readonly host: AppHost; readonly path: string } | undefined
  /** The origin of an app, by its label. */
  originOf(label: string): string
}

/**
 * @param wildcard as the option has it: `*.apps.example.com`, maybe with a port; else the access URL's port is used.
 * @param accessUrl the scheme of every app host is that of this address, since one server or proxy answers both.
 */
export function createAppHosts(wildcard: string, accessUrl: string): AppHosts {
  const { protocol, port: accessPort } = new URL(accessUrl)
  const [, suffix = '', ownPort] = /^\*([^:]*)(?::(\d+))?$/.exec(wildcard) ?? []
  const impliedPort = protocol === 'https:' ? '443' : '80'
  const port = (ownPort ?? accessPort) || impliedPort
  const end = port === impliedPort ? suffix : `${suffix}:${port}`

  const read = (raw: string): AppHost | undefined => {
    const written = raw.toLowerCase()
    const host = port === impliedPort ? written.replace(new RegExp(`:${port}$`), '') : written
    const label = host.slice(0, -end.length)
    if (!host.endsWith(end) || label === '') return undefined
    const name = parseAppLabel(label)
    return name && { host, origin: `${protocol}//${host}`, name }
  }

  return {
    pattern: `*${end}`,
    read,
    readAddress(address) {
      const url = URL.canParse(address) ? new URL(address) : undefined
      if (url?.protocol !== protocol || url.username !== '' || url.password !== '') return undefined
      const host = read(url.host)
      return host && { host, path: `${url.pathname}${url.search}` }
    },
    originOf: (label) => `${protocol}//${label.toLowerCase()}${end}`,
  }
}
