/** One end of a tunnel as a person writes it: `3000`, `db.internal:5432`, `[::1]:80` or `/run/app.sock`. */
import type { Output } from '../../api/procedure-types.ts'

export type TunnelView = Output<'tunnels.watch'>['tunnels'][number]
export type TunnelDraft = TunnelView['draft']
export type TunnelEnd = TunnelDraft['listen']

export type ParsedEnd =
  | { readonly kind: 'end'; readonly end: TunnelEnd }
  | { readonly kind: 'empty' }
  /** A sentence. */
  | { readonly kind: 'wrong'; readonly problem: string }

export const loopback = '127.0.0.1'

export function parseEnd(text: string): ParsedEnd {
  const value = text.trim()
  if (value === '') return { kind: 'empty' }
  if (value.startsWith('/') || value.startsWith('~/')) {
    return value.length > 1000
      ? { kind: 'wrong', problem: 'This path is too long.' }
      : { kind: 'end', end: { kind: 'socket', path: value } }
  }
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]*)\]:|([^:\s]+):)?(\d+)$/.exec(value) ?? []
  if (digits === '')
    return {
      kind: 'wrong',
      problem: 'Enter a port, such as 3000, a host with a port, or the whole path of a socket file.',
    }
  const port = Number(digits)
  if (port < 1 || port > 65_535) return { kind: 'wrong', problem: 'Ports go from 1 to 65535.' }
  const host = bracketed ?? plain ?? loopback
  if (!/^[A-Za-z0-9._:][A-Za-z0-9._:-]{0,252}$/.test(host))
    return { kind: 'wrong', problem: 'This is no name of a host. Use letters, digits, dots and hyphens.' }
  return { kind: 'end', end: { kind: 'tcp', host: host === 'localhost' ? loopback : host, port } }
}

/** As `parseEnd` reads it: the port alone where it is on loopback. */
export function formatEnd(end: TunnelEnd): string {
  if (end.kind === 'socket') return end.path
  return end.host === loopback ? String(end.port) : addressOf(end)
}

/** Whole, as a program takes it. */
export function addressOf(end: TunnelEnd): string {
  if (end.kind === 'socket') return end.path
  return end.host.includes(':') ? `[${end.host}]:${end.port}` : `${end.host}:${end.port}`
}

/** Whether others on the network reach it. */
export function isOpenToNetwork(end: TunnelEnd): boolean {
  return end.kind === 'tcp' && end.host !== loopback && end.host !== '::1' && !end.host.startsWith('127.')
}
