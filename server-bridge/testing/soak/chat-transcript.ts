/** A chat's whole history by REST, and what of it has to be the same whenever the same was said. */
import { isDeepStrictEqual } from 'node:util'
import type { CoderClient } from '../../client/coder-client.ts'
import {
  chatMessagesRoutes,
  type ChatMessage,
  type ChatMessagePart,
  type ChatQueuedMessage,
} from '../../contract/chats-messages.ts'
import { isBeginning, promptOf } from './chat-script.ts'

export interface WholeChat {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[]
  readonly queue: readonly ChatQueuedMessage[]
}

export async function readChat(client: CoderClient, chatId: string): Promise<WholeChat> {
  const params = { chat: chatId }
  const newest = await client.call(chatMessagesRoutes.list, { params, query: { limit: 200 } })
  const messages = [...newest.messages]
  for (let hasMore = newest.has_more; hasMore;) {
    const before_id = messages.at(-1)?.id
    const page = await client.call(chatMessagesRoutes.list, { params, query: { limit: 200, before_id } })
    messages.push(...page.messages)
    hasMore = page.has_more
  }
  return { messages: messages.toReversed(), queue: newest.queued_messages }
}

export const textOf = ({ content }: Pick<ChatMessage, 'content'>): string =>
  (content ?? []).map(({ text = '' }) => text).join('')

/**
 * Roles and parts with their texts, calls and results. Ids, times and what a command's run took differ each time. How
 * far an answer came that was interrupted differs too, so it only has to be the beginning of one.
 */
export function normalForm(messages: readonly ChatMessage[]): readonly string[] {
  let isHeld = false
  const lines: string[] = []
  for (const message of messages) {
    const { role, content } = message
    if (role === 'user') isHeld = promptOf(textOf(message))?.isHeld ?? false
    if (role === 'assistant' && isHeld) {
      const isFine = (content ?? []).every(({ text = '' }) => isBeginning(text))
      if (!isFine) lines.push(`a broken beginning: ${textOf(message)}`)
      continue
    }
    lines.push(`${role}: ${JSON.stringify((content ?? []).map(normalPart))}`)
  }
  return lines
}

function normalPart({ type, text, tool_name, args, result, is_error }: ChatMessagePart): object {
  return { type, text, tool_name, args, is_error, result: lasting(result) }
}

/** Of what ran: not its process, and not how long it took. */
function lasting(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result
  const changing = new Set(['wall_duration_ms'])
  return Object.fromEntries(Object.entries(result).filter(([name]) => !changing.has(name)))
}

/** @throws with the first lines that differ */
export function expectSame(what: string, found: readonly string[], wanted: readonly string[]): void {
  if (isDeepStrictEqual(found, wanted)) return
  const at = wanted.findIndex((line, index) => line !== found[index])
  const from = at === -1 ? wanted.length : at
  const around = (lines: readonly string[]): string =>
    lines.slice(Math.max(0, from - 1), from + 3).join('\n  ')
  throw new Error(
    `${what}, from line ${from} of ${wanted.length}:\n  ${around(found)}\ninstead of:\n  ${around(wanted)}`,
  )
}
