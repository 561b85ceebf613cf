import { constants, type ClientHttp2Stream } from 'node:http2'
import { z } from 'zod'
import type { AgentToolRoute } from '../../contract/agent-tools.ts'
import type { Clock } from '../../lib/clock.ts'
import { toError } from '../../lib/to-error.ts'
import type { AgentLinks } from './agent-links.ts'

/** The agent says in words for the model why it did not do something. */
export class AgentToolError extends Error {
  override readonly name = 'AgentToolError'
}

/** Calls one tool of an agent. */
export type CallAgentTool = <R extends AgentToolRoute>(
  agentId: string,
  call: {
    readonly route: R
    readonly body: z.input<R['body']>
    readonly signal: AbortSignal
    readonly waitMs?: number
  },
) => Promise<z.output<R['answer']>>

const refusalSchema = z.object({ message: z.string().optional() })

/** Beyond what a call itself may wait for. */
const ANSWER_TIMEOUT_MS = 30_000
/** Files and outputs are bounded by the agent; edits of many files come back with their diffs. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** @returns a caller that throws {AgentToolError} for refusals, and an error where the agent is lost. */
export function createAgentToolCalls(links: Pick<AgentLinks, 'request'>, clock: Clock): CallAgentTool {
  return async (agentId, { route, body, signal, waitMs = 0 }) => {
    signal.throwIfAborted()
    const stream = links.request(agentId, route.method, route.path)
    let stop = (_reason: Error): void => undefined
    // The end of a stream is told to the agent first: over a link that stands still, nobody would ever hear of it.
    const stopped = new Promise<never>((_, reject) => {
      stop = (reason) => {
        stream.close(constants.NGHTTP2_CANCEL)
        reject(reason)
      }
    })
    const onAbort = (): void => stop(toError(signal.reason))
    const cancel = clock.after(ANSWER_TIMEOUT_MS + waitMs, () =>
      stop(new Error('The workspace did not answer in time.')),
    )
    signal.addEventListener('abort', onAbort)
    try {
      // Bytes, as in the agent's outbox: the link is no socket of the system.
      stream.end(Buffer.from(JSON.stringify(body)))
      const { status, text } = await Promise.race([readAnswer(stream), stopped])
      const answer: unknown = JSON.parse(text)
      if (status === 200) return route.answer.parse(answer) as never
      const { message } = refusalSchema.parse(answer)
      throw new AgentToolError(message ?? `The agent answered ${status}.`)
    } finally {
      cancel()
      signal.removeEventListener('abort', onAbort)
    }
  }
}

function readAnswer(stream: ClientHttp2Stream): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let status = 0
    stream.once('response', (headers) => (status = Number(headers[constants.HTTP2_HEADER_STATUS])))
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk)
      else stream.close(constants.NGHTTP2_CANCEL)
    })
    stream.once('end', () => {
      if (status !== 0) resolve({ status, text: Buffer.concat(chunks).toString('utf8') })
    })
    stream.on('error', reject)
    stream.once('close', () => reject(new Error('The workspace was lost before its answer.')))
  })
}
