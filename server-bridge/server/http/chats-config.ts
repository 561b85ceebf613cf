import {
  chatConfigRoutes,
  maxSystemPromptBytes,
  type ModelOverrideContext,
  modelOverrideContexts,
} from '../../contract/chats-config.ts'
import { badRequest, forbidden, notFound } from '../api-error.ts'
import { type Experiment, virtualDesktopExperiment } from '../../contract/experiments.ts'
import type { Database } from '../db/database.ts'
import { type Action, mayAct } from '../services/authorization.ts'
import type { ChatConfig, ChatSettingName, ChatSettingValue } from '../services/chats/chat-config.ts'
import { DEFAULT_INSTRUCTIONS } from '../services/chats/instructions.ts'
import type { ModelConfigs } from '../services/chats/model-configs.ts'
import { cleanPrompt } from '../services/chats/clean-prompt.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'
import type { Handlers } from './call.ts'
import { experimentIsOff } from './experiment-is-off.ts'

export interface ChatConfigHandlerDeps {
  readonly db: Database
  readonly chatConfig: ChatConfig
  readonly modelConfigs: ModelConfigs
  readonly experiments: readonly Experiment[]
}

const MINUTE_MS = 60_000
const MAX_TTL_MS = 30 * 24 * 60 * MINUTE_MS
const MAX_DAYS = 3650

/** What an administrator sets for all chats. */
export function chatConfigHandlers(deps: ChatConfigHandlerDeps) {
  return bound(chatConfigRoutes, {
    ...promptHandlers(deps),
    ...modelHandlers(deps),
    ...desktopHandlers(deps),
    ...lifecycleHandlers(deps),
  })
}

const administers = (actor: Actor, action: Action): boolean =>
  mayAct(actor, action, { type: 'deployment_config' })
/** Who may not change a setting is not told that there is one. */
function requireReader(actor: Actor): void {
  if (!administers(actor, 'read')) throw notFound()
}
function requireAdmin(actor: Actor): void {
  if (!administers(actor, 'update')) throw forbidden()
}

type All = Handlers<typeof chatConfigRoutes>

function promptHandlers({
  chatConfig,
}: ChatConfigHandlerDeps): Pick<
  All,
  'systemPrompt' | 'updateSystemPrompt' | 'planModeInstructions' | 'updatePlanModeInstructions'
> {
  return {
    systemPrompt({ actor }) {
      requireReader(actor)
      return {
        system_prompt: chatConfig.get('system_prompt'),
        include_default_system_prompt: chatConfig.get('include_default_system_prompt'),
        default_system_prompt: DEFAULT_INSTRUCTIONS,
      }
    },
    updateSystemPrompt({ actor, body }) {
      requireAdmin(actor)
      const { include_default_system_prompt: includes } = body
      chatConfig.set('system_prompt', checkedPrompt('system_prompt', body.system_prompt))
      if (includes !== undefined) chatConfig.set('include_default_system_prompt', includes)
      return undefined
    },
    planModeInstructions({ actor }) {
      requireReader(actor)
      return { plan_mode_instructions: chatConfig.get('plan_mode_instructions') }
    },
    updatePlanModeInstructions({ actor, body }) {
      requireAdmin(actor)
      const text = checkedPrompt('plan_mode_instructions', body.plan_mode_instructions)
      chatConfig.set('plan_mode_instructions', text)
      return undefined
    },
  }
}

/** @throws {ApiError} 400 */
export function checkedPrompt(field: string, text: string): string {
  if (Buffer.byteLength(text) > maxSystemPromptBytes) throw badRequest(`${field} may have at most 128 KiB.`)
  return cleanPrompt(text)
}

function contextOf(text: string): ModelOverrideContext {
  const known = modelOverrideContexts.find((context) => context === text)
  if (known === undefined) throw notFound()
  return known
}

/** How an override is shown: one whose model is gone no longer means anything. */
export function toWireOverride<C extends string>(
  context: C,
  id: string,
  modelConfigs: Pick<ModelConfigs, 'get'>,
): { readonly context: C; readonly model_config_id: string; readonly is_malformed: boolean } {
  return { context, model_config_id: id, is_malformed: id !== '' && modelConfigs.get(id) === undefined }
}

function modelHandlers({
  chatConfig,
  modelConfigs,
}: ChatConfigHandlerDeps): Pick<
  All,
  'modelOverride' | 'updateModelOverride' | 'personalModelOverrides' | 'updatePersonalModelOverrides'
