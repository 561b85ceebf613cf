import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type {
  ChatModelCallConfig,
  ChatModelConfig,
  ChatModelsResponse,
  CreateChatModelConfigRequest,
  UpdateChatModelConfigRequest,
} from '../../../contract/chats-models.ts'
import type { Clock } from '../../../lib/clock.ts'
import { ApiError, badRequest, nameTaken, notFound } from '../../api-error.ts'
import { type Database, isUniqueViolation } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import type { ChatModelConfigsTable } from '../../db/tables/chat-model-configs.ts'
import { toWireTime } from '../wire-time.ts'
import type { AiProviderRow, AiProviders } from './ai-providers.ts'
import type { ChatSwitches } from './chat-switches.ts'
import { hasClient, requireValidOptions } from './provider-options.ts'
import type { UserProviderKeys } from './user-provider-keys.ts'

export type ModelConfigRow = Selectable<ChatModelConfigsTable>

export interface ModelConfigs {
  list(includeDisabled: boolean): ChatModelConfig[]
  /** What a picker shows: every provider that is switched on, and why the user cannot use one. */
  usable(userId: string): ChatModelsResponse
  get(id: string): ModelConfigRow | undefined
  /** The one to use for a chat: of that id, else the default. @throws {ApiError} 400 */
  choose(id: string | undefined): ModelConfigRow
  /** @throws {ApiError} 400, 409, 412 */
  create(request: CreateChatModelConfigRequest): ChatModelConfig
  /** @throws {ApiError} 400, 404, 409, 412 */
  update(id: string, request: UpdateChatModelConfigRequest): ChatModelConfig
  /** @throws {ApiError} 404 */
  remove(id: string): void
}

const DEFAULT_THRESHOLD = 70

export const callConfigOf = (row: Pick<ModelConfigRow, 'model_config'>): ChatModelCallConfig =>
  JSON.parse(row.model_config) as ChatModelCallConfig

export interface ModelConfigsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly providers: AiProviders
  readonly userProviderKeys: Pick<UserProviderKeys, 'accessFor'>
  readonly chatSwitches: Pick<ChatSwitches, 'allowsOwnKeys'>
}

export function createModelConfigs(deps: ModelConfigsDeps): ModelConfigs {
  const { db, clock, providers } = deps
  const rows = (): ModelConfigRow[] =>
    db.all(db.sql.selectFrom('chat_model_configs').selectAll().orderBy('created_at').orderBy('id'))
  const byId = keptQuery((id: string) =>
    db.sql.selectFrom('chat_model_configs').selectAll().where('id', '=', id),
  )
  const get = (id: string): ModelConfigRow | undefined => db.firstKept(byId(id.toLowerCase()))
  const clearDefault = (): void =>
    void db.run(db.sql.updateTable('chat_model_configs').set({ is_default: 0 }).where('is_default', '=', 1))
  /** Somebody has to be the default while there is anybody who can. */
  const electDefault = (except?: string): void => {
    const all = rows()
    if (all.some((row) => row.is_default === 1)) return
    const next =
      all.find((row) => row.enabled === 1 && row.id !== except) ?? all.find((row) => row.enabled === 1)
    if (next)
      db.run(db.sql.updateTable('chat_model_configs').set({ is_default: 1 }).where('id', '=', next.id))
  }

  /** Writes all or nothing, and tells a clash of names. */
  const write = <T>(work: () => T): T => {
    try {
      return db.transaction(work)
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken('This model is configured already.', 'model')
      throw error
    }
  }

  return {
    get,
    list: (includeDisabled) =>
      rows()
        .filter((row) => includeDisabled || row.enabled === 1)
        .map(toWire),
    usable(userId) {
      const all = rows().filter((row) => row.enabled === 1)
      const enabled = providers.rows().filter((row) => row.enabled === 1)
      return {
        providers: enabled.filter(hasClient).map((provider) => ({
          provider: provider.name,
          ...availability(provider, userId, deps),
          models: all
            .filter((row) => row.ai_provider_id === provider.id)
            .map((row) => ({
              id: `${provider.name}:${row.model}`,
              provider: provider.name,
              model: row.model,
              display_name: row.display_name,
            })),
        })),
        unsupported_providers: enabled
          .filter((row) => !hasClient(row))
          .map((row) => ({ provider: row.name, display_name: row.display_name })),
      }
    },
    choose(id) {
      const row = id === undefined ? rows().find((one) => one.is_default === 1) : get(id)
      if (row?.enabled === 1) return row
      throw badRequest(
        id === undefined
          ? 'No default chat model is configured.'
          : 'The chat model does not exist or is disabled.',
      )
    },
    create: (request) =>
      write(() => {
        const { ai_provider_id: providerId, context_limit: limit } = request
        if (providerId === undefined) throw badRequest('ai_provider_id is required.')
        if (limit === undefined) throw badRequest('context_limit is required.')
        requireValidOptions(request.model_config?.provider_options)
        requireProvider(providers, providerId)
        const now = clock.now()
        const row = checked({
          id: randomUUID(),
          ai_provider_id: providerId.toLowerCase(),
          model: request.model.trim(),
          display_name: request.display_name?.trim() ?? '',
          enabled: Number(request.enabled ?? true),
          is_default: Number(request.is_default ?? false),
          context_limit: limit,
          compression_threshold: request.compression_threshold ?? DEFAULT_THRESHOLD,
          model_config: JSON.stringify(request.model_config ?? {}),
          created_at: now,
          updated_at: now,
        })
        if (row.is_default === 1) clearDefault()
        db.run(db.sql.insertInto('chat_model_configs').values(row))
        electDefault()
        return toWire(get(row.id) ?? row)
      }),
    update: (id, request) =>
      write(() => {
        const row = get(id)
        if (!row) throw notFound()
        requireValidOptions(request.model_config?.provider_options)
        if (request.ai_provider_id !== undefined) requireProvider(providers, request.ai_provider_id)
        const next = checked({ ...row, ...changedColumns(request), updated_at: clock.now() })
        if (next.enabled === 0) next.is_default = 0
        if (next.is_default === 1) clearDefault()
        db.run(db.sql.updateTable('chat_model_configs').set(next).where('id', '=', row.id))
        electDefault(row.id)
        return toWire(get(row.id) ?? next)
      }),
    remove: (id) =>
      db.transaction(() => {
        if (db.run(db.sql.deleteFrom('chat_model_configs').where('id', '=', id.toLowerCase())) === 0)
          throw notFound()
        electDefault()
      }),
  }
}

