/** The agent's own link and outbox without the workspace around them, for many of them in one process. */
import type { AgentInit } from '#bridge/contract/agent-link'
import { agentRoutes } from '#bridge/contract/agent-link'
import { systemClock } from '#bridge/lib/clock'
import { silentLogger } from '#bridge/lib/logger'
import { EventOutbox } from '#bridge/agent/event-outbox'
import { createAgentLink } from '#bridge/agent/link'

export interface LogAgent {
  readonly agentId: string
  readonly outbox: EventOutbox
  close(): Promise<void>
}

/** Dials; resolves once the server reads its events. */
export async function startLogAgent(init: AgentInit): Promise<LogAgent> {
  const outbox = new EventOutbox(systemClock)
  return await new Promise((resolve, reject) => {
    const link = createAgentLink({
      target: init,
      clock: systemClock,
      logger: silentLogger,
      random: Math.random,
      onRefused: (status) => {
        reject(new Error(`The server refused an agent with ${String(status)}.`))
      },
      handle(stream, headers) {
        const path = (headers[':path'] ?? '').split('?')[0]
        stream.resume()
        stream.on('error', () => undefined)
        if (path === agentRoutes.manifest.path) stream.respond({ ':status': 204 }, { endStream: true })
        else if (path === agentRoutes.ping.path) {
          link.touch()
          stream.respond({ ':status': 200 })
          stream.end('{"ok":true}')
        } else if (path === agentRoutes.events.path) {
          stream.respond({ ':status': 200, 'content-type': 'application/x-ndjson' })
          outbox.connect(
            stream,
            Number(new URL(headers[':path'] ?? '', init.serverUrl).searchParams.get('after')),
          )
          resolve({ agentId: init.agentId, outbox, close: async () => await link.close() })
        } else stream.respond({ ':status': 404 }, { endStream: true })
      },
    })
  })
}