> {
  return {
    modelOverride({ actor, params }) {
      requireReader(actor)
      const context = contextOf(params.context)
      return toWireOverride(context, chatConfig.modelOverride(context), modelConfigs)
    },
    updateModelOverride({ actor, params, body }) {
      requireAdmin(actor)
      const id = body.model_config_id.trim().toLowerCase()
      chatConfig.setModelOverride(contextOf(params.context), id === '' ? '' : modelConfigs.choose(id).id)
      return undefined
    },
    personalModelOverrides({ actor }) {
      requireReader(actor)
      return { allow_users: chatConfig.get('allow_personal_model_overrides') }
    },
    updatePersonalModelOverrides({ actor, body }) {
      requireAdmin(actor)
      chatConfig.set('allow_personal_model_overrides', body.allow_users)
      return undefined
    },
  }
}

function desktopHandlers({
  chatConfig,
  experiments,
}: ChatConfigHandlerDeps): Pick<All, 'computerUseProvider' | 'updateComputerUseProvider'> {
  const requireDesktops = (): void => {
    if (!experiments.includes(virtualDesktopExperiment)) throw experimentIsOff(virtualDesktopExperiment)
  }
  return {
    computerUseProvider() {
      requireDesktops()
      return { provider: chatConfig.get('computer_use_provider') }
    },
    updateComputerUseProvider({ actor, body: { provider } }) {
      requireAdmin(actor)
      requireDesktops()
      if (provider === 'openai') throw badRequest(NO_OPENAI_COMPUTER)
      chatConfig.set('computer_use_provider', provider)
      return undefined
    },
  }
}

/** The client that asks OpenAI's models passes their actions over. */
const NO_OPENAI_COMPUTER =
  'Models of OpenAI cannot use a desktop on this deployment: its client of that provider has no tool for it. Choose Anthropic.'

function lifecycleHandlers({
  db,
  chatConfig,
}: ChatConfigHandlerDeps): Omit<
  All,
  | keyof ReturnType<typeof promptHandlers>
  | keyof ReturnType<typeof modelHandlers>
  | keyof ReturnType<typeof desktopHandlers>
> {
  const set = <K extends ChatSettingName>(actor: Actor, name: K, value: ChatSettingValue<K>): void => {
    requireAdmin(actor)
    chatConfig.set(name, value)
  }
  return {
    workspaceTtl: () => ({ workspace_ttl_ms: chatConfig.get('workspace_ttl_ms') }),
    updateWorkspaceTtl({ actor, body: { workspace_ttl_ms: ms } }) {
      if (ms !== 0 && (ms < MINUTE_MS || ms > MAX_TTL_MS))
        throw badRequest('workspace_ttl_ms has to be 0, or between one minute and 30 days.')
      set(actor, 'workspace_ttl_ms', ms)
      return undefined
    },
    retentionDays: () => ({ retention_days: chatConfig.get('retention_days') }),
    updateRetentionDays({ actor, body }) {
      set(actor, 'retention_days', checkedDays('retention_days', body.retention_days))
      return undefined
    },
    autoArchiveDays: () => ({ auto_archive_days: chatConfig.get('auto_archive_days') }),
    updateAutoArchiveDays({ actor, body }) {
      set(actor, 'auto_archive_days', checkedDays('auto_archive_days', body.auto_archive_days))
      return undefined
    },
    templateAllowlist({ actor }) {
      requireReader(actor)
      return { template_ids: chatConfig.get('template_allowlist') }
    },
    updateTemplateAllowlist({ actor, body }) {
      if (!administers(actor, 'update')) throw notFound()
      set(actor, 'template_allowlist', usableTemplates(db, body.template_ids))
      return undefined
    },
  }
}

/** @throws {ApiError} 400 */
export function checkedDays(field: string, days: number): number {
  if (days < 0 || days > MAX_DAYS) throw badRequest(`${field} has to be between 0 and ${MAX_DAYS}.`)
  return days
}

function usableTemplates(db: Database, ids: readonly string[]): string[] {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
  const known = new Map(
    db
      .all(db.sql.selectFrom('templates').select(['id', 'deprecation_message']).where('deleted', '=', 0))
      .map((row) => [row.id, row.deprecation_message]),
  )
  const unusable = wanted.find((id) => known.get(id) !== '')
  if (unusable !== undefined)
    throw badRequest(`There is no template ${JSON.stringify(unusable)}, or it is deprecated.`)
  return wanted
}
