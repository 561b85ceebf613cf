import type { TunnelView } from '#ipc/tunnels'
import { sampleId } from './wire-samples.ts'

/** A local tunnel that is open, without traffic. */
export function sampleTunnel(change: Partial<TunnelView> = {}): TunnelView {
  const end = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const
  return {
    id: sampleId(70),
    deploymentId: 'local',
    workspaceId: sampleId(2),
    workspaceName: 'payments-api',
    title: 'Port 8080',
    enabled: true,
    draft: {
      name: '',
      kind: 'local',
      agentName: null,
      listen: end(3000),
      anyPort: false,
      target: end(8080),
      https: false,
    },
    connection: { kind: 'open' },
    listening: end(3000),
    traffic: { openConnections: 0, connections: 0, bytesUp: 0, bytesDown: 0, errors: 0 },
    lastError: null,
    url: 'http://localhost:3000/',
    ...change,
  }
}
