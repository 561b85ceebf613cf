import { type Expression, type Insertable, sql, type SqlBool } from 'kysely'
import type { ChatMessageUsage } from '../../../contract/chats-messages.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import type { ChatCostsTable } from '../../db/tables/chat-costs.ts'
import { type ChatRow, type MessageRow, rootIdOf } from './chat-rows.ts'

/** What chats have cost. Messages that were taken back, and chats that were removed, are counted too: they were paid for. */
export interface ChatSpend {
  /** In millionths of a USD, from a moment on. */
  ofUser(userId: string, since: number): number
  /** With its sub-agents. */
  ofChat(chatId: string): {
    readonly costMicros: number
    readonly requests: number
    readonly unpriced: number
  }
}

export const isRequest = sql<SqlBool>`chat_costs.is_request = 1`
export const isUnpriced = sql<SqlBool>`chat_costs.is_request = 1 and chat_costs.cost_micros is null`
export const costSum = sql<number>`coalesce(sum(chat_costs.cost_micros), 0)`
export const countOf = (condition: Expression<SqlBool>) =>
  sql<number>`count(case when ${condition} then 1 end)`

export function createChatSpend(db: Database): ChatSpend {
  return {
    ofUser: (userId, since) =>
      db.first<{ cost: number }>(
        db.sql
          .selectFrom('chat_costs')
          .select(costSum.as('cost'))
          .where('user_id', '=', userId)
          .where('created_at', '>=', since),
      )?.cost ?? 0,
    ofChat(chatId) {
      const row = db.first<{ cost: number; requests: number; unpriced: number }>(
        db.sql
          .selectFrom('chat_costs')
          .select([costSum.as('cost'), countOf(isRequest).as('requests'), countOf(isUnpriced).as('unpriced')])
          .where((where) => where.or([where('chat_id', '=', chatId), where('root_chat_id', '=', chatId)])),
      )
      return { costMicros: row?.cost ?? 0, requests: row?.requests ?? 0, unpriced: row?.unpriced ?? 0 }
    },
  }
}

/** Keeps what a message of a chat used where it will outlive both. */
export function createSpendKeeper(db: Database) {
  const insert = keptQuery((row: Insertable<ChatCostsTable>) => db.sql.insertInto('chat_costs').values(row))
  return (
    chat: Pick<ChatRow, 'id' | 'owner_id' | 'parent_chat_id'>,
    message: Omit<MessageRow, 'id'>,
    usage: ChatMessageUsage | undefined,
  ): void => {
    const { total_cost_micros: cost, runtime_ms: runtimeMs } = message
    if (usage === undefined && cost === null && runtimeMs === 0) return
    const row = {
      user_id: chat.owner_id,
      chat_id: chat.id,
      root_chat_id: rootIdOf(chat),
      model_config_id: message.model_config_id,
      is_request: Number(usage !== undefined),
      input_tokens: usage?.input_tokens ?? 0,
      output_tokens: usage?.output_tokens ?? 0,
      cache_read_tokens: usage?.cache_read_tokens ?? 0,
      cache_creation_tokens: usage?.cache_creation_tokens ?? 0,
      cost_micros: cost,
      runtime_ms: runtimeMs,
      created_at: message.created_at,
    }
    db.run(insert(row))
  }
}
