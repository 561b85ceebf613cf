// Against a real local deployment in a process of its own, and a stand-in for one that has less.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCoderClient } from '#bridge/client/coder-client'
import { chatConfigRoutes, maxSystemPromptBytes } from '#bridge/contract/chats-config'
import { maxSkillBytes } from '#bridge/contract/user-skills'
import { configureModel } from '#bridge/testing/chat-fixture'
import { startScriptedModel, type ScriptedModel } from '#bridge/testing/scripted-model'
import { sendJson, startStubServer } from '#bridge/testing/stub-server'
import { instructionsMaxBytes, skillMaxBytes } from '#ipc/own-agents-limits'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const TIMEOUT = 60_000

let deployment: StandaloneDeployment
let model: ScriptedModel
let harness: AppHarness
let modelConfigId: string

beforeAll(async () => {
  deployment = await startStandaloneDeployment()
  model = await startScriptedModel()
  const client = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
  ;({ id: modelConfigId } = await configureModel(client, model, { config: { compression_threshold: 80 } }))
  harness = await startHarness({ local: { url: deployment.url, token: deployment.token } })
  await untilConnected(harness.page)
}, TIMEOUT)
afterAll(async () => {
  await harness.close()
  await model.close()
  await deployment.close()
}, TIMEOUT)

const skill = (name: string, body = 'Tag it.') =>
  `---\nname: ${name}\ndescription: How to ${name}\n---\n${body}\n`

describe('settings of one’s own', { timeout: TIMEOUT }, () => {
  it('has instructions, without what nobody sees', async () => {
    const { page } = harness
    expect(await page.call('ownAgents.instructions', LOCAL)).toEqual({ text: '' })
    expect(
      await page.call('ownAgents.setInstructions', { ...LOCAL, seen: '', text: 'Be\u202e brief.' }),
    ).toEqual({
      text: 'Be brief.',
    })
    expect(await page.call('ownAgents.instructions', LOCAL)).toEqual({ text: 'Be brief.' })
    await expect(
      page.call('ownAgents.setInstructions', { ...LOCAL, seen: 'Be brief.', text: 'ä'.repeat(70_000) }),
    ).rejects.toMatchObject({
      error: { code: 'deployment_error', message: expect.stringContaining('128 KiB') as string },
    })
  })

  it('has texts that nobody overwrites who did not see them', async () => {
    const { page } = harness
    const refused = { error: { code: 'changed_meanwhile' } }
    const { text: seen } = (await page.call('ownAgents.instructions', LOCAL)) ?? { text: '' }
    const write = (text: string) => page.call('ownAgents.setInstructions', { ...LOCAL, seen, text })
    await write('From one window.')
    await expect(write('From another.')).rejects.toMatchObject(refused)
    expect(await page.call('ownAgents.instructions', LOCAL)).toEqual({ text: 'From one window.' })
    const name = 'review'
    await page.call('ownAgents.createSkill', { ...LOCAL, content: skill(name) })
    const change = (body: string) =>
      page.call('ownAgents.updateSkill', { ...LOCAL, name, seen: skill(name), content: skill(name, body) })
    await change('From one window.')
    await expect(change('From another.')).rejects.toMatchObject(refused)
    const { content, updated_at: seenAt } = await page.call('ownAgents.skill', { ...LOCAL, name })
    expect(content).toContain('From one window.')
    const remove = (at: string) => page.call('ownAgents.deleteSkill', { ...LOCAL, name, seenAt: at })
    await expect(remove('2026-01-01T00:00:00Z')).rejects.toMatchObject(refused)
    await remove(seenAt)
    await expect(change('Of what is gone.')).rejects.toMatchObject({ error: { code: 'skill_gone' } })
  })

  it('has preferences, and changes only what is said', async () => {
    const { page } = harness
    const changes = { shell_tool_display_mode: 'always_collapsed' as const }
    await page.call('ownAgents.setPreferences', { ...LOCAL, changes })
    await page.call('ownAgents.setPreferences', {
      ...LOCAL,
      changes: { agent_chat_send_shortcut: 'modifier_enter' },
    })
    expect(await page.call('ownAgents.preferences', LOCAL)).toEqual({
      thinking_display_mode: 'auto',
      shell_tool_display_mode: 'always_collapsed',
      code_diff_display_mode: 'auto',
      agent_chat_send_shortcut: 'modifier_enter',
    })
  })

  it('has models once an administrator allows it', async () => {
    const { page } = harness
    const choice = { ...LOCAL, context: 'explore' as const, mode: 'model' as const, modelConfigId }
    expect(await page.call('ownAgents.models', LOCAL)).toBeNull()
    await expect(page.call('ownAgents.setModel', choice)).rejects.toMatchObject({
      error: { code: 'not_allowed' },
    })
    const client = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
    await client.call(chatConfigRoutes.updatePersonalModelOverrides, { body: { allow_users: true } })
    await page.call('ownAgents.setModel', choice)
    expect(await page.call('ownAgents.models', LOCAL)).toMatchObject([
      { context: 'root', mode: 'chat_default' },
      { context: 'general', mode: 'deployment_default', deploymentModelId: '' },
      { context: 'explore', mode: 'model', modelConfigId, isGone: false },
    ])
  })

  it('has thresholds by model, and gives the model’s own back', async () => {
    const { page } = harness
    const threshold = { modelConfigId, defaultPercent: 80 }
    expect(await page.call('ownAgents.thresholds', LOCAL)).toEqual([{ ...threshold, model: 'scripted' }])
    await page.call('ownAgents.setThreshold', { ...LOCAL, modelConfigId, percent: 0 })
    expect(await page.call('ownAgents.thresholds', LOCAL)).toMatchObject([{ ...threshold, ownPercent: 0 }])
    await page.call('ownAgents.setThreshold', { ...LOCAL, modelConfigId, percent: null })
    expect(await page.call('ownAgents.thresholds', LOCAL)).toEqual([{ ...threshold, model: 'scripted' }])
    const gone = { ...LOCAL, modelConfigId: testUuid(9), percent: 5 }
    await expect(page.call('ownAgents.setThreshold', gone)).rejects.toMatchObject({
      error: { code: 'unsupported' },
    })
  })

  it('has skills, which are written, renamed and deleted', async () => {
    const { page } = harness
    expect(await page.call('ownAgents.skills', LOCAL)).toEqual([])
    await page.call('ownAgents.createSkill', { ...LOCAL, content: skill('release') })
    await expect(
      page.call('ownAgents.createSkill', { ...LOCAL, content: skill('release') }),
    ).rejects.toMatchObject({ error: { code: 'name_taken' } })
    await expect(page.call('ownAgents.createSkill', { ...LOCAL, content: 'Tag it.' })).rejects.toMatchObject({
      error: { code: 'deployment_error', message: expect.stringContaining('needs a name') as string },
    })
    const renamed = {
      ...LOCAL,
      name: 'release',
      seen: skill('release'),
      content: skill('ship', 'Ship it.'),
    }
    await page.call('ownAgents.updateSkill', renamed)
    await expect(page.call('ownAgents.updateSkill', renamed)).rejects.toMatchObject({
      error: { code: 'skill_gone' },
    })
    expect(await page.call('ownAgents.skills', LOCAL)).toMatchObject([
      { name: 'ship', description: 'How to ship' },
    ])
    const ship = { ...LOCAL, name: 'ship' }
    const { content, updated_at: seenAt } = await page.call('ownAgents.skill', ship)
    expect(content).toContain('Ship it.')
    await page.call('ownAgents.deleteSkill', { ...ship, seenAt })
    await expect(page.call('ownAgents.deleteSkill', { ...ship, seenAt })).rejects.toMatchObject({
      error: { code: 'skill_gone' },
    })
  })
})

