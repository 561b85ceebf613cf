// Against a real local deployment in a process of its own and a scripted model.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCoderClient } from '#bridge/client/coder-client'
import { chatDebugRunSchema } from '#bridge/contract/chats-debug'
import { configureModel } from '#bridge/testing/chat-fixture'
import { startScriptedModel, type ScriptedModel } from '#bridge/testing/scripted-model'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const TIMEOUT = 60_000

let deployment: StandaloneDeployment
let model: ScriptedModel
let harness: AppHarness
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outpost-debug-'))
  deployment = await startStandaloneDeployment()
  model = await startScriptedModel()
  const client = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
  await configureModel(client, model)
  harness = await startHarness({ local: { url: deployment.url, token: deployment.token } })
  await untilConnected(harness.page)
}, TIMEOUT)
afterAll(async () => {
  await harness.close()
  await model.close()
  await deployment.close()
  await rm(folder, { recursive: true, force: true })
}, TIMEOUT)

describe('debug runs', { timeout: TIMEOUT }, () => {
  it('are allowed, switched on, listed, read and exported', async () => {
    const { page, desktop } = harness
    expect(await page.call('chatDebug.logging', LOCAL)).toMatchObject({ user_toggle_allowed: false })
    await expect(page.call('chatDebug.setLogging', { ...LOCAL, enabled: true })).rejects.toMatchObject({
      error: { code: 'not_allowed' },
    })
    await page.call('chatDebug.setRules', { ...LOCAL, allowUsers: true, retentionDays: 7 })
    expect(await page.call('chatDebug.rules', LOCAL)).toEqual({
      allowUsers: true,
      isForced: false,
      retentionDays: 7,
    })
    await page.call('chatDebug.setLogging', { ...LOCAL, enabled: true })
    expect(await page.call('chatDebug.logging', LOCAL)).toMatchObject({ debug_logging_enabled: true })

    model.script({ text: 'Seen.' })
    const { id: chatId } = await page.call('chats.create', {
      ...LOCAL,
      content: [{ type: 'text', text: 'Look' }],
    })
    const chat = page.subscribe('chats.watchChat', { ...LOCAL, chatId })
    await chat.next(({ status }) => status === 'waiting')
    chat.cancel()
    const runs = await page.call('chatDebug.runs', { ...LOCAL, chatId })
    const turn = runs.find(({ kind }) => kind === 'chat_turn')
    const target = { ...LOCAL, chatId, runId: turn?.id ?? '' }
    expect((await page.call('chatDebug.run', target)).steps).toMatchObject([
      { normalized_response: { content: [{ text: 'Seen.' }] } },
    ])

    const path = join(folder, 'run.json')
    desktop.savePath = path
    expect(await page.call('chatDebug.exportRun', target)).toEqual({ saved: true })
    const exported = chatDebugRunSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    expect(exported).toMatchObject({ id: turn?.id, steps: [{ step_number: 1 }] })
  })

  it('that are not there are not found', async () => {
    const target = { ...LOCAL, chatId: testUuid(1) }
    await expect(harness.page.call('chatDebug.runs', target)).rejects.toMatchObject({
      error: { code: 'not_found' },
    })
  })
})
