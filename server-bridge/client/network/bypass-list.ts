import { BlockList, isIP } from 'node:net'
import { isLoopbackHost } from '../deployment-url.ts'

export interface BypassTarget {
  /** A host name or an address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

/**
 * Whether a host is reached without the proxy. The list is read as the Coder CLI (Go's `NO_PROXY`) and browsers read
 * theirs: `example.com` and `.example.com` (the latter only what is below it), `*.example.com`, `*`, an address, a
 * range such as `10.0.0.0/8`, each with `:port` if wanted, and `<local>` for names without a dot. This machine is never
 * asked for through a proxy, which would reach another one, unless `<-loopback>` says so.
 */
export function isBypassed(list: string, target: BypassTarget): boolean {
  const host = target.host.toLowerCase().replace(/\.$/, '')
  const entries = list
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((entry) => entry !== '')
  if (isLoopbackHost(host) && !entries.includes('<-loopback>')) return true
  return entries.some((entry) => fits(entry, host, target.port))
}

function fits(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true
  if (entry === '<local>') return isIP(host) === 0 && !host.includes('.')
  const range = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})$/.exec(entry)
  if (range !== null) return isInRange(host, range[1] ?? '', Number(range[2]))
  const { name, wantedPort } = split(entry)
  if (wantedPort !== undefined && wantedPort !== port) return false
  if (isIP(host) !== 0) return isIP(name) !== 0 && isInRange(host, name, isIP(name) === 4 ? 32 : 128)
  if (name.startsWith('*.') || name.startsWith('.')) return host.endsWith(name.replace(/^\*/, ''))
  return host === name || host.endsWith(`.${name}`)
}

function isInRange(host: string, net: string, bits: number): boolean {
  const family = isIP(net)
  if (family === 0 || isIP(host) !== family || bits > (family === 4 ? 32 : 128)) return false
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  const block = new BlockList()
  block.addSubnet(net, bits, kind)
  return block.check(host, kind)
}

/** A bare IPv6 address has colons, but no port. */
function split(entry: string): { name: string; wantedPort: number | undefined } {
  if (isIP(entry) === 6) return { name: entry, wantedPort: undefined }
  const [, name = entry, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? []
  return {
    name: name.replace(/^\[|\]$/g, ''),
    wantedPort: port === undefined ? undefined : Number(port),
  }
}
