import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import type { WebSocket } from 'ws'
import { agentRoutes } from '../../contract/agent-link.ts'
import type { PtyQuery } from '../../contract/pty.ts'
import type { Clock } from '../../lib/clock.ts'
import { connectHttp2OverDuplex } from '../../lib/http2-link.ts'
import type { Logger } from '../../lib/logger.ts'
import { createWebSocketDuplex } from '../../lib/websocket-duplex.ts'
import type { AgentEvents } from '../services/agent-events.ts'
import type { ReadAgentManifest } from '../services/agent-manifest.ts'
import type { AgentPlace, AgentRecords } from '../services/agent-records.ts'
import { createEventReader } from './event-reader.ts'

const HEARTBEAT_MS = 5_000
/** Three heartbeats without an answer: the agent hangs, or the machine slept. */
const SILENCE_LIMIT_MS = 17_000

export interface AgentLinks {
  /** Takes over an agent's socket; an older link of the same agent ends. */
  accept(place: AgentPlace, socket: WebSocket): void
  /** When the agent was last heard; `undefined` while it has no working link. */
  lastHeard(agentId: string): number | undefined
  /** The round trip of the last heartbeat, in milliseconds. */
  latencyMs(agentId: string): number | undefined
  isLinked(agentId: string): boolean
  /** Opens a request of the agent's own routes; the caller reads and ends it. @throws {AgentUnreachableError} */
  request(agentId: string, method: string, path: string): ClientHttp2Stream
  /** Opens the terminal's stream. @throws {AgentUnreachableError} */
  openPty(agentId: string, query: PtyQuery): ClientHttp2Stream
  /** Opens a connection to the agent's SSH server. @throws {AgentUnreachableError} */
  openSsh(agentId: string): ClientHttp2Stream
  /** Asks the agent to run its stop scripts and end; done when it has. False when it cannot be asked. */
  shutDown(agentId: string, reason: 'stop' | 'delete', timeoutMs: number): Promise<boolean>
  /** Called whenever a link comes or goes. */
  onChange(listener: (agentId: string) => void): () => void
  /** Ends every link; returns when the last one is gone and recorded. */
  close(): Promise<void>
}

/** There is no link to the agent. */
export class AgentUnreachableError extends Error {
  override readonly name = 'AgentUnreachableError'
  constructor() {
    super('agent is not connected')
  }
}

interface Link {
  readonly session: ClientHttp2Session
  heardAt: number
  ready: boolean
  latencyMs: number | undefined
}

export interface AgentLinkDeps {
  readonly records: AgentRecords
  readonly events: AgentEvents
  readonly readManifest: ReadAgentManifest
  readonly clock: Clock
  readonly logger: Logger
  readonly accessUrl: () => string
}

