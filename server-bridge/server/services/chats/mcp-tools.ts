import type { Client, Tool } from '@modelcontextprotocol/client'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { toError } from '../../../lib/to-error.ts'
import type { Mcp } from '../mcp/mcp.ts'
import type { McpServerRow } from '../mcp/server-secrets.ts'
import { type ChatRow, mcpServerIdsOf } from './chat-rows.ts'
import { connectMcp, type McpConnection } from './mcp-connection.ts'
import { intentArguments, isToolAllowed, mcpToolName, toToolOutcome, withIntent } from './mcp-tool-shape.ts'
import type { ToolSource } from './tool-box.ts'

export interface McpToolsDeps {
  readonly mcp: Pick<Mcp, 'servers' | 'requestHeaders'>
  readonly clock: Clock
  readonly logger: Logger
}

/** Connect, initialise and list together, and one call (agents-api 13). */
const CONNECT_MS = 10_000
const CALL_MS = 60_000

interface OpenServer {
  readonly row: McpServerRow
  readonly connection: McpConnection
  /** By the name the model knows. */
  readonly tools: ReadonlyMap<string, Tool>
}

/** The tools of the MCP servers of a chat. A server that cannot be used costs its tools, never the turn. */
export function createMcpTools({ mcp, clock, logger }: McpToolsDeps): ToolSource {
  const rowsOf = (chat: ChatRow): McpServerRow[] => {
    const wanted = new Set(mcpServerIdsOf(chat))
    return mcp.servers
      .list()
      .filter((row) => wanted.has(row.id) && row.enabled === 1)
      .filter((row) => chat.plan_mode === '' || row.allow_in_plan_mode === 1)
  }

  const serversOf = (chat: ChatRow, toolName: string): McpServerRow[] =>
    rowsOf(chat).filter((row) => toolName.startsWith(mcpToolName(row.slug, '')))

  const open = async (chat: ChatRow, row: McpServerRow, signal: AbortSignal): Promise<OpenServer> => {
    const headers = await mcp.requestHeaders(row, {
      ownerId: chat.owner_id,
      chatId: chat.id,
      ...(chat.parent_chat_id === null ? {} : { parentChatId: chat.parent_chat_id }),
      workspaceId: chat.workspace_id ?? undefined,
    })
    if (!headers.ok) throw new McpUnusableError(headers.reason)
    const connection = connectMcp({
      url: row.url,
      transport: row.transport,
      headers: headers.headers,
      signal,
      clock,
    })
    try {
      const client = await connection.client()
      const tools = new Map<string, Tool>()
      for (const tool of await listTools(client, signal)) {
        const name = mcpToolName(row.slug, tool.name)
        if (isToolAllowed(row, tool.name) && !tools.has(name)) tools.set(name, tool)
      }
      return { row, connection, tools }
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  /** Opens within the limit; what is late is closed when it comes. */
  const openInTime = async (chat: ChatRow, row: McpServerRow, signal: AbortSignal): Promise<OpenServer> => {
    const late = new AbortController()
    const cancel = clock.after(CONNECT_MS, () => late.abort(new Error('It did not answer in time.')))
    try {
      return await open(chat, row, AbortSignal.any([signal, late.signal]))
    } finally {
      cancel()
    }
  }

  return {
    async offer(chat, signal) {
      const rows = rowsOf(chat)
      const servers = await Promise.allSettled(rows.map((row) => openInTime(chat, row, signal)))
      const tools = new Map<string, { readonly row: McpServerRow; readonly tool: Tool }>()
      const instructions: string[] = []
      for (const [index, server] of servers.entries()) {
        const row = rows[index]
        if (server.status === 'fulfilled') {
          for (const [name, tool] of server.value.tools)
            if (!tools.has(name)) tools.set(name, { row: server.value.row, tool })
          await server.value.connection.close()
        } else if (row) {
          const reason = unusableReason(server.reason)
          logger.info('An MCP server is left out of a step', { chatId: chat.id, server: row.slug, reason })
          instructions.push(
            `The tools of the MCP server ${JSON.stringify(row.display_name)} cannot be used now: ${reason} Tell the user when it matters.`,
          )
        }
      }
      return {
        tools: [...tools].map(([name, { row, tool }]) => ({
          name,
          description: tool.description ?? '',
          inputSchema: row.model_intent === 1 ? withIntent(tool.inputSchema) : tool.inputSchema,
        })),
        instructions,
        serverOf: (name) => tools.get(name)?.row.id,
      }
    },
    // Which tools a server has, and what they take, is known only once it is asked.
    check: (chat, call) => (serversOf(chat, call.name).length > 0 ? { ok: true } : undefined),
    async run(chat, call, signal) {
      const rows = serversOf(chat, call.name)
      for (const row of rows) {
        const { connection, tools } = await openInTime(chat, row, signal)
        try {
          const tool = tools.get(call.name)
          if (!tool) continue
          const args = row.model_intent === 1 ? intentArguments(call.args) : call.args
          const client = await connection.client()
          const answer = await client.callTool(
            { name: tool.name, arguments: args as Record<string, unknown> },
            { signal, timeout: CALL_MS, maxTotalTimeout: CALL_MS },
          )
          return { ...toToolOutcome(answer), mcp_server_config_id: row.id }
        } finally {
          await connection.close()
        }
      }
      return undefined
    },
  }
}

/** Said to people as it is. */
class McpUnusableError extends Error {
  override readonly name = 'McpUnusableError'
}

/** What a server itself sends stays out of it: it may hold what was sent to the server. */
function unusableReason(thrown: unknown): string {
  return thrown instanceof McpUnusableError
    ? thrown.message
    : `${toError(thrown).name}: it could not be connected.`
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
