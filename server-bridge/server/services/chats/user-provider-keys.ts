import { randomUUID } from 'node:crypto'
import { maxOwnKeyBytes, type UserAIProviderKey } from '../../../contract/ai-provider-keys.ts'
import type { Clock } from '../../../lib/clock.ts'
import { ApiError, badRequest, forbidden, notFound } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import type { SecretBinding, SecretBox } from '../secret-box.ts'
import type { AiProviderRow, AiProviders, ProviderAccess } from './ai-providers.ts'

/** Keys of providers that users bring along: sealed, opened for the call they are for, and told to nobody. */
export interface UserProviderKeys {
  list(userId: string): UserAIProviderKey[]
  /** @throws {ApiError} 400, 403 where users may not, 404, 412 for a provider that is switched off */
  set(userId: string, provider: string, key: string): UserAIProviderKey
  /** @throws {ApiError} 404 */
  remove(userId: string, provider: string): AiProviderRow
  has(userId: string, providerId: string): boolean
  /** With the user's own key where there is one and it may be used, else with the provider's. */
  accessFor(userId: string, provider: AiProviderRow): ProviderAccess
}

export interface UserProviderKeysDeps {
  readonly db: Database
  readonly clock: Clock
  readonly box: SecretBox
  readonly providers: AiProviders
  readonly isAllowed: () => boolean
}

const bindingOf = (row: string): SecretBinding => ({
  table: 'user_ai_provider_keys',
  row,
  column: 'key_sealed',
})

export function createUserProviderKeys(deps: UserProviderKeysDeps): UserProviderKeys {
  const { db, clock, box, providers, isAllowed } = deps
  const ofBoth = keptQuery((userId: string, providerId: string) =>
    db.sql
      .selectFrom('user_ai_provider_keys')
      .selectAll()
      .where('user_id', '=', userId)
      .where('ai_provider_id', '=', providerId),
  )
  const rowOf = (userId: string, providerId: string) => db.firstKept(ofBoth(userId, providerId))
  const toWire = (userId: string, provider: AiProviderRow): UserAIProviderKey => ({
    provider: {
      id: provider.id,
      type: provider.type,
      name: provider.name,
      display_name: provider.display_name,
      icon: provider.icon,
      enabled: provider.enabled === 1,
      deleted: false,
    },
    has_user_api_key: rowOf(userId, provider.id) !== undefined,
    has_provider_api_key: providers.open(provider).apiKey !== undefined,
    byok_enabled: isAllowed(),
  })
  const store = (userId: string, providerId: string, key: string): void => {
    const known = rowOf(userId, providerId)
    const id = known?.id ?? randomUUID()
    const now = clock.now()
    const values = { key_sealed: box.seal(key, bindingOf(id)), updated_at: now }
    db.run(
      known
        ? db.sql.updateTable('user_ai_provider_keys').set(values).where('id', '=', id)
        : db.sql
            .insertInto('user_ai_provider_keys')
            .values({ id, user_id: userId, ai_provider_id: providerId, created_at: now, ...values }),
    )
  }

  return {
    has: (userId, providerId) => rowOf(userId, providerId) !== undefined,
    list: (userId) =>
      providers
        .rows()
        .filter((row) => takesKeys(row))
        .map((row) => toWire(userId, row)),
    set(userId, reference, key) {
      if (!isAllowed()) throw forbidden('On this deployment users may not bring keys of their own.')
      const provider = providers.find(reference)
      if (provider.enabled !== 1) throw new ApiError(412, { message: 'The AI provider is disabled.' })
      if (!takesKeys(provider)) throw badRequest(`A provider of type ${provider.type} takes no API keys.`)
      const trimmed = key.trim()
      if (trimmed === '' || Buffer.byteLength(trimmed) > maxOwnKeyBytes)
        throw badRequest(`api_key has to have 1 to ${maxOwnKeyBytes} bytes.`)
      store(userId, provider.id, trimmed)
      return toWire(userId, provider)
    },
    remove(userId, reference) {
      const provider = providers.find(reference)
      const row = rowOf(userId, provider.id)
      if (!row) throw notFound()
      db.run(db.sql.deleteFrom('user_ai_provider_keys').where('id', '=', row.id))
      return provider
    },
    accessFor(userId, provider) {
      const access = providers.open(provider)
      const own = isAllowed() && takesKeys(provider) ? rowOf(userId, provider.id) : undefined
      return own ? { ...access, apiKey: box.open(own.key_sealed, bindingOf(own.id)) } : access
    },
  }
}

/** The others know the caller otherwise (agents-api 10.3). */
export const takesKeys = ({ type }: Pick<AiProviderRow, 'type'>): boolean =>
  type !== 'bedrock' && type !== 'copilot'
