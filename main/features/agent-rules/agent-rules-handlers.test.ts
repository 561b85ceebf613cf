// Against a real local deployment in a process of its own, and a stub for what others answer.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { chatAdvisorRoutes } from '#bridge/contract/chats-advisor'
import { chatConfigRoutes } from '#bridge/contract/chats-config'
import { zeroUuid } from '#bridge/contract/zero-values'
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
    deployment = await startStandaloneDeployment(undefined, ['--experiments', 'chat-advisor'])
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

  it('is the advisor that agents ask, whose model may be that of each chat', async () => {
    const { page } = harness
    const seen = { enabled: false, maxUses: 3, maxTokens: 16_384, modelConfigId: '', effort: '' }
    expect(await page.call('agentRules.advisor', LOCAL)).toEqual({ ...seen, maySwitch: false })
    const wished = { ...seen, maxUses: 1, maxTokens: 2000 }
    await page.call('agentRules.setAdvisor', { ...LOCAL, seen, wished })
    expect(await colleague.call(chatAdvisorRoutes.get, {})).toMatchObject({
      ...{ max_uses_per_run: 1, max_output_tokens: 2000, model_config_id: zeroUuid },
    })
    await expect(
      page.call('agentRules.setAdvisor', { ...LOCAL, seen, wished: { ...wished, maxUses: 2 } }),
    ).rejects.toMatchObject(changedMeanwhile)
    await expect(
      page.call('agentRules.setAdvisor', { ...LOCAL, seen: wished, wished: { ...wished, maxUses: 1201 } }),
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

describe('the advisor of another deployment', { timeout: TIMEOUT }, () => {
  const token = 'Abcdefghij-0123456789abcdefghijkl'
  const advisor = '/api/experimental/chats/config/advisor'
  const config = { enabled: false, max_uses_per_run: 0, max_output_tokens: 0 }
  const fields = { maxUses: 0, maxTokens: 0, effort: '' }
  let stub: StubDeployment
  let harness: AppHarness
  let told: { readonly config: object; readonly experiments: readonly string[] }

  beforeEach(async () => {
    stub = await startStubDeployment(token)
    harness = await startHarness({ local: { url: stub.url, token } })
    await untilConnected(harness.page)
    stub.override = ({ method, path }) => {
      if (path === '/api/v2/experiments') return { status: 200, body: told.experiments }
      if (path !== advisor) return undefined
      return method === 'PUT' ? { status: 204 } : { status: 200, body: told.config }
    }
  }, TIMEOUT)
  afterEach(async () => {
    await harness.close()
    await stub.close()
  }, TIMEOUT)

  it('is a switch where no experiment decides', async () => {
    const { page } = harness
    told = { config: { ...config, model_config_id: zeroUuid }, experiments: ['oauth2'] }
    const seen = { ...fields, enabled: false, modelConfigId: '' }
    expect(await page.call('agentRules.advisor', LOCAL)).toEqual({ ...seen, maySwitch: true })
    await page.call('agentRules.setAdvisor', { ...LOCAL, seen, wished: { ...seen, enabled: true } })
    expect(bodyOfLast()).toEqual({ ...told.config, enabled: true })
    await expect(
      page.call('agentRules.setAdvisor', { ...LOCAL, seen: { ...seen, enabled: true }, wished: seen }),
    ).rejects.toMatchObject(changedMeanwhile)
  })

  it('keeps what it does not know of its own, where the model is set elsewhere', async () => {
    const { page } = harness
    told = { config: { ...config, enabled: true }, experiments: ['chat-advisor'] }
    const seen = { ...fields, enabled: true, modelConfigId: null }
    expect(await page.call('agentRules.advisor', LOCAL)).toEqual({ ...seen, maySwitch: false })
    await page.call('agentRules.setAdvisor', { ...LOCAL, seen, wished: { ...seen, maxUses: 2 } })
    expect(bodyOfLast()).toEqual({ ...told.config, max_uses_per_run: 2 })
  })

  it('thinks as hard as it was set, as long as it has a model of its own', async () => {
    const { page } = harness
    const id = testUuid(7)
    told = {
      config: { ...config, model_config_id: id, reasoning_effort: 'high' },
      experiments: ['chat-advisor'],
    }
    const seen = { ...fields, enabled: false, modelConfigId: id, effort: 'high' }
    expect(await page.call('agentRules.advisor', LOCAL)).toEqual({ ...seen, maySwitch: false })
    await page.call('agentRules.setAdvisor', { ...LOCAL, seen, wished: { ...seen, maxUses: 2 } })
    expect(bodyOfLast()).toMatchObject({ model_config_id: id, reasoning_effort: 'high' })
    await page.call('agentRules.setAdvisor', { ...LOCAL, seen, wished: { ...seen, modelConfigId: '' } })
    expect(bodyOfLast()).toMatchObject({ model_config_id: zeroUuid })
    expect(bodyOfLast()).not.toHaveProperty('reasoning_effort')
  })

  it.each([403, 404])('is not there where the deployment answers %i', async (status) => {
    stub.override = ({ path }) => (path === advisor ? { status, body: { message: 'No.' } } : undefined)
    expect(await harness.page.call('agentRules.advisor', LOCAL)).toBeNull()
  })

  const bodyOfLast = (): unknown =>
    JSON.parse(stub.requests.findLast(({ method }) => method === 'PUT')?.body ?? 'null')
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
