/** Why something cannot be listened on, in words. */
import type { TunnelConnection, TunnelEnd } from '../../contract/tunnels.ts'
import { findPortOwner } from './port-owner.ts'
import { shownName } from './shown-name.ts'

export type ListenProblem = Omit<Extract<TunnelConnection, { readonly kind: 'failed' }>, 'kind'>

/** Sentences for what `listen` failed with. A taken port says by whom. */
export async function explainListenError(error: Error, end: TunnelEnd): Promise<ListenProblem> {
  const code = 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return { code: 'port_taken', reason: await takenWords(end) }
    case 'EACCES':
    case 'EPERM':
      return { code: 'port_denied', reason: deniedWords(end) }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EINVAL':
      return {
        code: 'address_unavailable',
        reason: `This computer has no address ${whereOf(end)} at the moment. Choose 127.0.0.1, or connect to the network it belongs to.`,
      }
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'address_unavailable',
        reason: `There is no folder for ${whereOf(end)}. Make it, or choose another path.`,
      }
    default:
      return { code: 'refused', reason: `${whereOf(end)} could not be opened: ${error.message}` }
  }
}

async function takenWords(end: TunnelEnd): Promise<string> {
  if (end.kind === 'socket')
    return `${whereOf(end)} is in use by another program, or is a file. Choose another path, or remove it.`
  const owner = await findPortOwner(end.port)
  const name = shownName(owner?.name ?? '')
  if (owner?.pid === process.pid)
    return `Port ${String(end.port)} is in use by another part of Outpost. Switch that one off, or choose another port.`
  const who =
    owner === undefined
      ? 'a program of another user or of the system'
      : `${name === '' ? 'a program' : name} (process ${String(owner.pid)})`
  return `Port ${String(end.port)} is in use by ${who}. Close it, or choose another port.`
}

function deniedWords(end: TunnelEnd): string {
  if (end.kind === 'socket') return `You may not write to the folder of ${whereOf(end)}. Choose another path.`
  return end.port < 1024
    ? `Port ${String(end.port)} is kept for administrators on this computer. Choose one from 1024 up.`
    : `This computer does not let you listen on port ${String(end.port)}. Choose another one.`
}

function whereOf(end: TunnelEnd): string {
  return end.kind === 'tcp' ? end.host : shownName(end.path)
}
