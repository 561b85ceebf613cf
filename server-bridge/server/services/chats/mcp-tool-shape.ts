import type { CallToolResult } from '@modelcontextprotocol/client'
import { mcpToolName } from '../../../contract/mcp-tool-names.ts'
import type { McpServerRow } from '../mcp/server-secrets.ts'
import type { ToolOutcome } from './tool-box.ts'

type NamedServer = Pick<McpServerRow, 'id' | 'slug' | 'created_at'>

/**
 * Whether a tool of this name is this server's and no other's, whichever of them a chat has: by rules people allow it, and
 * those have its name only. Of several that the name could be of, the one with the longest slug has it, and the oldest of
 * those that look the same. New servers are not like that any more.
 */
export function hasToolName(row: NamedServer, name: string, all: readonly NamedServer[]): boolean {
  const prefix = mcpToolName(row.slug, '')
  if (!name.startsWith(prefix)) return false
  return !all.some((other) => {
    const its = mcpToolName(other.slug, '')
    if (other.id === row.id || !name.startsWith(its)) return false
    return its.length > prefix.length || (its.length === prefix.length && isOlder(other, row))
  })
}

function isOlder(a: NamedServer, b: NamedServer): boolean {
  return a.created_at === b.created_at ? a.id < b.id : a.created_at < b.created_at
}

/** By the names as the server has them; what is allowed makes what is denied irrelevant. */
export function isToolAllowed(
  row: Pick<McpServerRow, 'tool_allow_list' | 'tool_deny_list'>,
  name: string,
): boolean {
  const allowed = JSON.parse(row.tool_allow_list) as string[]
  if (allowed.length > 0) return allowed.includes(name)
  return !(JSON.parse(row.tool_deny_list) as string[]).includes(name)
}

/** The same by the name a model knows, before the server is asked for its tools. */
export function isToolNameAllowed(
  row: Pick<McpServerRow, 'slug' | 'tool_allow_list' | 'tool_deny_list'>,
  name: string,
): boolean {
  const isNamed = (tool: string): boolean => mcpToolName(row.slug, tool) === name
  const allowed = JSON.parse(row.tool_allow_list) as string[]
  if (allowed.length > 0) return allowed.some(isNamed)
  return !(JSON.parse(row.tool_deny_list) as string[]).some(isNamed)
}

/** A schema that has the model say what it is about, too. */
export function withIntent(schema: unknown): object {
  return {
    type: 'object',
    properties: {
      model_intent: { type: 'string', description: 'What the call is for, in a few words for the user.' },
      properties: schema,
    },
    required: ['model_intent', 'properties'],
  }
}

/** What was wrapped; a model that did not wrap is understood as well. */
export function intentArguments(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || !('properties' in args)) return args
  return args.properties
}

/** Text as text, structure after it as JSON; what is binary only where there is no text (agents-api 13). */
export function toToolOutcome({ content, structuredContent, isError }: CallToolResult): ToolOutcome {
  const texts = content.flatMap((item) => (item.type === 'text' ? [item.text] : []))
  if (structuredContent !== undefined) texts.push(JSON.stringify(structuredContent))
  const text = texts.join('\n')
  if (isError === true) return { result: { error: text || 'The tool failed.' }, is_error: true }
  const binary = content.find((item) => item.type === 'image' || item.type === 'audio')
  if (text === '' && binary)
    return { result: { output: `[${binary.mimeType}, ${binary.data.length} characters]` } }
  return { result: { output: text } }
}
