import type { CallToolResult } from '@modelcontextprotocol/client'
import type { McpServerRow } from '../mcp/server-secrets.ts'
import type { ToolOutcome } from './tool-box.ts'

const MAX_NAME_CHARS = 64

/** The name a model knows a tool by: `slug__tool`, in what every provider takes as a name (agents-api 13). */
export function mcpToolName(slug: string, tool: string): string {
  return `${slug}__${tool}`.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_NAME_CHARS)
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