/** Only what was sent. */
function changedColumns(request: UpdateChatModelConfigRequest): Partial<ModelConfigRow> {
  const columns = {
    ai_provider_id: request.ai_provider_id?.toLowerCase(),
    model: request.model?.trim(),
    display_name: request.display_name?.trim(),
    enabled: request.enabled === undefined ? undefined : Number(request.enabled),
    is_default: request.is_default === undefined ? undefined : Number(request.is_default),
    context_limit: request.context_limit,
    compression_threshold: request.compression_threshold,
    model_config: request.model_config && JSON.stringify(request.model_config),
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

function availability(
  provider: AiProviderRow,
  userId: string,
  { userProviderKeys, chatSwitches }: ModelConfigsDeps,
) {
  if (provider.type === 'bedrock' || provider.type === 'openai-compat') return { available: true }
  if (userProviderKeys.accessFor(userId, provider).apiKey !== undefined) return { available: true }
  const unavailable_reason = chatSwitches.allowsOwnKeys() ? 'user_api_key_required' : 'missing_api_key'
  return { available: false, unavailable_reason } as const
}

function requireProvider(providers: AiProviders, id: string): void {
  const known = providers.rows().find((row) => row.id === id.toLowerCase())
  if (known?.enabled === 1) return
  throw new ApiError(412, {
    message: known ? 'The AI provider is disabled.' : 'The AI provider does not exist.',
  })
}

function checked(row: ModelConfigRow): ModelConfigRow {
  if (row.model === '') throw badRequest('model is required.')
  if (row.context_limit <= 0) throw badRequest('context_limit has to be greater than zero.')
  if (row.compression_threshold < 0 || row.compression_threshold > 100)
    throw badRequest('compression_threshold has to be between 0 and 100.')
  return row
}

function toWire(row: ModelConfigRow): ChatModelConfig {
  return {
    id: row.id,
    ai_provider_id: row.ai_provider_id,
    model: row.model,
    display_name: row.display_name,
    enabled: row.enabled === 1,
    is_default: row.is_default === 1,
    context_limit: row.context_limit,
    compression_threshold: row.compression_threshold,
    model_config: callConfigOf(row),
    created_at: toWireTime(row.created_at),
    updated_at: toWireTime(row.updated_at),
  }
}
