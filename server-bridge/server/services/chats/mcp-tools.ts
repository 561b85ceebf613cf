import type { Tool } from '@modelcontextprotocol/client'
import type { Logger } from '../../../lib/logger.ts'
import type { McpServerRow } from '../mcp/server-secrets.ts'
import { type ChatRow, mcpServerIdsOf } from './chat-rows.ts'
import { callFailure, cannotUse, unusableReason } from './mcp-failures.ts'
import {
  hasToolName,
  intentArguments,
  isToolNameAllowed,
  toToolOutcome,
  withIntent,
} from './mcp-tool-shape.ts'
import {
  type McpServerOfChat,
  openMcpServer,
  type OpenMcpServer,
  type OpenMcpServerDeps,
} from './open-mcp-server.ts'
import type { ToolOffer, ToolOutcome, ToolSource } from './tool-box.ts'
import type { ToolCall } from './turn-decision.ts'

export interface McpToolsDeps extends OpenMcpServerDeps {
  readonly logger: Logger
}

/** Of one call (agents-api 13). */
const CALL_MS = 60_000

const noTool = (name: string): string => `There is no tool named ${JSON.stringify(name)}.`

/** The tools of the MCP servers of a chat. A server that cannot be used costs its tools, never the turn. */
export function createMcpTools(deps: McpToolsDeps): ToolSource {
  return {
    offer: (chat, signal) => offerTools(deps, chat, signal),
    // What a tool takes is known only once its server is asked.
    check(chat, call) {
      const row = serverOf(deps, chat, call)
      if (!row) return undefined
      const error = noTool(call.name)
      if (call.serverId === undefined)
        return {
          ok: false,
          error,
          explain: async (signal) => (await whyUnusable(deps, { chat, row }, signal)) ?? error,
        }
      return isToolNameAllowed(row, call.name) ? { ok: true } : { ok: false, error }
    },
    async run(chat, call, signal) {
      const row = call.serverId === undefined ? undefined : serverOf(deps, chat, call)
      if (!row) return undefined
      const server = await openMcpServer(deps, { chat, row }, signal).catch((error: unknown) => {
        throw cannotUse(row, error)
      })
      try {
        const tool = server.tools.get(call.name)
        if (!tool) return undefined
        const outcome = await callTool(server, tool, { args: call.args, signal })
        return { ...outcome, mcp_server_config_id: row.id }
      } finally {
        await server.connection.close()
      }
    },
  }
}

function rowsOf(chat: ChatRow, all: readonly McpServerRow[]): McpServerRow[] {
  const wanted = new Set(mcpServerIdsOf(chat))
  return all
    .filter((row) => wanted.has(row.id) && row.enabled === 1)
    .filter((row) => chat.plan_mode === '' || row.allow_in_plan_mode === 1)
}

/** The server that has offered the tool of a call; of a call to none that was offered, the one that would have. */
function serverOf(
  { mcp }: McpToolsDeps,
  chat: ChatRow,
  { name, serverId }: ToolCall,
): McpServerRow | undefined {
  const all = mcp.servers.list()
  return rowsOf(chat, all).find(
    (row) => (serverId === undefined || row.id === serverId) && hasToolName(row, name, all),
  )
}

/** Why a server offers nothing; `undefined`: it does. */
async function whyUnusable(
  deps: McpToolsDeps,
  server: McpServerOfChat,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { connection } = await openMcpServer(deps, server, signal)
    await connection.close()
    return undefined
  } catch (error) {
    signal.throwIfAborted()
    return cannotUse(server.row, error).message
  }
}

async function offerTools(deps: McpToolsDeps, chat: ChatRow, signal: AbortSignal): Promise<ToolOffer> {
  const rows = rowsOf(chat, deps.mcp.servers.list())
  const servers = await Promise.allSettled(rows.map((row) => openMcpServer(deps, { chat, row }, signal)))
  const tools = new Map<string, { readonly row: McpServerRow; readonly tool: Tool }>()
  const instructions: string[] = []
  for (const [index, server] of servers.entries()) {
    const row = rows[index]
    if (server.status === 'fulfilled') {
      for (const [name, tool] of server.value.tools) tools.set(name, { row: server.value.row, tool })
      await server.value.connection.close()
    } else if (row) {
      const reason = unusableReason(server.reason)
      deps.logger.info('An MCP server is left out of a step', { chatId: chat.id, server: row.slug, reason })
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
}

async function callTool(
  { row, connection, headers }: OpenMcpServer,
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
