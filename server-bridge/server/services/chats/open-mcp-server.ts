import type { Client, Tool } from '@modelcontextprotocol/client'
import { mcpToolName } from '../../../contract/mcp-tool-names.ts'
import type { Clock } from '../../../lib/clock.ts'
import { firstAbort } from '../../../lib/first-abort.ts'
import type { Mcp } from '../mcp/mcp.ts'
import type { McpServerRow } from '../mcp/server-secrets.ts'
import type { ChatRow } from './chat-rows.ts'
import { connectMcp, type McpConnection } from './mcp-connection.ts'
import { connectFailure, McpUnusableError } from './mcp-failures.ts'
import { hasToolName, isToolAllowed, isToolNameAllowed } from './mcp-tool-shape.ts'

export interface OpenMcpServer {
  readonly row: McpServerRow
  readonly connection: McpConnection
  /** Secret. */
  readonly headers: Readonly<Record<string, string>>
  /** Those that may be used, by the name the model knows. */
  readonly tools: ReadonlyMap<string, Tool>
}

export interface OpenMcpServerDeps {
  readonly mcp: Pick<Mcp, 'servers' | 'requestHeaders'>
  readonly clock: Clock
}

export interface McpServerOfChat {
  readonly chat: ChatRow
  readonly row: McpServerRow
}

/** To connect, initialise and list together (agents-api 13). */
const CONNECT_MS = 10_000

/**
 * Connects to a server for the owner of a chat, and asks it for its tools, within the limit; what is late is closed when it
 * comes. Throws what `unusableReason` can tell of.
 */
export async function openMcpServer(
  deps: OpenMcpServerDeps,
  server: McpServerOfChat,
  signal: AbortSignal,
): Promise<OpenMcpServer> {
  const late = new AbortController()
  const cancel = deps.clock.after(CONNECT_MS, () =>
    late.abort(new McpUnusableError('It did not answer in time.')),
  )
  const stop = firstAbort([signal, late.signal])
  const opening = open(deps, server, stop.signal)
  try {
    return await Promise.race([opening, stop.aborted])
  } catch (error) {
    opening.then(
      ({ connection }) => connection.close(),
      () => undefined, // It failed: there is nothing to close.
    )
    // The library has its own error for it.
    throw late.signal.aborted ? late.signal.reason : error
  } finally {
    stop.end()
    cancel()
  }
}

async function open(
  { mcp, clock }: OpenMcpServerDeps,
  { chat, row }: McpServerOfChat,
  signal: AbortSignal,
): Promise<OpenMcpServer> {
  const all = mcp.servers.list()
  // Not one of its tools would be its own.
  if (!hasToolName(row, mcpToolName(row.slug, ''), all))
    throw new McpUnusableError(
      'Its tools are called like those of another server. An administrator has to give it another slug.',
    )
  const given = await mcp.requestHeaders(row, {
    ownerId: chat.owner_id,
    chatId: chat.id,
    ...(chat.parent_chat_id === null ? {} : { parentChatId: chat.parent_chat_id }),
    workspaceId: chat.workspace_id ?? undefined,
  })
  if (!given.ok) throw new McpUnusableError(given.reason)
  const { headers } = given
  const connection = connectMcp({ url: row.url, transport: row.transport, headers, signal, clock })
  try {
    const client = await connection.client()
    const tools = new Map<string, Tool>()
    for (const tool of await listTools(client, signal)) {
      const name = mcpToolName(row.slug, tool.name)
      const isAllowed = isToolAllowed(row, tool.name) && isToolNameAllowed(row, name)
      if (isAllowed && hasToolName(row, name, all) && !tools.has(name)) tools.set(name, tool)
    }
    return { row, connection, headers, tools }
  } catch (error) {
    await connection.close()
    throw await connectFailure(error)
  }
}

const MAX_PAGES = 50
const MAX_TOOLS = 500

async function listTools(client: Client, signal: AbortSignal): Promise<Tool[]> {
  if (client.getServerCapabilities()?.tools === undefined) return []
  const tools: Tool[] = []
  let cursor: string | undefined = ''
  for (let page = 0; page < MAX_PAGES && cursor !== undefined && tools.length < MAX_TOOLS; page += 1) {
    const answer: Awaited<ReturnType<Client['listTools']>> = await client.listTools({ cursor }, { signal })
    tools.push(...answer.tools)
    cursor = answer.nextCursor
  }
  return tools.slice(0, MAX_TOOLS)
}
