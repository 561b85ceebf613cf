import type { WebSocket } from 'ws'
import {
  dynamicParametersLifetimeMs,
  dynamicParametersRequestSchema,
  firstResponseId,
  maxDynamicParametersRequestBytes,
} from '../../contract/dynamic-parameters.ts'
import type {
  DynamicParametersRequest,
  DynamicParametersResponse,
} from '../../contract/dynamic-parameters.ts'
import type { Clock } from '../../lib/clock.ts'
import type { DynamicParameterSession } from '../services/dynamic-parameters.ts'

const GOING_AWAY = 1001
const WRONG_FRAME_KIND = 1003
const BAD_PAYLOAD = 1007
const TOO_LARGE = 1009
const INTERNAL_ERROR = 1011

/** Requests of one client that wait; more of them wait in its own socket. */
const MAX_WAITING = 8
const MAX_BUFFERED_BYTES = 1024 * 1024

export interface DynamicParametersSocketOptions {
  readonly session: DynamicParameterSession
  /** Whose groups and roles count until a request names another one. */
  readonly ownerId: string
  readonly clock: Clock
  readonly logFailure: (error: unknown) => void
}

/**
 * Answers each request in order, with what the template says to its inputs; first, unasked, without inputs. Between
 * two answers others get their turn.
 */
export function serveDynamicParameters(socket: WebSocket, options: DynamicParametersSocketOptions): void {
  const { session, clock, logFailure } = options
  const waiting: DynamicParametersRequest[] = [{ id: firstResponseId, inputs: {}, owner_id: undefined }]
  let { ownerId } = options
  let isScheduled = false

  const isOpen = (): boolean => socket.readyState === socket.OPEN
  const isLagging = (): boolean => socket.bufferedAmount > MAX_BUFFERED_BYTES
  const schedule = (): void => {
    if (isScheduled || waiting.length === 0 || isLagging()) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      step()
    })
  }
  const step = (): void => {
    const request = waiting.shift()
    if (request === undefined || !isOpen()) return
    if (socket.isPaused && waiting.length < MAX_WAITING) socket.resume()
    ownerId = request.owner_id ?? ownerId
    let answer: DynamicParametersResponse
    try {
      answer = session.evaluate({ id: request.id, inputs: request.inputs, ownerId })
    } catch (error) {
      logFailure(error)
      socket.close(INTERNAL_ERROR, 'the parameters could not be evaluated')
      return
    }
    socket.send(`${JSON.stringify(answer)}\n`, schedule)
    schedule()
  }

  const cancelLifetime = clock.after(dynamicParametersLifetimeMs, () => {
    socket.close(GOING_AWAY, 'the form was open for too long')
  })
  socket.on('close', () => {
    cancelLifetime()
    waiting.length = 0
  })
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isOpen()) return
    const refusal = refusalOf(data, isBinary)
    if (refusal) {
      socket.close(...refusal)
      return
    }
    const request = parseRequest(data)
    if (!request) {
      socket.close(BAD_PAYLOAD, 'failed to unmarshal JSON')
      return
    }
    waiting.push(request)
    if (waiting.length >= MAX_WAITING) socket.pause()
    schedule()
  })
  schedule()
}

function refusalOf(data: Buffer, isBinary: boolean): [number, string] | undefined {
  if (data.byteLength > maxDynamicParametersRequestBytes) return [TOO_LARGE, 'read limited at 32769 bytes']
  return isBinary ? [WRONG_FRAME_KIND, 'expected a text message'] : undefined
}

function parseRequest(data: Buffer): DynamicParametersRequest | undefined {
  try {
    return dynamicParametersRequestSchema.safeParse(JSON.parse(data.toString('utf8'))).data
  } catch {
    // No JSON: the socket ends, as for JSON of another shape.
    return undefined
  }
}
