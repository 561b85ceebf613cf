import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { responseSchema, type Response } from '../contract/response.ts'
import { fillPath } from '../contract/route.ts'
import { workspaceSshRoutes } from '../contract/workspace-ssh.ts'
import type { SocketNetwork, SocketWay } from '../lib/socket-network.ts'
import { toError } from '../lib/to-error.ts'
import { createWebSocketDuplex } from '../lib/websocket-duplex.ts'
import { TransportError } from './transport-error.ts'

const handshakeTimeoutMs = 15_000
const maxBodyBytes = 64 * 1024
/** The server sends what its link hands over; nothing sensible is larger. */
const maxMessageBytes = 4 * 1024 * 1024

/**
 * Masks keep what a page sends from being taken for a request by something on the way (RFC 6455, 10.3). What goes here
 * is SSH, whose bytes nobody can choose, and by zeros `ws` neither copies nor changes them, on both sides.
 */
const noMask = (mask: Buffer): void => void mask.fill(0)

export interface WebSocketTransportOptions {
  /** Origin of the deployment. */
  readonly baseUrl: string
  readonly agentId: string
  /** Asked for each connection, so that a token that was renewed meanwhile is used. */
  readonly token: () => string | Promise<string>
  /** How the deployment is reached, where that is set. */
  readonly network?: SocketNetwork | undefined
  /** Gives up the attempt; an open connection is ended by destroying the stream. */
  readonly signal?: AbortSignal
}

/**
 * Opens one connection to a workspace's SSH server through the deployment: bytes of SSH both ways, encrypted by SSH
 * itself. The stream fails with an error when the connection breaks.
 *
 * @throws {TransportError}
 */
export async function openWebSocketTransport(options: WebSocketTransportOptions): Promise<Duplex> {
  const { signal } = options
  const token = await options.token()
  const url = new URL(
    fillPath(workspaceSshRoutes.connect.path, { workspaceagent: options.agentId }),
    options.baseUrl,
  )
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const way = await wayTo(url, options.network)
  if (signal?.aborted === true) throw aborted()
  const socket = new WebSocket(url, {
    // Where the client's certificate is what signs in, there is no token.
    headers: { ...way?.headers, ...(token === '' ? {} : { 'Coder-Session-Token': token }) },
    ...(way === undefined ? {} : { agent: way.agent }),
    followRedirects: false,
    handshakeTimeout: handshakeTimeoutMs,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    generateMask: noMask,
  })
  // From the start: a frame may come together with the answer of the handshake.
  const duplex = createWebSocketDuplex(socket)
  return new Promise((resolve, reject) => {
    const fail = (error: TransportError): void => {
      signal?.removeEventListener('abort', onAbort)
      // What follows is the end of an attempt that was given up.
      duplex.on('error', () => undefined)
      duplex.destroy()
      reject(error)
    }
    const onAbort = (): void => {
      fail(aborted())
    }
    const onError = (error: Error): void => {
      fail(unreachable(url, options.network?.explain(error) ?? error, error))
    }
    signal?.addEventListener('abort', onAbort)
    duplex.once('error', onError)
    socket.once('unexpected-response', (_request, response) => {
      duplex.off('error', onError)
      readRefusal(response, url.host).then(fail, (error: unknown) => {
        onError(toError(error))
      })
    })
    socket.once('open', () => {
      signal?.removeEventListener('abort', onAbort)
      duplex.off('error', onError)
      resolve(duplex)
    })
  })
}

async function wayTo(url: URL, network: SocketNetwork | undefined): Promise<SocketWay | undefined> {
  try {
    return await network?.prepare(url.href)
  } catch (thrown) {
    throw unreachable(url, thrown, thrown)
  }
}

/** What the network has a sentence for is told in that sentence. */
function unreachable(url: URL, explained: unknown, cause: unknown): TransportError {
  const { name, message } = toError(explained)
  const sentence =
    name === 'ConnectionError' ? message : `${url.host} could not be reached: ${toError(cause).message}`
  return new TransportError('network', sentence, { cause })
}

function aborted(): TransportError {
  return new TransportError('aborted', 'The connection was given up.')
}

/** What the server's answer means, in its own words where it has some. */
async function readRefusal(response: IncomingMessage, host: string): Promise<TransportError> {
  const status = response.statusCode ?? 0
  const body = await readResponse(response)
  if (status === 401) {
    return new TransportError('signed_out', `You are signed out of ${host}. Sign in again.`)
  }
  if (status === 404) {
    return new TransportError(
      'not_found',
      'The workspace does not exist, you may not enter it, or the server has no way in for this app.',
    )
  }
  if (status === 409) {
    const isStopped = body?.validations?.[0]?.field === 'workspace'
    const fallback = isStopped ? 'The workspace is stopped.' : 'The agent of the workspace is not connected.'
    return new TransportError(isStopped ? 'stopped' : 'agent_starting', body?.message ?? fallback)
  }
  return new TransportError(
    'refused',
    body?.message ?? `${host} refused the connection (status ${String(status)}).`,
  )
}

/** Coder's envelope; a proxy in between answers something else, and then the status has to do. */
async function readResponse(response: IncomingMessage): Promise<Response | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  try {
    const parsed = responseSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    return parsed.success && parsed.data.message !== '' ? parsed.data : undefined
  } catch {
    // Not JSON.
    return undefined
  }
}
