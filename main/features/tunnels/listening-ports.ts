/** What listens in a workspace, asked for again and again while somebody looks. */
import { agentRuntimeRoutes } from '#bridge/contract/agent-runtime'
import type { Clock } from '#bridge/lib/clock'
import { pauseUntil } from '#bridge/lib/pause'
import type { LiveValue } from '../../lib/live-value.ts'
import { waitUntil } from '../../lib/wait-until.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'

export interface DiscoveredPort {
  readonly port: number
  /** What the workspace calls the program; text of a stranger. */
  readonly processName: string
}

const pollMs = 5000
const maxPorts = 200

/**
 * Yields the ports now and whenever they changed. The first failure is thrown; a later one is passed over, since what
 * was true a moment ago is better than nothing.
 */
export async function* watchListeningPorts(
  connection: DeploymentConnection,
  agentId: string,
  deps: { readonly clock: Clock; readonly visible: LiveValue<boolean>; readonly signal: AbortSignal },
): AsyncGenerator<{ ports: DiscoveredPort[] }, void> {
  const { clock, visible, signal } = deps
  let told: string | undefined
  while (!signal.aborted) {
    const ports = await ask(connection, agentId, signal).catch((thrown: unknown) => {
      if (told === undefined || signal.aborted) throw thrown
    })
    const text = JSON.stringify(ports)
    if (ports !== undefined && text !== told) {
      told = text
      yield { ports }
    }
    await pauseUntil(clock, pollMs, signal)
    await waitUntil(visible, (isVisible) => isVisible, { clock, timeoutMs: 24 * 60 * 60_000, signal })
  }
}

async function ask(
  connection: DeploymentConnection,
  agentId: string,
  signal: AbortSignal,
): Promise<DiscoveredPort[]> {
  const params = { workspaceagent: agentId }
  const { ports } = await connection.call((client) =>
    client.call(agentRuntimeRoutes.listeningPorts, { params }, { signal }),
  )
  return ports
    .slice(0, maxPorts)
    .map(({ port, process_name }) => ({ port, processName: process_name }))
    .toSorted((a, b) => a.port - b.port)
}
