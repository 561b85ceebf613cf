import { isIP } from 'node:net'
import { type Experiment, experiments } from '../contract/experiments.ts'
import type { ListenAddress } from './listeners.ts'

/** The command line or the environment says something that cannot be. The message is for whoever wrote it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const TRUE = new Set(['1', 't', 'true'])
const FALSE = new Set(['', '0', 'f', 'false'])
const UNIT_SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 }

/** A TCP port, 0 for any free one. @throws {UsageError} */
export function parsePort(option: string, text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new UsageError(`${option} must be a number from 0 to 65535, not "${text}".`)
  }
  return Number(text)
}

/** `host:port` as Go's `net.Listen` takes it; no host is every interface. @throws {UsageError} */
export function parseAddress(option: string, text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):([^:]*)$/.exec(text)
  if (!match) throw new UsageError(`${option} must be HOST:PORT, not "${text}".`)
  const host = (match[1] ?? match[2]) || '0.0.0.0'
  if (host !== 'localhost' && isIP(host) === 0) {
    throw new UsageError(`${option} must name an IP address of this machine, not "${host}".`)
  }
  return { host, port: parsePort(option, match[3] ?? '') }
}

/** An absolute URL without a path, as an origin. @throws {UsageError} */
export function parseUrl(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError(`${option} must be a URL with http:// or https://, not "${text}".`)
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new UsageError(`${option} must be a scheme, a host and maybe a port, nothing more.`)
  }
  return url.origin
}

/**
 * A host with a star for its first label or the begin of it, `*.apps.example.com` or `*--apps.example.com:8443`, in
 * small letters. @throws {UsageError}
 */
export function parseWildcard(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const wildcard = text.toLowerCase()
  const [, suffix, ...labels] = /^\*((?:-[a-z0-9-]*)?)((?:\.[a-z0-9-]+)+)(?::\d{1,5})?$/.exec(wildcard) ?? []
  const names = [`a${suffix ?? ''}`, ...(labels[0] ?? '').split('.').slice(1)]
  const isHost = names.length > 1 && names.every((name) => /^[a-z0-9]+(?:-+[a-z0-9]+)*$/.test(name))
  // A host that ends in a number is an address, which has no names under it.
  if (!isHost || /^\d+$/.test(names.at(-1) ?? '')) {
    throw new UsageError(
      `${option} must be a host whose first part is a star, like *.apps.example.com, not "${text}".`,
    )
  }
  const [, port] = /:(\d+)$/.exec(wildcard) ?? []
  if (port !== undefined) parsePort(option, port)
  return wildcard
}

/** A switch of the environment, in the words Go's `ParseBool` knows. @throws {UsageError} */
export function parseFlag(name: string, text: string | undefined): boolean {
  const word = (text ?? '').toLowerCase()
  if (TRUE.has(word)) return true
  if (FALSE.has(word)) return false
  throw new UsageError(`${name} must be true or false, not "${word}".`)
}

/** A positive Go duration of hours, minutes and seconds, in seconds. @throws {UsageError} */
export function parseDuration(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)]
  const seconds = parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNIT_SECONDS[unit] ?? 0),
    0,
  )
  if (parts.map(([whole]) => whole).join('') !== text || seconds < 1) {
    throw new UsageError(`${option} must be a duration like 720h or 1h30m, not "${text}".`)
  }
  return Math.floor(seconds)
}

/** Names by commas, or a star for all there are. @throws {UsageError} */
export function parseExperiments(option: string, text: string | undefined): readonly Experiment[] {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.includes('*')) return experiments
  const unknown = names.find((name) => !experiments.some((known) => known === name))
  if (unknown !== undefined) {
    throw new UsageError(`${option} knows ${experiments.join(', ')} and *, not "${unknown}".`)
  }
  return experiments.filter((known) => names.includes(known))
}
