import { z } from 'zod'
import { defaultAdvisorTokens } from '../../../contract/chats-advisor.ts'
import { computerUseProviders, type ModelOverrideContext } from '../../../contract/chats-config.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'

/** How an administrator wants chats to be. */
export interface ChatConfig {
  get<K extends ChatSettingName>(name: K): ChatSettingValue<K>
  set<K extends ChatSettingName>(name: K, value: ChatSettingValue<K>): void
  /** The id of the model for this; empty: none is set. */
  modelOverride(context: ModelOverrideContext): string
  setModelOverride(context: ModelOverrideContext, modelConfigId: string): void
}

const DAY_LIMIT = 3650

/** Every setting with what holds until somebody changes it. */
const SETTINGS = {
  system_prompt: z.string().default(''),
  include_default_system_prompt: z.boolean().default(true),
  plan_mode_instructions: z.string().default(''),
  allow_personal_model_overrides: z.boolean().default(false),
  allow_debug_logging: z.boolean().default(false),
  debug_retention_days: z.int().min(0).max(DAY_LIMIT).default(30),
  computer_use_provider: z.enum(computerUseProviders).default('anthropic'),
  /** Not as often as an agent likes, as on Coder: every use is paid for. */
  advisor: z
    .object({
      max_uses_per_run: z.int().default(3),
      max_output_tokens: z.int().default(defaultAdvisorTokens),
      model_config_id: z.string().default(''),
      reasoning_effort: z.string().default(''),
    })
    .prefault({}),
  workspace_ttl_ms: z.int().default(0),
  retention_days: z.int().min(0).max(DAY_LIMIT).default(0),
  auto_archive_days: z.int().min(0).max(DAY_LIMIT).default(0),
  template_allowlist: z.array(z.string()).default([]),
  model_overrides: z.record(z.string(), z.string()).default({}),
} as const
export type ChatSettingName = keyof typeof SETTINGS
export type ChatSettingValue<K extends ChatSettingName> = z.output<(typeof SETTINGS)[K]>

export function createChatConfig(db: Database): ChatConfig {
  const byKey = keptQuery((key: string) =>
    db.sql.selectFrom('deployment_settings').select('value').where('key', '=', key),
  )
  const get: ChatConfig['get'] = (name) => {
    const row = db.firstKept(byKey(`chats.${name}`))
    const stored: unknown = row && JSON.parse(row.value)
    // The schema of a name makes the values of that name.
    return SETTINGS[name].parse(stored) as never
  }
  const set: ChatConfig['set'] = (name, value) => {
    const text = JSON.stringify(value)
    db.run(
      db.sql
        .insertInto('deployment_settings')
        .values({ key: `chats.${name}`, value: text })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text })),
    )
  }
  return {
    get,
    set,
    modelOverride: (context) => get('model_overrides')[context] ?? '',
    setModelOverride: (context, id) => set('model_overrides', { ...get('model_overrides'), [context]: id }),
  }
}
