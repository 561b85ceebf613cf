import type { Chat } from '../../../contract/chats.ts'
import type { ChatMessage, ChatMessageUsage, ChatQueuedMessage } from '../../../contract/chats-messages.ts'
import type { Database } from '../../db/database.ts'
import { indexBy } from '../group-by.ts'
import { toWireTime } from '../wire-time.ts'
import {
  type ChatRow,
  errorOf,
  labelsOf,
  mcpServerIdsOf,
  type MessageRow,
  partsOf,
  type QueuedRow,
  rootIdOf,
} from './chat-rows.ts'
import { shownChildren } from './chat-children.ts'
import type { ChatShares } from './chat-shares.ts'
import { diffStatusesOf } from './diff-status.ts'
import { toWirePart } from './stored-parts.ts'

export interface ChatView {
  /** Chats as readers get them. `unread`: ids of those with something new, for rows of a list. */
  toWire(rows: readonly ChatRow[], unread?: ReadonlySet<string>): Chat[]
  /** Roots with their sub-agents. */
  toWireTrees(rows: readonly ChatRow[], unread?: ReadonlySet<string>): Chat[]
}

export function createChatView(db: Database, shares: Pick<ChatShares, 'sharedAmong'>): ChatView {
  const view: ChatView = {
    toWireTrees(rows, unread) {
      const children = shownChildren(db, rows)
      return view.toWire(rows, unread).map((chat) => {
        const own = children.get(chat.id) ?? []
        const news = own.filter((child) => unread && child.is_unread === 1).map(({ id }) => id)
        return { ...chat, children: view.toWire(own, new Set(news)) }
      })
    },
    toWire(rows, unread) {
      if (rows.length === 0) return []
      const owners = indexBy(
        db.all(
          db.sql
            .selectFrom('users')
            .select(['id', 'username', 'name'])
            .where('id', 'in', [...new Set(rows.map((row) => row.owner_id))]),
        ),
        (row) => row.id,
      )
      const diffs = diffStatusesOf(
        db,
        rows.map((row) => row.id),
      )
      const shared = shares.sharedAmong(rows.map(rootIdOf))
      return rows.map((row) => {
        const diff = diffs.get(row.id)
        const owner = owners.get(row.owner_id)
        const error = errorOf(row)
        return {
          id: row.id,
          organization_id: row.organization_id,
          owner_id: row.owner_id,
          ...(owner ? { owner_username: owner.username, owner_name: owner.name } : {}),
          ...(row.workspace_id === null ? {} : { workspace_id: row.workspace_id }),
          ...(row.parent_chat_id === null ? {} : { parent_chat_id: row.parent_chat_id }),
          root_chat_id: rootIdOf(row),
          last_model_config_id: row.last_model_config_id,
          title: row.title,
          status: row.status,
          ...(row.plan_mode === '' ? {} : { plan_mode: row.plan_mode }),
          ...(error ? { last_error: error } : {}),
          last_turn_summary: row.last_turn_summary,
          ...(diff ? { diff_status: diff } : {}),
          created_at: toWireTime(row.created_at),
          updated_at: toWireTime(row.updated_at),
          archived: row.archived === 1,
          shared: shared.has(rootIdOf(row)),
          pin_order: row.pin_order,
          mcp_server_ids: mcpServerIdsOf(row),
          labels: labelsOf(row),
          has_unread: unread?.has(row.id) ?? false,
          client_type: row.client_type,
          children: [],
        }
      })
    },
  }
  return view
}

export function toWireMessage(row: MessageRow): ChatMessage {
  return {
    id: row.id,
    chat_id: row.chat_id,
    ...(row.created_by === null ? {} : { created_by: row.created_by }),
    ...(row.model_config_id === null ? {} : { model_config_id: row.model_config_id }),
    created_at: toWireTime(row.created_at),
    role: row.role,
    content: partsOf(row).map(toWirePart),
    ...(row.usage === null ? {} : { usage: JSON.parse(row.usage) as ChatMessageUsage }),
  }
}

export function toWireQueued(row: QueuedRow): ChatQueuedMessage {
  return {
    id: row.id,
    chat_id: row.chat_id,
    ...(row.model_config_id === null ? {} : { model_config_id: row.model_config_id }),
    content: partsOf(row).map(toWirePart),
    created_at: toWireTime(row.created_at),
  }
}
