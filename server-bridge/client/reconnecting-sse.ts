import type { RouteDefinition, RouteInput } from '../contract/route.ts'
import { createSseParser } from '../contract/sse.ts'
import type { ServerSentEvent } from '../contract/sse.ts'
import type { CoderClient } from './coder-client.ts'
import { connectionErrorFrom } from './connection-failure.ts'
import { CoderApiError } from './errors.ts'
import { createReconnectingConnection } from './reconnecting-connection.ts'
import type {
  Connection,
  ConnectionFailure,
  ConnectionListener,
  ReconnectingConnection,
  ReconnectingConnectionOptions,
} from './reconnecting-connection.ts'

export interface ReconnectingSseOptions<R extends RouteDefinition> extends Omit<
  ReconnectingConnectionOptions,
  'open'
> {
  readonly client: CoderClient
  readonly route: R
  readonly input: RouteInput<R>
  readonly onEvent: (event: ServerSentEvent) => void
  /** Coder sends a ping every 15 s; three missed ones are a dead stream. */
  readonly silenceMs?: number
  /** The same after a hint that the network changed. */
  readonly checkMs?: number
}

/** Server-sent events that come back by themselves, by the same machine as the sockets. */
export function createReconnectingSse<R extends RouteDefinition>(
  options: ReconnectingSseOptions<R>,
): ReconnectingConnection {
  const { client, clock, silenceMs = 45_000, checkMs = 20_000 } = options

  function open(listener: ConnectionListener): Connection {
    const controller = new AbortController()
    let cancelSilence: (() => void) | undefined
    const expectWithin = (delayMs: number) => {
      cancelSilence?.()
      cancelSilence = controller.signal.aborted ? undefined : clock.after(delayMs, listener.silent)
    }
    void run()
    return {
      check: () => {
        expectWithin(checkMs)
      },
      close: () => {
        controller.abort()
        cancelSilence?.()
      },
    }

    async function run(): Promise<void> {
      let response: Response
      try {
        response = await client.stream(options.route, options.input, controller.signal)
      } catch (thrown) {
        if (!controller.signal.aborted) listener.failed(streamFailure(thrown, client.host))
        return
      }
      listener.opened()
      expectWithin(silenceMs)
      const outcome = await read(response)
      cancelSilence?.()
      if (!controller.signal.aborted) listener.closed(outcome.code, outcome.reason)
    }

    async function read(response: Response): Promise<{ code: number; reason: string }> {
      const parser = createSseParser()
      const decoder = new TextDecoder()
      try {
        for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
          expectWithin(silenceMs)
          for (const event of parser.push(decoder.decode(chunk, { stream: true }))) options.onEvent(event)
        }
        return { code: 1001, reason: `${client.host} ended the stream.` }
      } catch (thrown) {
        // 1007, "inconsistent data": the same would come again.
        if (thrown instanceof SyntaxError) return { code: 1007, reason: thrown.message }
        return { code: 1006, reason: connectionErrorFrom(thrown, client.host).message }
      }
    }
  }

  return createReconnectingConnection({ ...options, open })
}

function streamFailure(thrown: unknown, host: string): ConnectionFailure {
  if (thrown instanceof CoderApiError) return { reason: thrown.message, status: thrown.status }
  const error = connectionErrorFrom(thrown, host)
  const { code } = error
  const isHopeless = code === 'tls' || code === 'redirected' || code === 'not_coder'
  return { reason: error.message, hopeless: isHopeless ? code : undefined }
}
