// Against a real local deployment in a process of its own, and a stub for what others answer.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { chatConfigRoutes } from '#bridge/contract/chats-config'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { startStubDeployment, type StubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const TIMEOUT = 60_000
const changedMeanwhile = { error: { code: 'changed_meanwhile' } }

describe('what an administrator decides for all agents', { timeout: TIMEOUT }, () => {
  let deployment: StandaloneDeployment
  let colleague: CoderClient
  let harness: AppHarness

  beforeAll(async () => {
    deployment = await startStandaloneDeployment()
    colleague = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
    harness = await startHarness({ local: { url: deployment.url, token: deployment.token } })
    await untilConnected(harness.page)
  }, TIMEOUT)
  afterAll(async () => {
    await harness.close()
    await deployment.close()
  }, TIMEOUT)

  it('are instructions, which are not written over what somebody else wrote', async () => {
    const { page } = harness
    const blank = { text: '', includesDefault: true }
    const wished = { text: 'Be brief.', includesDefault: false }
    expect(await page.call('agentRules.instructions', LOCAL)).toMatchObject({
      systemPrompt: { ...blank, defaultText: expect.stringContaining('software engineer') as string },
      planMode: '',
    })
    await page.call('agentRules.setSystemPrompt', { ...LOCAL, seen: blank, wished })
    await page.call('agentRules.setPlanMode', { ...LOCAL, seen: '', wished: 'Three parts.' })
    await expect(
      page.call('agentRules.setSystemPrompt', { ...LOCAL, seen: blank, wished: { ...blank, text: 'No.' } }),
    ).rejects.toMatchObject(changedMeanwhile)
    await expect(
      page.call('agentRules.setPlanMode', { ...LOCAL, seen: '', wished: 'No.' }),
    ).rejects.toMatchObject(changedMeanwhile)
    expect(await page.call('agentRules.instructions', LOCAL)).toMatchObject({
      systemPrompt: wished,
      planMode: 'Three parts.',
    })
  })

  it.each([
    ['workspaceTtlMs', 7_200_000],
    ['retentionDays', 90],
    ['autoArchiveDays', 30],
  ] as const)('are times (%s)', async (name, wished) => {
    const { page } = harness
    await page.call('agentRules.setLifecycle', { ...LOCAL, name, seen: 0, wished })
    expect(await page.call('agentRules.lifecycle', LOCAL)).toMatchObject({ [name]: wished })
    await expect(
      page.call('agentRules.setLifecycle', { ...LOCAL, name, seen: 0, wished: 0 }),
    ).rejects.toMatchObject(changedMeanwhile)
  })

  it('are the templates agents may use', async () => {
    const { page } = harness
    const [first, second] = await page.call('templates.list', LOCAL)
    if (first === undefined || second === undefined) throw new Error('The deployment has no templates.')
    expect(await page.call('agentRules.templates', LOCAL)).toEqual([])
    await page.call('agentRules.setTemplates', { ...LOCAL, seen: [], wished: [first.id, second.id] })
    expect(await page.call('agentRules.templates', LOCAL)).toEqual([first.id, second.id])
    await expect(
      page.call('agentRules.setTemplates', { ...LOCAL, seen: [first.id], wished: [] }),
    ).rejects.toMatchObject(changedMeanwhile)
    // The order says nothing.
    await page.call('agentRules.setTemplates', { ...LOCAL, seen: [second.id, first.id], wished: [] })
    expect(await page.call('agentRules.templates', LOCAL)).toEqual([])
    await expect(
      page.call('agentRules.setTemplates', { ...LOCAL, seen: [], wished: [testUuid(1)] }),
    ).rejects.toMatchObject({ error: { code: 'deployment_error' } })
  })

  it('are models for the tasks the deployment knows, and whether people may choose', async () => {
    const { page } = harness
    expect(await page.call('agentRules.models', LOCAL)).toEqual({
      tasks: ['general', 'explore', 'title_generation'].map((task) => ({
        task,
        modelConfigId: '',
        isMalformed: false,
      })),
      allowsPersonal: false,
    })
    await page.call('agentRules.setPersonalModels', { ...LOCAL, allows: true })
    expect(await colleague.call(chatConfigRoutes.personalModelOverrides, {})).toEqual({ allow_users: true })
    await expect(
      page.call('agentRules.setTaskModel', { ...LOCAL, task: 'compaction', seen: '', wished: '' }),
    ).rejects.toMatchObject({ error: { code: 'unsupported' } })
    await expect(
      page.call('agentRules.setTaskModel', { ...LOCAL, task: 'general', seen: testUuid(1), wished: '' }),
    ).rejects.toMatchObject(changedMeanwhile)
  })
})

describe('another deployment', { timeout: TIMEOUT }, () => {
  const token = 'Abcdefghij-0123456789abcdefghijkl'
  const config = '/api/experimental/chats/config'
  let stub: StubDeployment
  let harness: AppHarness

  beforeEach(async () => {
    stub = await startStubDeployment(token)
    harness = await startHarness({ local: { url: stub.url, token } })
    await untilConnected(harness.page)
  }, TIMEOUT)
  afterEach(async () => {
    await harness.close()
    await stub.close()
  }, TIMEOUT)

  it('that has none of them, or does not tell, has parts that are null', async () => {
    const { page } = harness
    expect(await page.call('agentRules.instructions', LOCAL)).toEqual({ systemPrompt: null, planMode: null })
    expect(await page.call('agentRules.lifecycle', LOCAL)).toEqual({
      workspaceTtlMs: null,
      retentionDays: null,
      autoArchiveDays: null,
    })
    expect(await page.call('agentRules.templates', LOCAL)).toBeNull()
    expect(await page.call('agentRules.models', LOCAL)).toEqual({ tasks: [], allowsPersonal: null })
    await expect(
      page.call('agentRules.setTemplates', { ...LOCAL, seen: [], wished: [] }),
    ).rejects.toMatchObject({ error: { code: 'unsupported' } })
  })

  it('that fails is not taken for one without them', async () => {
    stub.override = ({ path }) =>
      path.startsWith(config) ? { status: 500, body: { message: 'Out of order.' } } : undefined
    for (const name of ['instructions', 'lifecycle', 'templates', 'models'] as const)
      await expect(harness.page.call(`agentRules.${name}`, LOCAL)).rejects.toMatchObject({
        error: { code: 'deployment_error' },
      })
  })

  it('may have a model for summaries, and refuse a task that it does not know with 400', async () => {
    const malformed = { context: 'compaction', model_config_id: 'gone', is_malformed: true }
    stub.override = ({ path }) => {
      if (path === `${config}/model-override/compaction`) return { status: 200, body: malformed }
      return path.startsWith(`${config}/model-override/`)
        ? { status: 400, body: { message: 'Unknown context.' } }
        : undefined
    }
    expect(await harness.page.call('agentRules.models', LOCAL)).toEqual({
      tasks: [{ task: 'compaction', modelConfigId: 'gone', isMalformed: true }],
      allowsPersonal: null,
    })
  })
})
