// Against a real local deployment in a process of its own and a scripted model, through a network that can fail.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { chatCostRoutes } from '#bridge/contract/chats-cost'
import { chatModelsRoutes } from '#bridge/contract/chats-models'
import type { ChatUpdate } from '#ipc/chats'
import { configureModel } from '#bridge/testing/chat-fixture'
import { freePort } from '#bridge/testing/echo-server'
import { startFaultProxy, type FaultProxy } from '#bridge/testing/fault-proxy'
import { startScriptedModel, type ScriptedModel } from '#bridge/testing/scripted-model'
import { testUuid } from '../../testing/builders.ts'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const TIMEOUT = 60_000
const text = (words: string) => [{ type: 'text' as const, text: words }]

let deployment: StandaloneDeployment
let proxy: FaultProxy
let model: ScriptedModel
let harness: AppHarness
let client: CoderClient

beforeAll(async () => {
  const port = await freePort()
  proxy = await startFaultProxy(port)
  deployment = await startStandaloneDeployment({ port, accessUrl: proxy.url })
  model = await startScriptedModel()
  client = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
  harness = await startHarness({ local: { url: proxy.url, token: deployment.token } })
  await untilConnected(harness.page)
}, TIMEOUT)
afterAll(async () => {
  await harness.close()
  await model.close()
  await proxy.close()
  await deployment.close()
}, TIMEOUT)

function held() {
  let release: () => void = () => undefined
  const hold = new Promise<void>((resolve) => {
    release = resolve
  })
  return { hold, release }
}
const create = (words: string) => harness.page.call('chats.create', { ...LOCAL, content: text(words) })
const follow = (chatId: string) => harness.page.subscribe('chats.watchTranscript', { ...LOCAL, chatId })
const eventsOf = (outputs: readonly ChatUpdate[]) =>
  outputs.flatMap((update) => (update.kind === 'events' ? update.events : []))
const has = (type: string) => (update: ChatUpdate) =>
  update.kind === 'events' && update.events.some((event) => event.type === type)
const isIdle = (update: ChatUpdate) =>
  update.kind === 'events' && update.events.some(({ status }) => status?.status === 'waiting')

