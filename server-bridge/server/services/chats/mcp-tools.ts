import type { Client, Tool } from '@modelcontextprotocol/client'
import { mcpToolName } from '../../../contract/mcp-tool-names.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { Mcp } from '../mcp/mcp.ts'
import type { McpServerRow } from '../mcp/server-secrets.ts'
import { type ChatRow, mcpServerIdsOf } from './chat-rows.ts'
import { connectMcp, type McpConnection } from './mcp-connection.ts'
import { callFailure, cannotUse, McpUnusableError, unusableReason } from './mcp-failures.ts'
import {
  hasToolName,
  intentArguments,
  isToolAllowed,
  isToolNameAllowed,
  toToolOutcome,
  withIntent,
} from './mcp-tool-shape.ts'
import type { ToolOutcome, ToolSource } from './tool-box.ts'
import type { ToolCall } from './turn-decision.ts'

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
  /** Secret. */
  readonly headers: Readonly<Record<string, string>>
  /** By the name the model knows. */
  readonly tools: ReadonlyMap<string, Tool>
}

const noTool = (name: string): string => `There is no tool named ${JSON.stringify(name)}.`

/** The tools of the MCP servers of a chat. A server that cannot be used costs its tools, never the turn. */
export function createMcpTools(deps: McpToolsDeps): ToolSource {
  const { mcp, clock, logger } = deps
  const rowsOf = (chat: ChatRow, all: readonly McpServerRow[] = mcp.servers.list()): McpServerRow[] => {
    const wanted = new Set(mcpServerIdsOf(chat))
    return all
      .filter((row) => wanted.has(row.id) && row.enabled === 1)
      .filter((row) => chat.plan_mode === '' || row.allow_in_plan_mode === 1)
  }
  /** The server that has offered the tool of a call; of a call to none that was offered, the one that would have. */
  const serverOf = (chat: ChatRow, { name, serverId }: ToolCall): McpServerRow | undefined => {
    const all = mcp.servers.list()
    return rowsOf(chat, all).find(
      (row) => (serverId === undefined || row.id === serverId) && hasToolName(row, name, all),
    )
  }

  /** Opens within the limit; what is late is closed when it comes. */
  const openInTime = async (chat: ChatRow, row: McpServerRow, signal: AbortSignal): Promise<OpenServer> => {
    const late = new AbortController()
    const cancel = clock.after(CONNECT_MS, () =>
      late.abort(new McpUnusableError('It did not answer in time.')),
    )
    try {
      return await open(deps, { chat, row }, AbortSignal.any([signal, late.signal]))
    } catch (error) {
      // The library has its own error for it.
      throw late.signal.aborted ? late.signal.reason : error
    } finally {
      cancel()
    }
  }
  /** Why a server has not offered a tool that a model calls. */
  const whyNone = async (chat: ChatRow, call: { row: McpServerRow; name: string }, signal: AbortSignal) => {
    try {
      const { connection } = await openInTime(chat, call.row, signal)
      await connection.close()
      return noTool(call.name)
    } catch (error) {
      signal.throwIfAborted()
      return cannotUse(call.row, error).message
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
          for (const [name, tool] of server.value.tools) tools.set(name, { row: server.value.row, tool })
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
    // What a tool takes is known only once its server is asked.
    check(chat, call) {
      const row = serverOf(chat, call)
      if (!row) return undefined
      const { name } = call
      if (call.serverId === undefined)
        return { ok: false, error: noTool(name), explain: (signal) => whyNone(chat, { row, name }, signal) }
      return isToolNameAllowed(row, name) ? { ok: true } : { ok: false, error: noTool(name) }
    },
    async run(chat, call, signal) {
      const row = call.serverId === undefined ? undefined : serverOf(chat, call)
      if (!row) return undefined
      const server = await openInTime(chat, row, signal).catch((error: unknown) => {
        throw cannotUse(row, error)
      })
      try {
        const tool = server.tools.get(call.name)
        return (
          tool && {
            ...(await callTool(server, tool, { args: call.args, signal })),
            mcp_server_config_id: row.id,
          }
        )
      } finally {
        await server.connection.close()
      }
    },
  }
}

/** Connects to a server and asks it for its tools. */
async function open(
  { mcp, clock }: McpToolsDeps,
  { chat, row }: { readonly chat: ChatRow; readonly row: McpServerRow },
  signal: AbortSignal,
): Promise<OpenServer> {
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
    throw error
  }
}

async function callTool(
  { row, connection, headers }: OpenServer,
  tool: Tool,
  { args, signal }: { readonly args: unknown; readonly signal: AbortSignal },
): Promise<ToolOutcome> {
  const client = await connection.client()
  const given = row.model_intent === 1 ? intentArguments(args) : args
  try {
    const answer = await client.callTool(
      { name: tool.name, arguments: given as Record<string, unknown> },
      { signal, timeout: CALL_MS, maxTotalTimeout: CALL_MS },
    )
    return toToolOutcome(answer)
  } catch (error) {
    throw await callFailure(row, headers, error)
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
