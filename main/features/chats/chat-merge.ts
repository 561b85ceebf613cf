/** How a watch's event changes what is known of a chat (agents-api 7.2): each kind names what of it is news. */
import type { Chat } from '#bridge/contract/chats'
import type { ChatWatchEvent } from '#bridge/contract/chats-watch'
import { byListOrder } from './chat-order.ts'

/** The row after an event about it. */
export function mergeChat(row: Chat, { kind, chat }: ChatWatchEvent): Chat {
  const isNewer = chat.updated_at >= row.updated_at
  const merged: Chat = isNewer
    ? {
        ...row,
        updated_at: chat.updated_at,
        workspace_id: chat.workspace_id,
        build_id: chat.build_id,
        agent_id: chat.agent_id,
        last_model_config_id: chat.last_model_config_id,
        last_reasoning_effort: chat.last_reasoning_effort,
        queued_for_capacity: chat.queued_for_capacity,
        plan_mode: chat.plan_mode,
        pin_order: chat.pin_order,
        labels: chat.labels,
        mcp_server_ids: chat.mcp_server_ids,
      }
    : row
  switch (kind) {
    case 'status_change':
      return isNewer ? { ...merged, status: chat.status, last_error: chat.last_error } : merged
    case 'action_required':
      return isNewer ? { ...merged, status: chat.status } : merged
    case 'title_change':
      return { ...merged, title: chat.title }
    case 'diff_status_change':
      return { ...merged, diff_status: chat.diff_status }
    case 'summary_change':
      return { ...merged, last_turn_summary: chat.last_turn_summary }
    case 'chat_summary_change':
      return { ...merged, summary: chat.summary }
    case 'context_dirty':
      return { ...merged, context: mergeContext(row.context, chat.context) }
    default:
      return isNewer
        ? { ...merged, last_turn_summary: chat.last_turn_summary ?? row.last_turn_summary }
        : merged
  }
}

/** Of resources only a reading of the chat tells. */
function mergeContext(known: Chat['context'], told: Chat['context']): Chat['context'] {
  if (told === undefined) return known
  return known?.resources === undefined ? told : { ...told, resources: known.resources }
}

/** A reading that began before an event is older than what the event said: then its state stands. */
export function keepNewer(known: Chat | undefined, read: Chat): Chat {
  if (known === undefined || Date.parse(known.updated_at) <= Date.parse(read.updated_at)) return read
  const { status, queued_for_capacity, last_error, last_turn_summary, summary, updated_at } = known
  return { ...read, status, queued_for_capacity, last_error, last_turn_summary, summary, updated_at }
}

/** Whether an event only a new reading of the list can show: a chat that comes or goes, or one not in it. */
export function asksForReading(chats: readonly Chat[], { kind, chat }: ChatWatchEvent): boolean {
  if (kind === 'created' || kind === 'deleted') return true
  return !chats.some((row) => row.id === chat.id || row.children.some((child) => child.id === chat.id))
}

/** The list after an event about one of its chats, in the server's order: pinned ones first, then the latest. */
export function mergeList(chats: readonly Chat[], event: ChatWatchEvent): Chat[] {
  return chats
    .map((row) => {
      if (row.id === event.chat.id) return mergeChat(row, event)
      if (!row.children.some((child) => child.id === event.chat.id)) return row
      return {
        ...row,
        children: row.children.map((child) =>
          child.id === event.chat.id ? mergeChat({ ...child, children: [] }, event) : child,
        ),
      }
    })
    .sort(byListOrder)
}
