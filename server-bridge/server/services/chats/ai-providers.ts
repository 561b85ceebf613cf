import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import {
  type AIProvider,
  type BedrockSettings,
  bedrockSettingsSchema,
  type CreateAIProviderRequest,
  type UpdateAIProviderRequest,
} from '../../../contract/ai-providers.ts'
import type { Clock } from '../../../lib/clock.ts'
import { badRequest, nameTaken, notFound } from '../../api-error.ts'
import { type Database, isUniqueViolation } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import type { AiProvidersTable } from '../../db/tables/ai-providers.ts'
import type { SecretBox } from '../secret-box.ts'
import { toWireTime } from '../wire-time.ts'
import { maskKey } from './mask-key.ts'

export type AiProviderRow = Selectable<AiProvidersTable>

/** What a call to a provider needs, secrets in the clear: only ever held for the moment of their use. */
export interface ProviderAccess {
  readonly apiKey: string | undefined
  readonly bedrock: BedrockSettings | undefined
}

export interface AiProviders {
  list(): AIProvider[]
  rows(): readonly AiProviderRow[]
  /** By id or name. @throws {ApiError} 404 */
  find(reference: string): AiProviderRow
  toWire(row: AiProviderRow): AIProvider
  /** @throws {ApiError} 400, 409 */
  create(request: CreateAIProviderRequest): AIProvider
  /** @throws {ApiError} 400, 404 */
  update(reference: string, request: UpdateAIProviderRequest): AIProvider
  /** Takes its models along. @throws {ApiError} 404 */
  remove(reference: string): AiProviderRow
  open(row: AiProviderRow): ProviderAccess
}

/** Of URLs that are web addresses; keys would go there. */
const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === ''
/** These know the caller otherwise (agents-api 10.3). */
const KEYLESS = new Set(['bedrock', 'copilot'])
const MAX_KEY_CHARS = 10 * 1024

const keyBinding = (row: string) => ({ table: 'ai_provider_keys', row, column: 'key_sealed' })
const settingsBinding = (row: string) => ({ table: 'ai_providers', row, column: 'settings_sealed' })

