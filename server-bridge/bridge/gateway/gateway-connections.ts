/**
 * The connections of a gateway. Each is a stream without timeouts, of which either half may stay open for ever, and
 * Node's own limits count for sockets of servers that listen; so how long one may wait is held here.
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../lib/clock.ts'
import { Asker } from './asker.ts'
import type { GatewayLimits } from './gateway-limits.ts'

export interface GatewayConnections {
  /**
   * Takes one in. Of too many the one that waits longest makes room, one that never had the bearer first; where all are
   * used, the new one is destroyed.
   *
   * @returns whether it may be served.
   */
  add(connection: Duplex): boolean
  /**
   * The headers of a request are complete.
   *
   * @returns who leaves when the answer or the connection ends; `undefined` when the connection was destroyed because
   * the answer before is not given yet: nobody needs that, and what waits for its turn would be held unseen.
   */
  begin(connection: Duplex, response: ServerResponse): Asker | undefined
  /** Whoever asks on it has the bearer. */
  trust(connection: Duplex): void
  /** The answer being given is the last. It is destroyed soon, read or not. */
  letGo(connection: Duplex): void
  /** Destroys all, and each that comes later. */
  close(): void
}

interface Entry {
  /** Ends what is waited for. */
  cancel: () => void
  isTrusted: boolean
  isLeaving: boolean
  current: ServerResponse | undefined
  readonly running: Set<Asker>
}

export function createGatewayConnections(
  limits: Pick<GatewayLimits, 'connections' | 'headersMs' | 'lingerMs'>,
  clock: Clock,
): GatewayConnections {
  /** The one that waits longest comes first. */
  const entries = new Map<Duplex, Entry>()
  let isClosed = false

  const destroyAfter = (connection: Duplex, entry: Entry, ms: number): void => {
    entry.cancel()
    entry.cancel = clock.after(ms, () => connection.destroy())
  }

  /** Until the next headers are complete: no request, half a request and a slow one are the same. */
  const waitForHeaders = (connection: Duplex, entry: Entry): void => {
    entries.delete(connection)
    entries.set(connection, entry)
    destroyAfter(connection, entry, limits.headersMs)
  }

  const letGo = (connection: Duplex): void => {
    const entry = entries.get(connection)
    if (entry === undefined) return
    entry.isLeaving = true
    destroyAfter(connection, entry, limits.lingerMs)
  }

  const makeRoom = (): boolean => {
    const waiting = [...entries].filter(([, { current }]) => current === undefined)
    const [connection] = waiting.find(([, { isTrusted }]) => !isTrusted) ?? waiting[0] ?? []
    if (connection === undefined) return false
    drop(connection)
    connection.destroy()
    return true
  }

  const drop = (connection: Duplex): void => {
    const entry = entries.get(connection)
    if (entry === undefined) return
    entries.delete(connection)
    entry.cancel()
    for (const asker of entry.running) asker.leave()
  }

  return {
    add(connection) {
      connection.on('error', () => undefined) // `close` follows.
      if (isClosed || (entries.size >= limits.connections && !makeRoom())) {
        connection.destroy()
        return false
      }
      const entry: Entry = {
        cancel: () => undefined,
        isTrusted: false,
        isLeaving: false,
        current: undefined,
        running: new Set(),
      }
      waitForHeaders(connection, entry)
      // Our half has ended, and the other end need never end its own.
      connection.once('finish', () => {
        letGo(connection)
      })
      connection.once('close', () => {
        drop(connection)
      })
      return true
    },
    begin(connection, response) {
      const entry = entries.get(connection)
      if (entry === undefined || entry.current?.writableEnded === false) {
        connection.destroy()
        return undefined
      }
      if (!entry.isLeaving) entry.cancel()
      entry.current = response
      const asker = new Asker()
      entry.running.add(asker)
      response.once('close', () => {
        asker.leave()
        entry.running.delete(asker)
        if (entry.current !== response) return
        entry.current = undefined
        if (!entry.isLeaving && entries.has(connection)) waitForHeaders(connection, entry)
      })
      return asker
    },
    trust(connection) {
      const entry = entries.get(connection)
      if (entry !== undefined) entry.isTrusted = true
    },
    letGo,
    close() {
      isClosed = true
      for (const connection of [...entries.keys()]) {
        drop(connection)
        connection.destroy()
      }
    },
  }
}
