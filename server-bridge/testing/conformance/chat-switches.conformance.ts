import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatApprovalsRoutes } from '../../contract/chats-approvals.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatStreamRoutes } from '../../contract/chats-stream.ts'
import { chatSwitchesRoutes } from '../../contract/chats-switches.ts'
import { chatTitlesRoutes } from '../../contract/chats-titles.ts'
import { chatIs, configureModel, createChat, getChat, messagesOf, outline } from '../chat-fixture.ts'
import { rawRequest } from '../raw-request.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let admin: CoderClient

beforeAll(async () => {
  server = await startTestServer()
  model = await startScriptedModel()
  admin = await server.ownerClient()
  await configureModel(admin, model)
})
afterEach(async () => {
  expect(model.left()).toBe(0)
  await change({ stopped: false })
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const change = (body: object, client = admin) => client.call(chatSwitchesRoutes.update, { body })
const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] })
const send = (chat: string, words: string) =>
  admin.call(chatMessagesRoutes.send, { params: { chat }, body: text(words) })
const off = { status: 503, message: expect.stringContaining('switched off chats') as string }
const clientTool = { name: 'ask_client', description: 'x', input_schema: { type: 'object', properties: {} } }

it('stops every chat at once, and keeps what was said and what waits', async () => {
  let release = (): void => undefined
  const hold = new Promise<void>((resolve) => (release = resolve))
  model.script({ text: 'a long answer that goes on', hold })
  const busy = await createChat(admin, 'go')
  await waitFor('the call', () => (model.left() === 0 ? true : undefined))
  for (const words of ['next', 'and then']) await send(busy.id, words)
  model.script({ calls: [{ name: 'ask_client', args: {} }] })
  const asking = await createChat(admin, 'ask', { unsafe_dynamic_tools: [clientTool] })
  await chatIs(admin, asking.id, 'requires_action')

  expect(await change({ stopped: true })).toMatchObject({ stopped: true, stopped_at_start: false })
  const stopped = await chatIs(admin, busy.id, 'error')
  expect(stopped.last_error?.message).toContain('switched off chats')
  await chatIs(admin, asking.id, 'error')
  release()
  const page = await admin.call(chatMessagesRoutes.list, { params: { chat: busy.id }, query: {} })
  expect(page.queued_messages.map(({ content }) => content[0]?.text)).toEqual(['and then'])
  const next = { chat: busy.id, queuedmessage: String(page.queued_messages[0]?.id) }
  await expect(admin.call(chatMessagesRoutes.promoteQueued, { params: next })).rejects.toMatchObject(off)
  expect(outline(page.messages.toReversed())).toContain('user: next')

  await change({ stopped: false })
  model.script({ text: 'on again' }, { text: 'and more' })
  await send(busy.id, 'go on')
  await chatIs(admin, busy.id, 'waiting')
  expect(outline(await messagesOf(admin, busy.id)).at(-1)).toBe('assistant: and more')
})

it('refuses whatever would begin work, and lets everything be read', async () => {
  model.script({ text: 'fine' })
  const chat = await createChat(admin, 'go')
  await chatIs(admin, chat.id, 'waiting')
  const [first] = await messagesOf(admin, chat.id)
  await change({ stopped: true })
  await expect(createChat(admin, 'more')).rejects.toMatchObject(off)
  await expect(send(chat.id, 'more')).rejects.toMatchObject(off)
  await expect(
    admin.call(chatMessagesRoutes.edit, {
      params: { chat: chat.id, message: String(first?.id) },
      body: text('x'),
    }),
  ).rejects.toMatchObject(off)
  await expect(
    admin.call(chatsRoutes.toolResults, { params: { chat: chat.id }, body: { results: [] } }),
  ).rejects.toMatchObject(off)
  const decisions = [{ tool_call_id: 'x', decision: 'allow' as const }]
  for (const begun of [
    () => admin.call(chatApprovalsRoutes.decide, { params: { chat: chat.id }, body: { decisions } }),
    () => admin.call(chatTitlesRoutes.propose, { params: { chat: chat.id } }),
    () => admin.call(chatTitlesRoutes.regenerate, { params: { chat: chat.id } }),
    () => admin.call(chatTitlesRoutes.compact, { params: { chat: chat.id } }),
  ])
    await expect(begun()).rejects.toMatchObject(off)
  const { url, headers } = admin.socket(chatStreamRoutes.stream, { params: { chat: chat.id } })
  expect((await rawRequest(url.replace(/^ws/, 'http'), { headers })).status).toBe(503)
  expect((await getChat(admin, chat.id)).status).toBe('waiting')
  expect(await messagesOf(admin, chat.id)).toHaveLength(2)
  await admin.call(chatsRoutes.update, { params: { chat: chat.id }, body: { archived: true } })
})

it('is for administrators, is kept, and is written down', async () => {
  const grace = await server.memberClient('grace')
  await expect(change({ stopped: true }, grace)).rejects.toMatchObject({ status: 403 })
  await change({ stopped: true })
  expect(server.deployment.services.auditLog.newest(1)[0]).toMatchObject({
    resource_type: 'chat_settings',
    resource_target: 'switches',
  })
  await server.restart()
  admin = await server.ownerClient()
  expect(await admin.call(chatSwitchesRoutes.get, {})).toEqual({
    stopped: true,
    stopped_at_start: false,
    byok_enabled: true,
  })
})

it('cannot be undone where the server was started without chats', async () => {
  const other = await startTestServer({ chats: { isOn: false } })
  try {
    const client = await other.ownerClient()
    const update = client.call(chatSwitchesRoutes.update, { body: { stopped: false } })
    await expect(update).rejects.toMatchObject({ status: 409 })
    await expect(createChat(client, 'hi')).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('CODER_AI_GATEWAY_ENABLED=false') as string,
    })
  } finally {
    await other.close()
  }
})
