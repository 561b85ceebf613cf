import { z } from 'zod'
import {
  type PersonalOverrideContext,
  type PersonalOverrideMode,
  personalOverrideModes,
} from '../../../contract/chats-config.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'

export interface PersonalOverride {
  readonly mode: PersonalOverrideMode
  readonly modelConfigId: string
}

/** How people want their own chats to be. */
export interface ChatUserConfig {
  prompt(userId: string): string
  setPrompt(userId: string, prompt: string): void
  override(userId: string, context: PersonalOverrideContext): PersonalOverride | undefined
  setOverride(userId: string, context: PersonalOverrideContext, value: PersonalOverride): void
  /** Whether what models are asked for their chats is written down. */
  debugLogging(userId: string): boolean
  setDebugLogging(userId: string, isOn: boolean): void
  threshold(userId: string, modelConfigId: string): number | undefined
  thresholds(userId: string): { readonly modelConfigId: string; readonly percent: number }[]
  setThreshold(userId: string, modelConfigId: string, percent: number | undefined): void
}

const THRESHOLD = 'compaction_threshold:'
// Made once: making one takes longer than reading by it, and each step of a chat reads several.
const textSchema = z.string()
const switchSchema = z.boolean()
const percentSchema = z.number()
const overrideSchema = z.object({ mode: z.enum(personalOverrideModes), modelConfigId: z.string() })

export function createChatUserConfig(db: Database): ChatUserConfig {
  const byKey = keptQuery((userId: string, key: string) =>
    db.sql
      .selectFrom('chat_user_settings')
      .select('value')
      .where('user_id', '=', userId)
      .where('key', '=', key),
  )
  const read = <T extends z.ZodType>(userId: string, key: string, schema: T): z.output<T> | undefined => {
    const row = db.firstKept(byKey(userId, key))
    return row && schema.parse(JSON.parse(row.value))
  }
  const write = (userId: string, key: string, value: unknown): void => {
    const text = JSON.stringify(value)
    db.run(
      db.sql
        .insertInto('chat_user_settings')
        .values({ user_id: userId, key, value: text })
        .onConflict((conflict) => conflict.columns(['user_id', 'key']).doUpdateSet({ value: text })),
    )
  }
  return {
    prompt: (userId) => read(userId, 'prompt', textSchema) ?? '',
    setPrompt: (userId, prompt) => write(userId, 'prompt', prompt),
    override: (userId, context) => read(userId, `model_override:${context}`, overrideSchema),
    setOverride: (userId, context, value) => write(userId, `model_override:${context}`, value),
    debugLogging: (userId) => read(userId, 'debug_logging', switchSchema) ?? false,
    setDebugLogging: (userId, isOn) => write(userId, 'debug_logging', isOn),
    threshold: (userId, id) => read(userId, `${THRESHOLD}${id}`, percentSchema),
    thresholds: (userId) =>
      db
        .all(
          db.sql
            .selectFrom('chat_user_settings')
            .select(['key', 'value'])
            .where('user_id', '=', userId)
            .where('key', 'like', `${THRESHOLD}%`)
            .orderBy('key'),
        )
        .map(({ key, value }) => ({ modelConfigId: key.slice(THRESHOLD.length), percent: Number(value) })),
    setThreshold(userId, id, percent) {
      if (percent !== undefined) write(userId, `${THRESHOLD}${id}`, percent)
      else
        db.run(
          db.sql
            .deleteFrom('chat_user_settings')
            .where('user_id', '=', userId)
            .where('key', '=', `${THRESHOLD}${id}`),
        )
    },
  }
}
