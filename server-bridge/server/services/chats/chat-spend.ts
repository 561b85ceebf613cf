import { type Expression, sql, type SqlBool } from 'kysely'
import type { Database } from '../../db/database.ts'

/** What chats have cost. Messages that were taken back are counted too: they were paid for. */
export interface ChatSpend {
  /** In millionths of a USD, from a moment on. */
  ofUser(userId: string, since: number): number
  ofChat(chatId: string): {
    readonly costMicros: number
    readonly requests: number
    readonly unpriced: number
  }
}

/** Calls to a model are the messages that have used tokens. */
export const isRequest = sql<SqlBool>`chat_messages.usage is not null`
export const isUnpriced = sql<SqlBool>`chat_messages.usage is not null and chat_messages.total_cost_micros is null`
export const costSum = sql<number>`coalesce(sum(chat_messages.total_cost_micros), 0)`
export const countOf = (condition: Expression<SqlBool>) => sql<number>`count(case when ${condition} then 1 end)`

export function createChatSpend(db: Database): ChatSpend {
  return {
    ofUser: (userId, since) =>
      db.first<{ cost: number }>(
        db.sql
          .selectFrom('chat_messages')
          .innerJoin('chats', 'chats.id', 'chat_messages.chat_id')
          .select(costSum.as('cost'))
          .where('chat_messages.created_at', '>=', since)
          // In these words, so that the index of what cost something is used.
          .where(sql<boolean>`chat_messages.total_cost_micros > 0`)
          .where('chats.owner_id', '=', userId),
      )?.cost ?? 0,
    ofChat(chatId) {
      const row = db.first<{ cost: number; requests: number; unpriced: number }>(
        db.sql
          .selectFrom('chat_messages')
          .select([
            costSum.as('cost'),
            countOf(isRequest).as('requests'),
            countOf(isUnpriced).as('unpriced'),
          ])
          .where('chat_id', '=', chatId),
      )
      return { costMicros: row?.cost ?? 0, requests: row?.requests ?? 0, unpriced: row?.unpriced ?? 0 }
    },
  }
}
