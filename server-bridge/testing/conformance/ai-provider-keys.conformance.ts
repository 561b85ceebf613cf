import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { aiProviderKeysRoutes } from '../../contract/ai-provider-keys.ts'
import { aiProvidersRoutes } from '../../contract/ai-providers.ts'
import { chatModelsRoutes } from '../../contract/chats-models.ts'
import { chatSwitchesRoutes } from '../../contract/chats-switches.ts'
import { usersRoutes } from '../../contract/users.ts'
import type { Logger } from '../../lib/logger.ts'
import { chatIs, configureModel, createChat, messagesOf, SCRIPTED_KEY } from '../chat-fixture.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

const SECRET = 'sk-seeded-own-key-of-grace'
const lines: string[] = []
const log = (...words: unknown[]): void => void lines.push(JSON.stringify(words))
const logger: Logger = { debug: log, info: log, warn: log, error: log, child: () => logger }

let server: TestServer
let model: ScriptedModel
let admin: CoderClient
let grace: CoderClient
let provider: string
let configId: string

beforeAll(async () => {
  server = await startTestServer({ logger })
  model = await startScriptedModel()
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
  const config = await configureModel(admin, model)
  configId = config.id
  provider = config.ai_provider_id ?? ''
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const set = (api_key: string, client = grace, user = 'me', name = provider) =>
  client.call(aiProviderKeysRoutes.set, { params: { user, provider: name }, body: { api_key } })
const list = (client = grace, user = 'me') => client.call(aiProviderKeysRoutes.list, { params: { user } })
const remove = () => grace.call(aiProviderKeysRoutes.delete, { params: { user: 'me', provider } })
const allow = (byok_enabled: boolean) =>
  admin.call(chatSwitchesRoutes.update, { body: { byok_enabled } })

/** The key that one turn is asked with. */
async function keyUsed(client: CoderClient): Promise<unknown> {
  model.script({ text: 'fine' })
  const chat = await createChat(client, 'hi', { model_config_id: configId })
  await chatIs(client, chat.id, 'waiting')
  return model.requests.at(-1)?.headers['x-api-key']
}

it('an own key is used instead of the provider’s, by its owner only and while it is allowed', async () => {
  expect(await keyUsed(grace)).toBe(SCRIPTED_KEY)
  expect(await set(` ${SECRET} `)).toMatchObject({
    provider: { id: provider, type: 'anthropic', enabled: true, deleted: false },
    has_user_api_key: true,
    has_provider_api_key: true,
    byok_enabled: true,
  })
  expect(await keyUsed(grace)).toBe(SECRET)
  expect(await keyUsed(admin)).toBe(SCRIPTED_KEY)
  await allow(false)
  expect(await keyUsed(grace)).toBe(SCRIPTED_KEY)
  await expect(set('another')).rejects.toMatchObject({ status: 403 })
  expect(await list()).toMatchObject([{ has_user_api_key: true, byok_enabled: false }])
  await allow(true)
  await remove()
  expect(await keyUsed(grace)).toBe(SCRIPTED_KEY)
  await expect(remove()).rejects.toMatchObject({ status: 404 })
})

it('is needed where the provider has no key', async () => {
  const bare = await admin.call(aiProvidersRoutes.create, {
    body: { type: 'anthropic', name: 'bare', enabled: true, base_url: model.url },
  })
  const config = await admin.call(chatModelsRoutes.create, {
    body: { ai_provider_id: bare.id, model: 'bare', context_limit: 1000 },
  })
  const shown = async () =>
    (await grace.call(chatModelsRoutes.usable, {})).providers.find((one) => one.provider === 'bare')
  expect(await shown()).toMatchObject({ available: false, unavailable_reason: 'user_api_key_required' })
  const chat = await createChat(grace, 'hi', { model_config_id: config.id })
  const { last_error } = await chatIs(grace, chat.id, 'error')
  expect(last_error).toMatchObject({
    kind: 'missing_key',
    message: expect.stringContaining('your own') as string,
  })
  await set(SECRET, grace, 'me', 'bare')
  expect(await shown()).toMatchObject({ available: true })
  await allow(false)
  expect(await shown()).toMatchObject({ available: false, unavailable_reason: 'missing_api_key' })
  await allow(true)
  await admin.call(aiProvidersRoutes.update, {
    params: { aiprovider: 'bare' },
    body: { enabled: false },
  })
  await expect(set(SECRET, grace, 'me', 'bare')).rejects.toMatchObject({ status: 412 })
  // The keys of a provider go with it.
  await admin.call(aiProvidersRoutes.delete, { params: { aiprovider: 'bare' } })
  expect(await list()).toHaveLength(1)
})

it('is nobody else’s, and of a size', async () => {
  const { id } = await grace.call(usersRoutes.get, { params: { user: 'me' } })
  await expect(list(admin, id)).rejects.toMatchObject({ status: 404 })
  await expect(set('x', admin, id)).rejects.toMatchObject({ status: 404 })
  await expect(set(' ')).rejects.toMatchObject({ status: 400 })
  await expect(set('x'.repeat(10 * 1024 + 1))).rejects.toMatchObject({ status: 400 })
  await expect(set('x', grace, 'me', 'nobody')).rejects.toMatchObject({ status: 404 })
})

it('is in no answer, error, log, file or audit entry', async () => {
  await set(SECRET)
  const answers: unknown[] = [await list(), await admin.call(aiProvidersRoutes.list, {})]
  // A provider that repeats what it was sent.
  model.script({ status: 400, body: { error: { message: `the key ${SECRET} is wrong` } } })
  const chat = await createChat(grace, 'hi', { model_config_id: configId })
  answers.push(await chatIs(grace, chat.id, 'error'), await messagesOf(grace, chat.id))
  answers.push(server.deployment.services.auditLog.newest(50))
  expect(JSON.stringify(answers)).not.toContain(SECRET)
  expect(JSON.stringify(answers)).toContain('ai_provider_key')
  expect(lines.join('\n')).not.toContain(SECRET)
  const files = readdirSync(server.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(server.dataDir, name))
    .filter((file) => statSync(file).isFile())
  expect(files.filter((file) => readFileSync(file).includes(SECRET))).toEqual([])
})
