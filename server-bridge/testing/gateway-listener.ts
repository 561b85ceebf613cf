import { createServer, type AddressInfo, type Socket } from 'node:net'
import {
  createGatewayEndpoint,
  type GatewayEndpoint,
  type GatewayEvent,
} from '../bridge/gateway/gateway-endpoint.ts'
import { gatherWrites } from '../bridge/gateway/gather-writes.ts'
import { createBearer } from '../lib/bearer.ts'
import type { GatewayLimits } from '../bridge/gateway/gateway-limits.ts'
import type { GatewayTarget } from '../contract/header-gateway.ts'
import type { Clock } from '../lib/clock.ts'
import { systemClock } from '../lib/clock.ts'

export interface GatewayListener {
  readonly url: string
  readonly port: number
  readonly bearer: string
  readonly authorization: { readonly authorization: string }
  readonly events: GatewayEvent[]
  readonly endpoint: GatewayEndpoint
  /** Connections that the gateway has not let go. */
  readonly connections: () => number
  close(): Promise<void>
}

/** A gateway's endpoint on a port of this machine, as a workspace has it on one of its own. */
export async function startGatewayListener(
  target: Partial<GatewayTarget> & { readonly url: string },
  {
    asChannels = false,
    ...more
  }: {
    readonly limits?: Partial<GatewayLimits>
    readonly clock?: Clock
    readonly ca?: string
    /** Connections as SSH gives them: streams without timeouts that stay open when one direction ends. */
    readonly asChannels?: boolean
  } = {},
): Promise<GatewayListener> {
  const bearer = createBearer()
  const events: GatewayEvent[] = []
  const sockets = new Set<Socket>()
  let port = 0
  const endpoint = createGatewayEndpoint({
    clock: systemClock,
    ...more,
    target: { transport: 'streamable_http', headers: {}, ...target },
    bearer,
    port: () => port,
    onEvent: (event) => events.push(event),
  })
  const server = createServer({ noDelay: true, allowHalfOpen: asChannels }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    endpoint.serve(asChannels ? gatherWrites(socket) : socket)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${String(port)}/mcp`,
    port,
    bearer,
    authorization: { authorization: `Bearer ${bearer}` },
    events,
    endpoint,
    connections: () => sockets.size,
    async close() {
      endpoint.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