it('counts with the bounds of the deployment', () => {
  expect([instructionsMaxBytes, skillMaxBytes]).toEqual([maxSystemPromptBytes, maxSkillBytes])
})

it('is not there where the deployment has less, or does not let the user', { timeout: TIMEOUT }, async () => {
  const user = { id: testUuid(1), username: 'ada', email: 'ada@example.com', status: 'active' }
  const answers: Readonly<Record<string, unknown>> = {
    '/api/v2/buildinfo': { version: 'v2.20.0' },
    '/api/v2/users/me': {
      ...user,
      created_at: '2026-11-01T10:00:00Z',
      ...{ login_type: 'password', organization_ids: [], roles: [] },
    },
    '/api/v2/users/me/preferences': { task_notification_alert_dismissed: false },
  }
  const server = await startStubServer({
    onRequest: ({ url = '' }, response) => {
      const { pathname } = new URL(url, 'http://stub')
      if (pathname.endsWith('/skills')) sendJson(response, 403, { message: 'Forbidden.' })
      else if (answers[pathname] === undefined) sendJson(response, 404, { message: 'Route not found.' })
      else sendJson(response, 200, answers[pathname])
    },
  })
  const older = await startHarness({
    local: { url: server.url, token: 'Abcdefghij-0123456789abcdefghijkl' },
  })
  try {
    await untilConnected(older.page)
    expect(await older.page.call('ownAgents.preferences', LOCAL)).toEqual({})
    for (const query of ['instructions', 'models', 'thresholds', 'skills'] as const)
      expect(await older.page.call(`ownAgents.${query}`, LOCAL), query).toBeNull()
    await expect(
      older.page.call('ownAgents.setInstructions', { ...LOCAL, seen: '', text: 'Be brief.' }),
    ).rejects.toMatchObject({ error: { code: 'unsupported' } })
  } finally {
    await older.close()
    await server.close()
  }
})
