/** Tunnels of a soak: what is opened, and whether bytes come back through one. */
import { randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { OpenTunnel, TunnelEnd, TunnelKind } from '../../contract/tunnels.ts'
import { exchange } from '../echo-server.ts'

export interface SoakTunnel {
  readonly id: string
  readonly kind: TunnelKind
  /** Where it has to be reached for as long as it is on. */
  readonly port: number
}

const KINDS: readonly TunnelKind[] = ['local', 'dynamic', 'remote', 'local']

/** An address of the loopback. */
export const here = (port: number): TunnelEnd => ({ kind: 'tcp', host: '127.0.0.1', port })

/** One tunnel a port, of each kind in turn. */
export function nameTunnels(ports: readonly number[]): readonly SoakTunnel[] {
  return ports.map((port, at) => ({ id: randomUUID(), kind: KINDS[at % KINDS.length] ?? 'local', port }))
}

/** What the bridge is asked for. @param target of an echo, on this computer or in the workspace. */
export function asOpenTunnel(
  tunnel: SoakTunnel,
  workspaceId: string,
  target: number,
): Omit<OpenTunnel, 'type'> {
  return {
    tunnelId: tunnel.id,
    deploymentId: 'local',
    workspaceId,
    agentName: null,
    kind: tunnel.kind,
    listen: here(tunnel.port),
    anyPort: false,
    target: tunnel.kind === 'dynamic' ? null : here(target),
    certificate: null,
  }
}

/** Sends bytes through a tunnel and wants them back: by SOCKS5 where it speaks that. */
export async function carries(tunnel: Pick<SoakTunnel, 'kind' | 'port'>, target: number): Promise<boolean> {
  const bytes = randomBytes(2_000)
  const back =
    tunnel.kind === 'dynamic'
      ? await throughSocks(tunnel.port, target, bytes)
      : await exchange({ port: tunnel.port, host: '127.0.0.1' }, bytes)
  return back.equals(bytes)
}

/** RFC 1928: no authentication, CONNECT to an IPv4 address. */
function throughSocks(socks: number, target: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect({ port: socks, host: '127.0.0.1', allowHalfOpen: true })
    let received = Buffer.alloc(0)
    let isAsked = false
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(received.subarray(12)))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (isAsked || received.length < 2) return
      isAsked = true
      socket.end(Buffer.concat([Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, target >> 8, target & 255]), bytes]))
    })
    socket.write(Buffer.from([5, 1, 0]))
  })
}
