import { createHash } from 'node:crypto'
import type { GatewayPlace } from './gateway-place.ts'

/** Below what systems give out by themselves (from 32,768 on Linux) and above what development servers like. */
const firstPort = 20_000
const ports = 9000

/** The same port for the same gateway each time, unless another one of ours has it: local workspaces share a machine. */
export function gatewayPort(
  { deploymentId, serverId, workspaceId }: GatewayPlace,
  taken: ReadonlySet<number>,
): number {
  const digest = createHash('sha256').update(`${deploymentId}\n${serverId}\n${workspaceId}`).digest()
  const start = digest.readUInt32BE(0)
  for (let step = 0; step < ports; step += 1) {
    const port = firstPort + ((start + step) % ports)
    if (!taken.has(port)) return port
  }
  return firstPort
}