export function createAgentLinks(deps: AgentLinkDeps): AgentLinks {
  const { records, events: agentEvents, clock, logger, accessUrl } = deps
  const links = new Map<string, Link>()
  let isOpen = true
  const listeners = new Set<(agentId: string) => void>()
  const notify = (agentId: string): void => {
    for (const listener of [...listeners]) listener(agentId)
  }

  const requireLink = (agentId: string): Link => {
    const link = links.get(agentId)
    if (link?.ready !== true) throw new AgentUnreachableError()
    return link
  }

  const consumeEvents = (place: AgentPlace, link: Link): void => {
    // Read now: the row of the hand-shake may be older than what this agent sent over its last link.
    const after = records.place(place.agent.id)?.agent.last_event_seq ?? 0
    const { method, path } = agentRoutes.events
    const stream = link.session.request({ ':method': method, ':path': `${path}?after=${after}` })
    stream.end()
    const giveUp = (error: unknown): void => {
      logger.warn('What an agent sent could not be taken', {
        agentId: place.agent.id,
        error: error instanceof Error ? error.message : String(error),
      })
      link.session.destroy()
    }
    const reader = createEventReader((events) => {
      link.heardAt = clock.now()
      agentEvents.take(place, events, giveUp)
    })
    stream.on('data', (chunk: Buffer) => {
      try {
        reader(chunk)
      } catch (error) {
        giveUp(error)
      }
    })
    stream.on('error', (error: Error) => {
      logger.debug('The event stream of an agent broke', { agentId: place.agent.id, error: error.message })
    })
  }

  const ping = (link: Link): void => {
    const { method, path } = agentRoutes.ping
    const sentAt = performance.now()
    requestStatus(link.session, method, path).then(
      (status) => {
        if (status !== 200) return
        link.heardAt = clock.now()
        link.latencyMs = performance.now() - sentAt
      },
      () => undefined, // The silence limit below decides.
    )
  }

  /** Runs on an event, where nobody could catch what a full disk throws; the link itself tells that it is gone. */
  const recordEnd = (place: AgentPlace, link: Link): void => {
    try {
      records.disconnected(place, link.heardAt)
    } catch (error) {
      logger.error('The end of a link could not be written', {
        agentId: place.agent.id,
        error: String(error),
      })
    }
  }

  const startHeartbeat = (agentId: string, link: Link): (() => void) =>
    clock.every(HEARTBEAT_MS, () => {
      if (clock.now() - link.heardAt > SILENCE_LIMIT_MS) {
        logger.warn('An agent has gone silent', { agentId })
        link.session.destroy()
        return
      }
      ping(link)
    })

  return {
    accept(place, socket) {
      if (!isOpen) {
        socket.terminate()
        return
      }
      const agentId = place.agent.id
      links.get(agentId)?.session.destroy()
      const session = connectHttp2OverDuplex(createWebSocketDuplex(socket))
      const link: Link = { session, heardAt: clock.now(), ready: false, latencyMs: undefined }
      links.set(agentId, link)
      const stopHeartbeat = startHeartbeat(agentId, link)
      session.once('close', () => {
        stopHeartbeat()
        if (links.get(agentId) !== link) return
        links.delete(agentId)
        agentEvents.left(agentId)
        if (link.ready) recordEnd(place, link)
        notify(agentId)
      })
      const { method, path } = agentRoutes.manifest
      requestStatus(session, method, path, deps.readManifest(place, accessUrl()))
        .then((status) => {
          if (session.destroyed) return
          if (status !== 204) {
            logger.error('An agent refused its manifest', { agentId, status })
            session.destroy()
            return
          }
          link.ready = true
          link.heardAt = clock.now()
          records.connected(place)
          consumeEvents(place, link)
          ping(link)
          notify(agentId)
        })
        // Also what the lines above throw: an agent that ends in this moment takes no further request.
        .catch((error: unknown) => {
          logger.warn('An agent was lost before it was set up', { agentId, error: String(error) })
          session.destroy()
        })
    },

    lastHeard(agentId) {
      const link = links.get(agentId)
      return link?.ready === true ? link.heardAt : undefined
    },
    latencyMs: (agentId) => links.get(agentId)?.latencyMs,
    isLinked: (agentId) => links.get(agentId)?.ready === true,

    request(agentId, method, path) {
      return requireLink(agentId).session.request({ ':method': method, ':path': path })
    },

    openPty(agentId, query) {
      const { session } = requireLink(agentId)
      const search = new URLSearchParams({
        reconnect: query.reconnect,
        width: String(query.width),
        height: String(query.height),
        ...(query.command ? { command: query.command } : {}),
      })
      const { method, path } = agentRoutes.pty
      return session.request({ ':method': method, ':path': `${path}?${search.toString()}` })
    },

    openSsh(agentId) {
      const { method, path } = agentRoutes.ssh
      return requireLink(agentId).session.request({ ':method': method, ':path': path })
    },

    async shutDown(agentId, reason, timeoutMs) {
      const link = links.get(agentId)
      if (link?.ready !== true) return false
      const { method, path } = agentRoutes.shutdown
      const cancel = clock.after(timeoutMs, () => link.session.destroy())
      try {
        return (await requestStatus(link.session, method, path, { reason })) === 204
      } catch (error) {
        logger.warn('An agent did not shut down when asked', { agentId, error: String(error) })
        return false
      } finally {
        cancel()
      }
    },

    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      isOpen = false
      await Promise.all(
        [...links.values()].map(
          ({ session }) =>
            new Promise<void>((resolve) => {
              session.once('close', resolve)
              session.destroy()
            }),
        ),
      )
    },
  }
}

/** Sends a request with an optional JSON body and answers the status; the answer's body is not needed. */
function requestStatus(
  session: ClientHttp2Session,
  method: string,
  path: string,
  body?: unknown,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': method,
      ':path': path,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    })
    stream.once('response', (headers) => {
      stream.resume()
      resolve(Number(headers[constants.HTTP2_HEADER_STATUS]))
    })
    stream.on('error', reject)
    stream.once('close', () => reject(new Error('The link was closed before the answer.')))
    // Bytes, as in the agent's outbox: the link is no socket of the system.
    stream.end(body === undefined ? undefined : Buffer.from(JSON.stringify(body)))
  })
}
