import type { AssistantContent, JSONValue, ModelMessage, ToolContent, UserContent } from 'ai'
import type { ReadModelFile } from './chat-files.ts'
import type { StoredMessage, StoredPart } from './stored-parts.ts'

/** The history as a model is told it: instructions first, nothing empty, results after their calls. */
export function toModelMessages(
  history: readonly StoredMessage[],
  more: readonly string[],
  readFile: ReadModelFile,
): ModelMessage[] {
  const instructions = history
    .filter(({ role }) => role === 'system')
    .flatMap(({ parts }) => parts.map(textOf))
  const messages = history.flatMap((message): ModelMessage[] => {
    if (message.role === 'user') {
      const content = message.parts.map((part) => toUserContent(part, readFile))
      return content.length === 0 ? [] : [{ role: 'user', content }]
    }
    if (message.role === 'assistant') {
      const content = message.parts.flatMap(toAssistantContent)
      return content.length === 0 ? [] : [{ role: 'assistant', content }]
    }
    if (message.role !== 'tool') return []
    const content = message.parts.flatMap(toToolContent)
    return content.length === 0 ? [] : [{ role: 'tool', content }]
  })
  const system = [...instructions, ...more].filter((text) => text !== '').join('\n\n')
  // Anthropic keeps what comes before such a mark; the others pass it over.
  const last = messages.at(-1)
  if (last) last.providerOptions = { anthropic: { cacheControl: { type: 'ephemeral' } } }
  return system === '' ? messages : [{ role: 'system', content: system }, ...messages]
}

type UserPart = Exclude<UserContent, string>[number]

function toUserContent(part: StoredPart, readFile: ReadModelFile): UserPart {
  if (part.type !== 'file') return { type: 'text', text: textOf(part) }
  const file = readFile(part)
  if (file.kind === 'text') return { type: 'text', text: file.text }
  return { type: 'file', data: file.bytes, mediaType: file.mediaType, filename: file.name }
}

function textOf(part: StoredPart): string {
  if (part.type === 'text') return part.text
  if (part.type !== 'file-reference') return ''
  const lines = `${part.start_line}-${part.end_line}`
  return `<file-reference file=${JSON.stringify(part.file_name)} lines="${lines}">\n${part.content}\n</file-reference>`
}

type AssistantPart = Exclude<AssistantContent, string>[number]

function toAssistantContent(part: StoredPart): AssistantPart[] {
  const providerOptions = 'provider_metadata' in part ? part.provider_metadata : undefined
  const common = providerOptions === undefined ? {} : { providerOptions: providerOptions as never }
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text, ...common }]
    case 'reasoning':
      return [{ type: 'reasoning', text: part.text, ...common }]
    case 'tool-call':
      return [
        {
          type: 'tool-call',
          toolCallId: part.tool_call_id,
          toolName: part.tool_name,
          // Providers take objects only.
          input: part.invalid === true ? { invalid_arguments: part.args } : part.args,
          ...common,
        },
      ]
    default:
      return []
  }
}

function toToolContent(part: StoredPart): ToolContent {
  if (part.type !== 'tool-result') return []
  const value = (part.result ?? null) as JSONValue
  return [
    {
      type: 'tool-result',
      toolCallId: part.tool_call_id,
      toolName: part.tool_name,
      output: part.is_error === true ? { type: 'error-json', value } : { type: 'json', value },
    },
  ]
}
