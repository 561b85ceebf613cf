import type { ChatMessage, ChatMessagePart } from '#bridge/contract/chats-messages'
import type { RpcClient } from '../../api/rpc-client.ts'
import { chatTitle, type ChatRow } from './chat-state.ts'

/** A chat as Markdown: what people and the agent said, and one line for each tool. */
export function chatMarkdown(chat: ChatRow, messages: readonly ChatMessage[]): string {
  const sections: string[] = [`# ${chatTitle(chat)}`]
  let speaker = ''
  for (const { role, content = [] } of messages) {
    const text = content.map(partMarkdown).filter(Boolean).join('\n\n')
    if (text === '' || role === 'system') continue
    const next = role === 'user' ? '## You' : '## Agent'
    if (next !== speaker) sections.push(next)
    speaker = next
    sections.push(text)
  }
  return `${sections.join('\n\n')}\n`
}

function partMarkdown(part: ChatMessagePart): string {
  switch (part.type) {
    case 'text':
      return (part.text ?? '').trim()
    case 'tool-call':
      return `> Tool: ${inline(part.tool_name ?? 'unknown')}`
    case 'file':
      return `> File: ${inline(part.name ?? part.media_type ?? 'file')}`
    case 'file-reference':
      return `> ${inline(`${part.file_name ?? ''}:${part.start_line ?? 0}-${part.end_line ?? 0}`)}\n\n${fenced(part.content ?? '')}`
    case 'source':
      return `> Source: ${inline(part.url ?? '')}`
    default:
      return ''
  }
}

function inline(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll(/\s+/g, ' ')}\``
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}

/** All messages of a chat, oldest first: those before the known ones are read as well. */
export async function allMessages(
  client: RpcClient,
  { deploymentId, chatId }: { readonly deploymentId: string; readonly chatId: string },
  known: { readonly messages: readonly ChatMessage[]; readonly hasMore: boolean },
): Promise<readonly ChatMessage[]> {
  let { messages, hasMore } = known
  while (hasMore) {
    const beforeId = messages[0]?.id
    if (beforeId === undefined) break
    const older = await client.call('chats.older', { deploymentId, chatId, beforeId, limit: 200 })
    messages = [...older.messages, ...messages]
    hasMore = older.hasMore && older.messages.length > 0
  }
  return messages
}