export function createAiProviders(db: Database, clock: Clock, box: SecretBox): AiProviders {
  const keysOfProvider = keptQuery((id: string) =>
    db.sql
      .selectFrom('ai_provider_keys')
      .selectAll()
      .where('ai_provider_id', '=', id)
      .orderBy('created_at')
      .orderBy('id'),
  )
  const keysOf = (id: string) => db.allKept(keysOfProvider(id))
  const settingsOf = (row: AiProviderRow): BedrockSettings | undefined =>
    row.settings_sealed === null
      ? undefined
      : (JSON.parse(box.open(row.settings_sealed, settingsBinding(row.id))) as BedrockSettings)
  const seal = (id: string, settings: BedrockSettings | undefined): string | null =>
    settings === undefined ? null : box.seal(JSON.stringify(settings), settingsBinding(id))

  const addKey = (provider: Pick<AiProviderRow, 'id' | 'type'>, key: string): void => {
    if (KEYLESS.has(provider.type)) throw badRequest(`A provider of type ${provider.type} takes no API keys.`)
    const trimmed = key.trim()
    if (trimmed === '' || trimmed.length > MAX_KEY_CHARS)
      throw badRequest('An API key has to have 1 to 10240 characters.')
    const id = randomUUID()
    db.run(
      db.sql.insertInto('ai_provider_keys').values({
        id,
        ai_provider_id: provider.id,
        key_sealed: box.seal(trimmed, keyBinding(id)),
        masked: maskKey(trimmed),
        created_at: clock.now(),
      }),
    )
  }

  const replaceKeys = (
    row: AiProviderRow,
    wanted: NonNullable<UpdateAIProviderRequest['api_keys']>,
  ): void => {
    const known = new Set(keysOf(row.id).map(({ id }) => id))
    const kept = wanted.flatMap(({ id }) => (id === undefined ? [] : [id]))
    for (const { id, api_key: key } of wanted) {
      if ((id === undefined) === (key === undefined))
        throw badRequest('Each entry of api_keys needs either id or api_key.')
      if (id !== undefined && !known.has(id)) throw badRequest(`The provider has no key ${id}.`)
    }
    for (const id of known)
      if (!kept.includes(id)) db.run(db.sql.deleteFrom('ai_provider_keys').where('id', '=', id))
    for (const { api_key: key } of wanted) if (key !== undefined) addKey(row, key)
  }

  const find = (reference: string): AiProviderRow => {
    const row = db.first(
      db.sql
        .selectFrom('ai_providers')
        .selectAll()
        .where((where) =>
          where.or([where('id', '=', reference.toLowerCase()), where('name', '=', reference)]),
        ),
    )
    if (!row) throw notFound()
    return row
  }
  const byName = keptQuery(() => db.sql.selectFrom('ai_providers').selectAll().orderBy('name'))
  const rows = (): readonly AiProviderRow[] => db.allKept(byName())

  const toWire = (row: AiProviderRow): AIProvider => ({
    id: row.id,
    type: row.type,
    name: row.name,
    display_name: row.display_name,
    icon: row.icon,
    enabled: row.enabled === 1,
    base_url: row.base_url,
    api_keys: keysOf(row.id).map(({ id, masked, created_at }) => ({
      id,
      masked,
      created_at: toWireTime(created_at),
    })),
    settings: withoutSecrets(settingsOf(row)),
    created_at: toWireTime(row.created_at),
    updated_at: toWireTime(row.updated_at),
  })

  return {
    rows,
    find,
    toWire,
    list: () => rows().map(toWire),
    create: (request) =>
      db.transaction(() => {
        if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(request.name))
          throw badRequest('The name may have lower case letters, digits and single hyphens between them.')
        requireAddress(request.base_url, request.type)
        const id = randomUUID()
        const now = clock.now()
        const row: AiProviderRow = {
          id,
          type: request.type,
          name: request.name,
          display_name: request.display_name ?? '',
          icon: request.icon ?? '',
          enabled: Number(request.enabled),
          base_url: request.base_url.trim(),
          settings_sealed: seal(id, readSettings(request.type, request.settings)),
          created_at: now,
          updated_at: now,
        }
        try {
          db.run(db.sql.insertInto('ai_providers').values(row))
        } catch (error) {
          if (!isUniqueViolation(error)) throw error
          throw nameTaken(`A provider named ${JSON.stringify(request.name)} already exists.`)
        }
        for (const key of request.api_keys ?? []) addKey(row, key)
        return toWire(row)
      }),
    update: (reference, request) =>
      db.transaction(() => {
        const row = find(reference)
        if (request.base_url !== undefined) requireAddress(request.base_url, row.type)
        const next: AiProviderRow = {
          ...row,
          display_name: request.display_name ?? row.display_name,
          icon: request.icon ?? row.icon,
          enabled: request.enabled === undefined ? row.enabled : Number(request.enabled),
          base_url: request.base_url?.trim() ?? row.base_url,
          settings_sealed:
            request.settings === undefined
              ? row.settings_sealed
              : seal(row.id, keepSecrets(settingsOf(row), readSettings(row.type, request.settings))),
          updated_at: clock.now(),
        }
        db.run(db.sql.updateTable('ai_providers').set(next).where('id', '=', row.id))
        if (request.api_keys !== undefined) replaceKeys(row, request.api_keys)
        return toWire(next)
      }),
    remove(reference) {
      const row = find(reference)
      db.run(db.sql.deleteFrom('ai_providers').where('id', '=', row.id))
      return row
    },
    open(row) {
      const [first] = keysOf(row.id)
      return {
        apiKey: first && box.open(first.key_sealed, keyBinding(first.id)),
        bedrock: settingsOf(row),
      }
    },
  }
}

/** Hosted providers have an address of their own; the others are wherever somebody runs them. */
function requireAddress(address: string, type: string): void {
  const isNeeded = type === 'openai-compat' || type === 'azure'
  if (address.trim() === '' ? isNeeded : !isWebAddress(address.trim()))
    throw badRequest('base_url has to be a web address.')
}

function readSettings(type: string, settings: unknown): BedrockSettings | undefined {
  if (settings === undefined || settings === null) return undefined
  const parsed = bedrockSettingsSchema.safeParse(settings)
  if (type !== 'bedrock' || !parsed.success)
    throw badRequest('These settings do not fit the type of the provider.')
  return parsed.data
}

/** A secret that is not sent again stays as it is. */
function keepSecrets(old: BedrockSettings | undefined, next: BedrockSettings | undefined) {
  if (next === undefined) return undefined
  const { access_key = old?.access_key, access_key_secret = old?.access_key_secret, ...rest } = next
  return {
    ...rest,
    ...(access_key === undefined ? {} : { access_key }),
    ...(access_key_secret === undefined ? {} : { access_key_secret }),
  }
}

function withoutSecrets(settings: BedrockSettings | undefined): unknown {
  if (settings === undefined) return null
  const { access_key: _, access_key_secret: __, ...shown } = settings
  return shown
}
