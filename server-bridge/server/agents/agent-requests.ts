import { constants, type ClientHttp2Stream } from 'node:http2'
import type { z } from 'zod'
import { agentPortsSchema, agentRoutes, agentTerminalsSchema } from '../../contract/agent-link.ts'
import type { Clock } from '../../lib/clock.ts'
import type { AgentLinks } from './agent-links.ts'

/** Coder waits this long for an agent's list of ports. */
const ANSWER_TIMEOUT_MS = 30_000
/** A list of ours is some KiB. */
const MAX_ANSWER_BYTES = 1024 * 1024

type Ports = z.output<typeof agentPortsSchema>['ports']
type Terminals = z.output<typeof agentTerminalsSchema>['terminals']

/** Questions to a running agent. */
export interface AgentRequests {
  /** @throws {AgentUnreachableError} as all of them, and an error when the agent answers nonsense or not in time. */
  listPorts(agentId: string): Promise<Ports>
  listTerminals(agentId: string): Promise<Terminals>
  /** Answers whether there was such a terminal. */
  endTerminal(agentId: string, terminalId: string): Promise<boolean>
  /** A connection to a port of the agent's machine. @throws {DialError} when nobody listens there. */
  dial(agentId: string, port: number): Promise<ClientHttp2Stream>
}

/** The agent is there, but not the program behind it. */
export class DialError extends Error {
  override readonly name = 'DialError'
}

export function createAgentRequests(links: AgentLinks, clock: Clock): AgentRequests {
  const read = async <T extends z.ZodType>(stream: ClientHttp2Stream, schema: T): Promise<z.output<T>> =>
    schema.parse(JSON.parse(await readText(stream)))

  const ask = async <T>(
    agentId: string,
    route: { readonly method: string; readonly path: string },
    take: (stream: ClientHttp2Stream, status: number) => T | Promise<T>,
  ): Promise<T> => {
    const stream = links.request(agentId, route.method, route.path)
    const cancel = clock.after(ANSWER_TIMEOUT_MS, () => stream.close(constants.NGHTTP2_CANCEL))
    try {
      stream.end()
      return await take(stream, await waitForStatus(stream))
    } finally {
      cancel()
      stream.resume()
    }
  }

  return {
    listPorts: (agentId) =>
      ask(agentId, agentRoutes.ports, async (stream) => (await read(stream, agentPortsSchema)).ports),
    listTerminals: (agentId) =>
      ask(
        agentId,
        agentRoutes.terminals,
        async (stream) => (await read(stream, agentTerminalsSchema)).terminals,
      ),
    endTerminal: (agentId, terminalId) => {
      const { method, path } = agentRoutes.endTerminal
      const search = new URLSearchParams({ id: terminalId })
      return ask(agentId, { method, path: `${path}?${search.toString()}` }, (_, status) => status === 204)
    },
    async dial(agentId, port) {
      const { method, path } = agentRoutes.dial
      const stream = links.request(agentId, method, `${path}?port=${port}`)
      const status = await waitForStatus(stream)
      if (status === 200) return stream
      const reason = await readText(stream)
      throw new DialError(`Port ${port} of the workspace answered: ${reason}`)
    },
  }
}

function waitForStatus(stream: ClientHttp2Stream): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.once('response', (headers) => resolve(Number(headers[constants.HTTP2_HEADER_STATUS])))
    stream.on('error', reject)
    stream.once('close', () => reject(new Error('The agent was lost before its answer.')))
  })
}

async function readText(stream: ClientHttp2Stream): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error('The agent answers more than it could mean.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
