import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatConfigRoutes, chatUserConfigRoutes } from '../../contract/chats-config.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { notificationsRoutes } from '../../contract/notifications.ts'
import { chatIs, configureModel, createChat, getChat, messagesOf } from '../chat-fixture.ts'
import { createFakeClock } from '../fake-clock.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate } from '../workspace-actions.ts'

const DAY_MS = 24 * 3_600_000
const clock = createFakeClock(Date.now())
let server: TestServer
let model: ScriptedModel
let admin: CoderClient
let grace: CoderClient
let config: { readonly id: string }

beforeAll(async () => {
  server = await startTestServer({ clock })
  model = await startScriptedModel()
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
  config = await configureModel(admin, model)
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

async function answered(client: CoderClient, text: string, more: object = {}) {
  model.script({ text: 'Hello.' })
  const { id } = await createChat(client, text, more)
  return chatIs(client, id, 'waiting')
}
const lastBody = (): string => JSON.stringify(model.requests.at(-1)?.body)

describe('a setting of the deployment', () => {
  const { systemPrompt, planModeInstructions, modelOverride, personalModelOverrides, templateAllowlist } =
    chatConfigRoutes
  it('that is for administrators is not there for others, who cannot change any', async () => {
    const title = { params: { context: 'title_generation' } }
    for (const read of [
      () => grace.call(systemPrompt, {}),
      () => grace.call(planModeInstructions, {}),
      () => grace.call(modelOverride, title),
      () => grace.call(personalModelOverrides, {}),
      () => grace.call(templateAllowlist, {}),
      () => grace.call(chatConfigRoutes.updateTemplateAllowlist, { body: { template_ids: [] } }),
    ])
      await expect(read()).rejects.toMatchObject({ status: 404 })
    for (const write of [
      () => grace.call(chatConfigRoutes.updateSystemPrompt, { body: { system_prompt: 'x' } }),
      () => grace.call(chatConfigRoutes.updateWorkspaceTtl, { body: { workspace_ttl_ms: 0 } }),
      () => grace.call(chatConfigRoutes.updateRetentionDays, { body: { retention_days: 0 } }),
      () => grace.call(chatConfigRoutes.updateModelOverride, { ...title, body: { model_config_id: '' } }),
    ])
      await expect(write()).rejects.toMatchObject({ status: 403 })
    expect(await grace.call(chatConfigRoutes.workspaceTtl, {})).toEqual({ workspace_ttl_ms: 0 })
    expect(await grace.call(chatConfigRoutes.retentionDays, {})).toEqual({ retention_days: 0 })
    expect(await grace.call(chatConfigRoutes.autoArchiveDays, {})).toEqual({ auto_archive_days: 0 })
  })

  it('is read by administrators, and as long as nobody set it, as nothing', async () => {
    const title = { params: { context: 'title_generation' } }
    expect(await admin.call(modelOverride, title)).toMatchObject({ model_config_id: '' })
    expect(await admin.call(personalModelOverrides, {})).toEqual({ allow_users: false })
    expect(await admin.call(planModeInstructions, {})).toEqual({ plan_mode_instructions: '' })
    expect(await grace.call(chatUserConfigRoutes.prompt, {})).toEqual({ custom_prompt: '' })
  })

  it('of a model or a purpose that is not there cannot be set', async () => {
    const nobody = { modelconfig: '00000000-0000-4000-8000-000000000001' }
    await expect(
      grace.call(chatUserConfigRoutes.updateThreshold, { params: nobody, body: { threshold_percent: 50 } }),
    ).rejects.toMatchObject({ status: 404 })
    await expect(
      grace.call(chatUserConfigRoutes.updateModelOverride, {
        params: { context: 'no-such' },
        body: { mode: 'chat_default', model_config_id: '' },
      }),
    ).rejects.toMatchObject({ status: 404 })
  })

  it('is kept within its bounds', async () => {
    const ttl = (ms: number) =>
      admin.call(chatConfigRoutes.updateWorkspaceTtl, { body: { workspace_ttl_ms: ms } })
    await ttl(60_000)
    expect(await grace.call(chatConfigRoutes.workspaceTtl, {})).toEqual({ workspace_ttl_ms: 60_000 })
    for (const ms of [1, -1, 31 * DAY_MS]) await expect(ttl(ms)).rejects.toMatchObject({ status: 400 })
    await expect(
      admin.call(chatConfigRoutes.updateRetentionDays, { body: { retention_days: 3651 } }),
    ).rejects.toMatchObject({ status: 400 })
    const prompt = (text: string) =>
      admin.call(chatConfigRoutes.updateSystemPrompt, { body: { system_prompt: text } })
    await expect(prompt('x'.repeat(128 * 1024 + 1))).rejects.toMatchObject({ status: 400 })
    const template = await createTemplate(admin, 'small')
    const allow = (...ids: string[]) =>
      admin.call(chatConfigRoutes.updateTemplateAllowlist, { body: { template_ids: ids } })
    await allow(template.id)
    expect(await admin.call(templateAllowlist, {})).toEqual({ template_ids: [template.id] })
    await expect(allow('nothing')).rejects.toMatchObject({ status: 400 })
    await allow()
    const override = (context: string, id: string) =>
      admin.call(chatConfigRoutes.updateModelOverride, { params: { context }, body: { model_config_id: id } })
    await expect(override('general', 'nothing')).rejects.toMatchObject({ status: 400 })
    await expect(override('unknown', '')).rejects.toMatchObject({ status: 404 })
  })
})

describe('what a model is told', () => {
  it('is what administrators and users have set, without what nobody sees', async () => {
    const update = (body: { system_prompt: string; include_default_system_prompt?: boolean }) =>
      admin.call(chatConfigRoutes.updateSystemPrompt, { body })
    await update({ system_prompt: 'Be bri\u200Bef.\u{E0041}', include_default_system_prompt: false })
    const shown = await admin.call(chatConfigRoutes.systemPrompt, {})
    expect(shown).toMatchObject({ system_prompt: 'Be brief.', include_default_system_prompt: false })
    expect(shown.default_system_prompt).toContain('software engineer')
    expect(
      await grace.call(chatUserConfigRoutes.updatePrompt, { body: { custom_prompt: 'Call me G.' } }),
    ).toEqual({ custom_prompt: 'Call me G.' })
    await admin.call(chatConfigRoutes.updatePlanModeInstructions, {
      body: { plan_mode_instructions: 'Plans have three parts.' },
    })
    await answered(grace, 'plan it', { plan_mode: 'plan' })
    expect(lastBody()).toContain('Be brief.')
    expect(lastBody()).not.toContain('software engineer')
    expect(lastBody()).toContain('Call me G.')
    expect(lastBody()).toContain('Plans have three parts.')
    await update({ system_prompt: 'Be brief.', include_default_system_prompt: true })
    await answered(admin, 'hello')
    expect(lastBody()).toMatch(/software engineer.*Be brief\./)
    expect(lastBody()).not.toMatch(/Call me G\.|three parts/)
    await update({ system_prompt: '' })
  })
})

describe('a model', () => {
  it('that a user prefers is taken for new chats where that is allowed', async () => {
    const other = await configureModel(admin, model, { config: { display_name: 'other' } })
    const prefer = (mode: 'model' | 'deployment_default' | 'chat_default', id = '') =>
      grace.call(chatUserConfigRoutes.updateModelOverride, {
        params: { context: 'root' },
        body: { mode, model_config_id: id },
      })
    await expect(prefer('model', other.id)).rejects.toMatchObject({ status: 403 })
    await admin.call(chatConfigRoutes.updatePersonalModelOverrides, { body: { allow_users: true } })
    await expect(prefer('deployment_default')).rejects.toMatchObject({ status: 400 })
    await prefer('model', other.id)
    expect(await grace.call(chatUserConfigRoutes.modelOverrides, {})).toMatchObject({
      enabled: true,
      root: { context: 'root', mode: 'model', model_config_id: other.id, is_set: true, is_malformed: false },
      general: { mode: 'deployment_default', model_config_id: '', is_set: false },
      deployment_defaults: { explore: { context: 'explore', model_config_id: '' } },
    })
    expect((await answered(grace, 'hello')).last_model_config_id).toBe(other.id)
    expect((await answered(admin, 'hello')).last_model_config_id).toBe(config.id)
    await admin.call(chatConfigRoutes.updatePersonalModelOverrides, { body: { allow_users: false } })
    expect((await answered(grace, 'hello')).last_model_config_id).toBe(config.id)
  })

  it('for titles makes them', async () => {
    const titles = await configureModel(admin, model, {
      config: { model: 'small-titles', display_name: 'titles' },
    })
    await admin.call(chatConfigRoutes.updateModelOverride, {
      params: { context: 'title_generation' },
      body: { model_config_id: titles.id },
    })
    model.scriptAsides({ text: 'By the small one' }, { text: 'Greeted' })
    const { id } = await answered(grace, 'hello there')
    await waitFor('the title', async () =>
      (await getChat(grace, id)).title === 'By the small one' ? true : undefined,
    )
    expect(model.asides.at(-1)?.body['model']).toBe('small-titles')
  })
})

describe('a threshold of one’s own', () => {
  it('decides when what was said is summarised', async () => {
    const params = { params: { modelconfig: config.id } }
    const set = (percent: number) =>
      grace.call(chatUserConfigRoutes.updateThreshold, { ...params, body: { threshold_percent: percent } })
    await expect(set(101)).rejects.toMatchObject({ status: 400 })
    expect(await set(1)).toEqual({ model_config_id: config.id, threshold_percent: 1 })
    expect(await grace.call(chatUserConfigRoutes.thresholds, {})).toEqual({
      thresholds: [{ model_config_id: config.id, threshold_percent: 1 }],
    })
    model.script(
      { calls: [{ name: 'nothing', args: {} }], usage: { input: 3000, output: 1 } },
      { text: 'A summary.' },
      { text: 'Done.' },
    )
    const { id } = await createChat(grace, 'go')
    await chatIs(grace, id, 'waiting')
    const summarised = (await messagesOf(grace, id)).find(({ role }) => role === 'assistant')
    expect(summarised).toBeDefined()
    expect(lastBody()).toContain('A summary.')
    await grace.call(chatUserConfigRoutes.deleteThreshold, params)
    expect(await grace.call(chatUserConfigRoutes.thresholds, {})).toEqual({ thresholds: [] })
  })
})

describe('time', () => {
  it('archives what nobody touches, tells its owner, and removes what was archived long ago', async () => {
    const idle = await answered(grace, 'an idle chat')
    const pinned = await answered(grace, 'a pinned chat')
    await grace.call(chatsRoutes.update, { params: { chat: pinned.id }, body: { pin_order: 1 } })
    model.answer(({ body }) =>
      JSON.stringify((body['messages'] as object[])[0]).includes('look around')
        ? { text: 'Seen.' }
        : undefined,
    )
    model.script(
      { calls: [{ name: 'spawn_agent', args: { type: 'explore', prompt: 'look around' } }] },
      { text: 'delegated' },
    )
    const root = await createChat(grace, 'a chat with a sub-agent')
    await chatIs(grace, root.id, 'waiting')
    const child = (await getChat(grace, root.id)).children[0]?.id ?? ''
    await chatIs(grace, child, 'waiting')
    await admin.call(chatConfigRoutes.updateAutoArchiveDays, { body: { auto_archive_days: 7 } })
    await admin.call(chatConfigRoutes.updateRetentionDays, { body: { retention_days: 30 } })
    const { chatFiles, chatLifecycle } = server.deployment.services
    const file = (name: string, chatId?: string) => {
      const given = {
        ...{ ownerId: idle.owner_id, organizationId: idle.organization_id, name },
        ...{ mediaType: 'text/plain', bytes: Buffer.from('x') },
      }
      return chatId === undefined ? chatFiles.upload(given) : chatFiles.storeFile({ ...given, chatId })
    }
    const [ofIdle, ofPinned, loose] = [file('a', idle.id), file('b', pinned.id), file('c')]
    const stateOf = async (id: string) => (await getChat(server.client(graceToken()), id)).archived
    clock.jump(8 * DAY_MS)
    chatLifecycle.sweep()
    expect(await stateOf(idle.id)).toBe(true)
    expect(await stateOf(pinned.id)).toBe(false)
    expect([await stateOf(root.id), await stateOf(child)]).toEqual([true, true])
    const { notifications } = await server.client(graceToken()).call(notificationsRoutes.inbox, { query: {} })
    expect(notifications[0]?.content).toContain('- an idle chat')
    expect(notifications[0]?.content).not.toContain('look around')
    clock.jump(31 * DAY_MS)
    chatLifecycle.sweep()
    for (const id of [idle.id, root.id, child])
      await expect(stateOf(id)).rejects.toMatchObject({ status: 404 })
    expect([ofIdle, ofPinned, loose].map(({ id }) => chatFiles.find(id) !== undefined)).toEqual([
      false,
      true,
      // Of a message that somebody may still send.
      true,
    ])
  })
})

/** Keys end while the clock runs on; this one begins now. */
function graceToken(): string {
  const { db, sessions } = server.deployment.services
  const user = db.first(db.sql.selectFrom('users').select('id').where('username', '=', 'grace'))
  return sessions.create(user?.id ?? '', { loginType: 'password' }).token
}