describe('chats of a deployment', { timeout: TIMEOUT }, () => {
  it('say that no model is set up, and which there are', async () => {
    expect(await harness.page.call('chats.support', LOCAL)).toMatchObject({ chats: 'ready' })
    expect((await harness.page.call('chats.models', LOCAL)).models).toEqual([])
    const refused = await create('Hello').catch((thrown: unknown) => thrown)
    expect(refused).toBeInstanceOf(CallFailure)
    await configureModel(client, model, { config: { display_name: 'Scripted' } })
    expect((await harness.page.call('chats.models', LOCAL)).models).toMatchObject([
      { displayName: 'Scripted', isDefault: true, contextLimit: 200_000 },
    ])
  })

  it('are listed live, with their state, and tell their end by a notification', async () => {
    const list = harness.page.subscribe('chats.watchList', { ...LOCAL, q: '', limit: 50 })
    const { hold, release } = held()
    model.script({ text: 'Done with it.', hold })
    const chat = await create('Tidy up')
    await list.next(({ chats }) => chats.some(({ id, status }) => id === chat.id && status === 'running'))
    expect(harness.tray.labels().join('\n')).toContain('Tidy up: at work')
    release()
    const { chats } = await list.next((one) => one.chats.some((row) => row.id === chat.id && row.has_unread))
    expect(chats.find(({ id }) => id === chat.id)).toMatchObject({ status: 'waiting' })
    expect(harness.desktop.notifications.map(({ title }) => title)).toContain('Tidy up')
    expect(harness.desktop.beeps).toBe(0)
    await harness.page.call('settings.update', { agents: { notify: false, sound: true } })
    const second = held()
    model.script({ text: 'Done with this, too.', hold: second.hold })
    const other = await create('Sweep')
    await list.next(({ chats }) => chats.some(({ id, status }) => id === other.id && status === 'running'))
    second.release()
    await list.next((one) => one.chats.some((row) => row.id === other.id && row.has_unread))
    expect(harness.desktop.beeps).toBe(1)
    expect(harness.desktop.notifications.map(({ title }) => title)).not.toContain('Sweep')
    await harness.page.call('settings.update', { agents: { notify: true, sound: false } })
    list.cancel()
  })

  it('tell a turn word by word, then whole', async () => {
    const { hold, release } = held()
    model.script({ text: 'One two three four', hold })
    const chat = await create('Count')
    const transcript = follow(chat.id)
    const first = await transcript.next()
    expect(first).toMatchObject({ kind: 'opened', messages: [{ role: 'user' }] })
    await transcript.next(has('message_part'))
    release()
    await transcript.next(isIdle)
    const events = eventsOf(transcript.outputs)
    expect(events.flatMap(({ message_part: part }) => part?.part.text ?? []).join('')).toBe(
      'One two three four',
    )
    expect(events.findLast(({ message }) => message)?.message?.content).toMatchObject([
      { type: 'text', text: 'One two three four' },
    ])
    transcript.cancel()
  })

  it('say what was spent of what may be, and when that begins anew', async () => {
    const limit = (micros: number | null) =>
      client.call(chatCostRoutes.updateLimits, { body: { spend_limit_micros: micros, period: 'day' } })
    const [config] = await client.call(chatModelsRoutes.list, {})
    await client.call(chatModelsRoutes.update, {
      params: { modelconfig: config?.id ?? '' },
      body: { model_config: { cost: { output_price_per_million_tokens: '15' } } },
    })
    model.script({ text: 'Spent' })
    const chat = await create('Spend')
    const transcript = follow(chat.id)
    await transcript.next(isIdle)
    transcript.cancel()
    await limit(1)
    const refused = await harness.page
      .call('chats.send', { ...LOCAL, chatId: chat.id, content: text('More'), interrupts: false })
      .catch((thrown: unknown) => thrown)
    await limit(null)
    expect((refused as CallFailure).error).toMatchObject({
      code: 'usage_limit',
      details: { limit_micros: 1, resets_at: expect.any(String) },
    })
  })

  it('go on after the network was away, without a lost or doubled part', async () => {
    const { hold, release } = held()
    model.script({ text: 'Before after', hold })
    const chat = await create('Break')
    const transcript = follow(chat.id)
    await transcript.next(has('message_part'))
    proxy.begin('refuse')
    await transcript.next((update) => update.kind === 'connection' && update.state === 'waiting')
    release()
    proxy.heal()
    await transcript.next(isIdle)
    const events = eventsOf(transcript.outputs)
    const ids = events.flatMap(({ message }) => (message?.role === 'assistant' ? [message.id] : []))
    expect(new Set(ids).size).toBe(1)
    transcript.cancel()
  })

  it('take a message into the queue, stop, and say which was taken back', async () => {
    const { hold, release } = held()
    model.script({ text: 'Working', hold }, { text: 'Second' }, { text: 'Edited' })
    const chat = await create('First')
    const target = { ...LOCAL, chatId: chat.id }
    const transcript = follow(chat.id)
    await transcript.next(has('message_part'))
    expect(
      await harness.page.call('chats.send', { ...target, content: text('Next'), interrupts: false }),
    ).toMatchObject({ queued: true })
    await transcript.next(has('queue_update'))
    const busy = await harness.page
      .call('chats.update', { ...target, archived: true })
      .catch((thrown: unknown) => thrown)
    expect((busy as CallFailure).error.code).toBe('busy')
    release()
    await transcript.next(isIdle)
    // Nothing runs any more: that is what was asked for.
    expect(await harness.page.call('chats.interrupt', target)).toBeNull()
    const [prompt] = await harness.page.call('chats.prompts', target)
    expect(prompt?.text).toBe('Next')
    const edited = await harness.page.call('chats.edit', {
      ...target,
      messageId: prompt?.id ?? 0,
      content: text('Other'),
    })
    expect(edited.messageId).toBeGreaterThan(prompt?.id ?? 0)
    await transcript.next(has('history_reset'))
    await transcript.next(isIdle)
    transcript.cancel()
    const { messages, hasMore } = await harness.page.call('chats.older', {
      ...target,
      beforeId: 1_000_000,
      limit: 2,
    })
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(hasMore).toBe(true)
  })

  it('are summarised on demand, where there is something to sum up', async () => {
    model.script({ text: 'Hello.' }, { text: 'They greeted each other.' })
    const chat = await create('Greet')
    const target = { ...LOCAL, chatId: chat.id }
    const row = harness.page.subscribe('chats.watchChat', target)
    await row.next(({ status }) => status === 'waiting')
    const transcript = follow(chat.id)
    await transcript.next(({ kind }) => kind === 'opened')
    expect(await harness.page.call('chats.compact', target)).toBeNull()
    await transcript.next(isIdle)
    const results = eventsOf(transcript.outputs).flatMap(({ message }) => message?.content ?? [])
    expect(results.find(({ type }) => type === 'tool-result')).toMatchObject({
      tool_name: 'chat_summarized',
      result: { summary: 'They greeted each other.' },
    })
    await harness.page.call('chats.update', { ...target, archived: true })
    const refused = await harness.page.call('chats.compact', target).catch((thrown: unknown) => thrown)
    expect((refused as CallFailure).error.code).toBe('archived')
    transcript.cancel()
    row.cancel()
  })

  it('cannot be summarised while their agent is at work', async () => {
    const { hold, release } = held()
    model.script({ text: 'Working', hold })
    const chat = await create('Work')
    const target = { ...LOCAL, chatId: chat.id }
    const transcript = follow(chat.id)
    await transcript.next(has('message_part'))
    const refused = await harness.page.call('chats.compact', target).catch((thrown: unknown) => thrown)
    expect((refused as CallFailure).error.code).toBe('not_now')
    release()
    await transcript.next(isIdle)
    transcript.cancel()
  })

  it('give out their files where the user says, or nowhere', async () => {
    const upload = { ...LOCAL, uploadId: testUuid(1), name: 'notes.txt', mediaType: 'text/plain', at: 0 }
    const piece = Buffer.from('Notes of May').toString('base64')
    const { fileId = '' } = await harness.page.call('chats.uploadFile', { ...upload, piece, isLast: true })
    const file = { ...LOCAL, fileId, name: 'notes.txt' }
    expect(await harness.page.call('chats.saveFile', file)).toEqual({ saved: false })
    const folder = await mkdtemp(join(tmpdir(), 'chat-file-'))
    try {
      harness.desktop.savePath = join(folder, 'saved.txt')
      expect(await harness.page.call('chats.saveFile', file)).toEqual({ saved: true })
      expect(await readFile(join(folder, 'saved.txt'), 'utf8')).toBe('Notes of May')
      harness.desktop.savePath = join(folder, 'none', 'saved.txt')
      const refused = await harness.page.call('chats.saveFile', file).catch((thrown: unknown) => thrown)
      expect((refused as CallFailure).error.code).toBe('not_saved')
    } finally {
      harness.desktop.savePath = null
      await rm(folder, { recursive: true })
    }
  })

  it('change their title, pin and place for every window', async () => {
    model.script({ text: 'Hi' })
    const chat = await create('Row')
    const target = { ...LOCAL, chatId: chat.id }
    const row = harness.page.subscribe('chats.watchChat', target)
    await row.next(({ status }) => status === 'waiting')
    await harness.page.call('chats.update', { ...target, title: 'Renamed', pinOrder: 1 })
    await row.next(({ title }) => title === 'Renamed')
    const list = harness.page.subscribe('chats.watchList', { ...LOCAL, q: '', limit: 50 })
    await list.next(({ chats }) => chats[0]?.id === chat.id)
    await harness.page.call('chats.update', { ...target, archived: true })
    await list.next(({ chats }) => chats.every(({ id }) => id !== chat.id))
    row.cancel()
    list.cancel()
  })

  it('have the sub-agents that they begin, and how these are', async () => {
    model.script(
      { calls: [{ name: 'spawn_agent', args: { type: 'explore', title: 'Look', prompt: 'Look.' } }] },
      { text: 'Begun.' },
      { text: 'Seen.' },
    )
    const chat = await create('Have it looked at')
    const row = harness.page.subscribe('chats.watchChat', { ...LOCAL, chatId: chat.id })
    await row.next(({ children: [child] }) => child?.title === 'Look' && child.status === 'waiting')
    row.cancel()
  })

  it('say where their work is, as far as that is known', async () => {
    model.script({ text: 'Hi' })
    const chat = await create('Nowhere')
    const target = { ...LOCAL, chatId: chat.id }
    expect(await harness.page.call('chats.diff', target)).toEqual({ chat_id: chat.id })
  })

  it('say what is not there', async () => {
    const chatId = '00000000-0000-4000-8000-000000000001'
    expect(await follow(chatId).end()).toMatchObject({ code: 'not_found' })
    expect(await harness.page.subscribe('chats.watchChat', { ...LOCAL, chatId }).end()).toMatchObject({
      code: 'not_found',
    })
  })
})
