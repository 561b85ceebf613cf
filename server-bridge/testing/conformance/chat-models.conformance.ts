import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { aiProvidersRoutes } from '../../contract/ai-providers.ts'
import { chatModelsRoutes } from '../../contract/chats-models.ts'
import { chatIs, createChat } from '../chat-fixture.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let admin: CoderClient
let grace: CoderClient
let count = 0

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
})
afterAll(() => server.close())

const SECRET = 'sk-seeded-secret-of-a-provider'
const create = (more: object = {}, client = admin) =>
  client.call(aiProvidersRoutes.create, {
    body: {
      type: 'anthropic',
      name: `provider-${(count += 1)}`,
      enabled: true,
      base_url: '',
      api_keys: [SECRET],
      ...more,
    },
  })
const change = (aiprovider: string, body: object) =>
  admin.call(aiProvidersRoutes.update, { params: { aiprovider }, body })
const configure = (body: object, client = admin) =>
  client.call(chatModelsRoutes.create, { body: { model: 'm', context_limit: 1000, ...body } })
const remove = (id: string) => admin.call(chatModelsRoutes.delete, { params: { modelconfig: id } })

describe('providers', () => {
  it('keep their keys to themselves', async () => {
    const made = await create()
    expect(made).toMatchObject({ type: 'anthropic', settings: null, api_keys: [{ masked: 'sk-s...ider' }] })
    expect(JSON.stringify(await admin.call(aiProvidersRoutes.list, {}))).not.toContain(SECRET)
    for (const file of ['outpost.db', 'outpost.db-wal'])
      expect(readFileSync(join(server.dataDir, file)).includes(SECRET)).toBe(false)
    const [entry] = server.deployment.services.auditLog.newest(1)
    expect(entry).toMatchObject({
      resource_type: 'ai_provider',
      resource_target: made.name,
      action: 'create',
    })
    expect(JSON.stringify(entry)).not.toContain(SECRET)
  })

  it('are found by id and name, change, and keep or replace their keys', async () => {
    const made = await create()
    const { api_keys: keys } = await change(made.name, {
      display_name: 'Mine',
      api_keys: [{ id: made.api_keys[0]?.id }, { api_key: 'short' }],
    })
    expect(keys.map(({ masked }) => masked)).toEqual(['sk-s...ider', '****'])
    await change(made.id, { api_keys: [{ id: keys[1]?.id }] })
    expect(
      (await admin.call(aiProvidersRoutes.get, { params: { aiprovider: made.id } })).api_keys,
    ).toHaveLength(1)
    for (const api_keys of [[{}], [{ id: keys[0]?.id }], [{ api_key: ' ' }]])
      await expect(change(made.id, { api_keys })).rejects.toMatchObject({ status: 400 })
    await admin.call(aiProvidersRoutes.delete, { params: { aiprovider: made.name } })
    await expect(change(made.id, {})).rejects.toMatchObject({ status: 404 })
  })

  it('of Bedrock have settings, whose secrets stay when they are not sent again', async () => {
    const settings = {
      _type: 'bedrock',
      _version: 1,
      region: 'eu-west-1',
      access_key: 'AKIA',
      access_key_secret: SECRET,
    }
    const made = await create({ type: 'bedrock', api_keys: [], settings })
    expect(made.settings).toEqual({ _type: 'bedrock', _version: 1, region: 'eu-west-1' })
    await change(made.id, { settings: { _type: 'bedrock', _version: 1, region: 'us-east-1' } })
    const { aiProviders } = server.deployment.services
    expect(aiProviders.open(aiProviders.find(made.id)).bedrock).toMatchObject({
      region: 'us-east-1',
      access_key_secret: SECRET,
    })
  })

  it.each([
    ['a bad name', { name: 'No Name' }, 400],
    ['an address of another kind', { base_url: 'file:///etc/passwd' }, 400],
    ['no address where there has to be one', { type: 'openai-compat' }, 400],
    ['keys that it cannot take', { type: 'bedrock' }, 400],
    ['settings of something else', { settings: { _type: 'bedrock', _version: 1 } }, 400],
    ['a kind nobody knows', { type: 'nobody' }, 400],
  ])('are not made with %s', async (_, body, status) => {
    await expect(create(body)).rejects.toMatchObject({ status })
  })

  it('have names of their own, and are for administrators', async () => {
    const { name } = await create()
    await expect(create({ name })).rejects.toMatchObject({ status: 409 })
    await expect(create({}, grace)).rejects.toMatchObject({ status: 403 })
    await expect(grace.call(aiProvidersRoutes.list, {})).rejects.toMatchObject({ status: 403 })
  })
})

