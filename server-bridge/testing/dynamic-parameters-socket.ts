import { WebSocket } from 'ws'
import type { CoderClient } from '../client/coder-client.ts'
import {
  dynamicParametersResponseSchema,
  dynamicParametersRoutes,
  type DynamicParametersResponse,
} from '../contract/dynamic-parameters.ts'

export interface DynamicParametersClient {
  readonly socket: WebSocket
  /** The next answer that was not read yet. */
  next(): Promise<DynamicParametersResponse>
  ask(request: object): Promise<DynamicParametersResponse>
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

/** Opens the socket of dynamic parameters; the first answer comes unasked. */
export async function openDynamicParameters(
  client: CoderClient,
  versionId: string,
  userId?: string,
): Promise<DynamicParametersClient> {
  const target = client.socket(dynamicParametersRoutes.connect, {
    params: { templateversion: versionId },
    query: userId === undefined ? {} : { user_id: userId },
  })
  const socket = new WebSocket(target.url, { headers: target.headers })
  const answers: DynamicParametersResponse[] = []
  const readers: ((answer: DynamicParametersResponse) => void)[] = []
  socket.on('message', (data: Buffer) => {
    const answer = dynamicParametersResponseSchema.parse(JSON.parse(data.toString('utf8')))
    const reader = readers.shift()
    if (reader) reader(answer)
    else answers.push(answer)
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const next = (): Promise<DynamicParametersResponse> =>
    new Promise((resolve) => {
      const known = answers.shift()
      if (known) resolve(known)
      else readers.push(resolve)
    })
  return {
    socket,
    next,
    ask(request) {
      socket.send(JSON.stringify(request))
      return next()
    },
    closed,
  }
}
