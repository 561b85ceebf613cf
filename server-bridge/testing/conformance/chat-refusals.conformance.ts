/** What a chat does not allow: while it rests, while it lies in the archive, and what is too much for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatIs, configureModel, createChat, messagesOf } from '../chat-fixture.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient

beforeAll(async () => {
  server = await startTestServer({ chats: { timings: { retryBaseMs: 5, retryCapMs: 10 } } })
  model = await startScriptedModel()
  client = await server.ownerClient()
  await configureModel(client, model)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const missing = '00000000-0000-4000-8000-00000000abcd'
const words = (text: string) => ({ content: [{ type: 'text' as const, text }] })
const send = (chat: string, text: string) =>
  client.call(chatMessagesRoutes.send, { params: { chat }, body: words(text) })
const edit = (chat: string, message: number, text: string) =>
  client.call(chatMessagesRoutes.edit, { params: { chat, message: String(message) }, body: words(text) })
const submit = (chat: string) =>
  client.call(chatsRoutes.toolResults, {
    params: { chat },
    body: { results: [{ tool_call_id: 'nothing', output: 'x' }] },
  })
const archive = (chat: string) =>
  client.call(chatsRoutes.update, { params: { chat }, body: { archived: true } })

async function answered() {
  model.script({ text: 'Hello there.' })
  const { id } = await createChat(client, 'hi')
  await chatIs(client, id, 'waiting')
  const [first] = await messagesOf(client, id)
  return { id, messageId: first?.id ?? 0 }
}

describe('a chat', () => {
  it('that is not there takes neither messages nor results', async () => {
    await expect(send(missing, 'hi')).rejects.toMatchObject({ status: 404 })
    await expect(submit(missing)).rejects.toMatchObject({ status: 404 })
  })

  it('takes messages of up to 256 KiB, new or edited', async () => {
    const { id, messageId } = await answered()
    const tooLong = 'x'.repeat(257 * 1024)
    await expect(send(id, tooLong)).rejects.toMatchObject({ status: 413 })
    await expect(edit(id, messageId, tooLong)).rejects.toMatchObject({ status: 413 })
  })

  it('that asked for nothing takes no results', async () => {
    const { id } = await answered()
    await expect(submit(id)).rejects.toMatchObject({ status: 409 })
  })

  it('in the archive is not edited', async () => {
    const { id, messageId } = await answered()
    await archive(id)
    await expect(edit(id, messageId, 'better')).rejects.toMatchObject({ status: 409 })
  })

  it('in the archive keeps the messages that still waited when it failed', async () => {
    let goOn = (): void => undefined
    const hold = new Promise<void>((resolve) => (goOn = resolve))
    model.script({ calls: [{ name: 'nothing', args: {} }], hold }, { status: 400 })
    const { id } = await createChat(client, 'fail')
    const { queued_message: queued } = await send(id, 'and then')
    goOn()
    await chatIs(client, id, 'error')
    await archive(id)
    const params = { params: { chat: id, queuedmessage: String(queued?.id) } }
    await expect(client.call(chatMessagesRoutes.deleteQueued, params)).rejects.toMatchObject({ status: 409 })
    await expect(client.call(chatMessagesRoutes.promoteQueued, params)).rejects.toMatchObject({ status: 409 })
    const { queued_messages: left } = await client.call(chatMessagesRoutes.list, {
      params: { chat: id },
      query: {},
    })
    expect(left.map((message) => message.id)).toEqual([queued?.id])
  })
})

it('the newest chats of workspaces are asked for by ids, of up to 25', async () => {
  const ask = (workspace_ids: string) => client.call(chatsRoutes.byWorkspace, { query: { workspace_ids } })
  expect(await ask(missing)).toEqual({})
  await expect(ask('mine')).rejects.toMatchObject({ status: 400 })
  await expect(ask(Array.from({ length: 26 }, () => missing).join())).rejects.toMatchObject({ status: 400 })
})