describe('models', () => {
  it('have one default among them', async () => {
    const { id: ai_provider_id } = await create()
    const defaults = async () =>
      (await admin.call(chatModelsRoutes.list, {})).filter((row) => row.is_default).map(({ model }) => model)
    const a = await configure({ ai_provider_id, model: 'a' })
    expect(a).toMatchObject({ is_default: true, enabled: true, compression_threshold: 70, model_config: {} })
    const b = await configure({ ai_provider_id, model: 'b', is_default: true })
    expect(await defaults()).toEqual(['b'])
    const update = (id: string, body: object) =>
      admin.call(chatModelsRoutes.update, { params: { modelconfig: id }, body })
    await update(b.id, { enabled: false })
    expect(await defaults()).toEqual(['a'])
    await update(b.id, { enabled: true, is_default: true })
    await remove(b.id)
    expect(await defaults()).toEqual(['a'])
    await expect(update(b.id, {})).rejects.toMatchObject({ status: 404 })
    await expect(remove(b.id)).rejects.toMatchObject({ status: 404 })
    await expect(configure({ ai_provider_id, model: 'a' })).rejects.toMatchObject({ status: 409 })
    const c = await configure({ ai_provider_id, model: 'c' })
    await expect(update(c.id, { model: 'a' })).rejects.toMatchObject({ status: 409 })
    await expect(
      update(c.id, { ai_provider_id: '00000000-0000-4000-8000-000000000001' }),
    ).rejects.toMatchObject({ status: 412 })
    await remove(c.id)
    await remove(a.id)
  })

  it('need a provider that works, and limits that make sense', async () => {
    const { id: ai_provider_id } = await create({ enabled: false })
    await expect(configure({ ai_provider_id })).rejects.toMatchObject({ status: 412 })
    await expect(configure({ ai_provider_id: '00000000-0000-4000-8000-000000000001' })).rejects.toMatchObject(
      { status: 412 },
    )
    await change(ai_provider_id, { enabled: true })
    for (const body of [
      { context_limit: 0 },
      { compression_threshold: 101 },
      { model: '' },
      { model_config: { cost: { input_price_per_million_tokens: 'x' } } },
    ])
      await expect(configure({ ai_provider_id, ...body })).rejects.toMatchObject({ status: 400 })
    await expect(configure({ ai_provider_id }, grace)).rejects.toMatchObject({ status: 403 })
  })

  it('are shown to everybody, with the reason for those that cannot be used', async () => {
    const [full, bare, foreign] = [
      await create({ name: 'full' }),
      await create({ name: 'bare', api_keys: [] }),
      await create({ name: 'foreign', type: 'copilot', api_keys: [] }),
    ]
    await configure({ ai_provider_id: full.id, model: 'shown' })
    await configure({ ai_provider_id: full.id, model: 'hidden', enabled: false })
    const { providers, unsupported_providers } = await grace.call(chatModelsRoutes.usable, {})
    expect(providers.find(({ provider }) => provider === 'full')).toEqual({
      provider: 'full',
      available: true,
      models: [{ id: 'full:shown', provider: 'full', model: 'shown', display_name: '' }],
    })
    expect(providers.find(({ provider }) => provider === bare.name)).toMatchObject({
      available: false,
      unavailable_reason: 'user_api_key_required',
    })
    expect(unsupported_providers).toEqual([{ provider: foreign.name, display_name: '' }])
    expect((await grace.call(chatModelsRoutes.list, {})).map(({ model }) => model)).not.toContain('hidden')
  })

  it('that cannot be called end the turn with the reason', async () => {
    const keyless = await create({ api_keys: [] })
    const { id } = await configure({ ai_provider_id: keyless.id, model: 'keyless' })
    const chat = await createChat(admin, 'hi', { model_config_id: id })
    expect((await chatIs(admin, chat.id, 'error')).last_error).toMatchObject({
      kind: 'missing_key',
      retryable: false,
    })
    await change(keyless.id, { enabled: false })
    const second = await createChat(admin, 'hi', { model_config_id: id })
    expect((await chatIs(admin, second.id, 'error')).last_error).toMatchObject({ kind: 'provider_disabled' })
  })
})
