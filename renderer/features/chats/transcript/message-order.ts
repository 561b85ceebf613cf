import type { ChatMessage } from '#bridge/contract/chats-messages'

/** Both together by id, the oldest first; of two with one id the one that came later stays. */
export function mergeMessages(
  before: readonly ChatMessage[],
  added: readonly ChatMessage[],
): readonly ChatMessage[] {
  if (added.length === 0) return before
  const sorted = isAscending(added) ? added : sortById(added)
  const last = before.at(-1)
  if (last === undefined) return sorted
  const first = sorted[0]
  if (first !== undefined && first.id > last.id) return [...before, ...sorted]
  const only = sorted.length === 1 ? sorted[0] : undefined
  if (only !== undefined) return putOne(before, only)
  const byId = new Map(before.map((message) => [message.id, message]))
  for (const message of sorted) byId.set(message.id, message)
  return sortById([...byId.values()])
}

function putOne(before: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  const index = before.findLastIndex(({ id }) => id <= message.id)
  return before[index]?.id === message.id
    ? before.with(index, message)
    : before.toSpliced(index + 1, 0, message)
}

function isAscending(messages: readonly ChatMessage[]): boolean {
  return messages.every(({ id }, index) => index === 0 || (messages[index - 1]?.id ?? 0) < id)
}

/** By id, one of each: the later one. */
function sortById(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return [...new Map(messages.map((message) => [message.id, message])).values()].sort((a, b) => a.id - b.id)
}
