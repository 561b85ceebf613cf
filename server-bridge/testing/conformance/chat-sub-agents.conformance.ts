import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatApprovalsRoutes } from '../../contract/chats-approvals.ts'
import { chatConfigRoutes } from '../../contract/chats-config.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatWatchRoutes, type ChatWatchEvent, parseChatWatchFrame } from '../../contract/chats-watch.ts'
import {
  chatIs,
  configureModel,
  createChat,
  getChat,
  messagesOf,
  outline,
  readStream,
} from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import type { ModelRequest, ScriptedModel } from '../scripted-model.ts'
import type { ScriptedAnswer, ScriptedCall } from '../scripted-model-formats.ts'
import type { TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient
let workspaceId: string
let folder: string
let ground: ChatWorkspace
let tasks = 0

beforeAll(async () => {
  ground = await startChatWorkspace()
  ;({ server, model, client, workspaceId, folder } = ground)
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(() => ground.close())

/** A task that no other test has, so that the model knows whose request it answers. */
const task = (words: string): string => `task ${(tasks += 1)}: ${words}.`
const messagesIn = ({ body }: ModelRequest): { readonly content: unknown }[] =>
  body['messages'] as { content: unknown }[]
const isAbout = (request: ModelRequest, prompt: string): boolean =>
  JSON.stringify(messagesIn(request)[0]).includes(prompt)
/** What the model says to who has this task, one after the other. */
function forTask(prompt: string, ...steps: ScriptedAnswer[]): void {
  model.answer((request) => (isAbout(request, prompt) ? steps.shift() : undefined))
}
const spawn = (prompt: string, more: object = {}): ScriptedCall => ({
  name: 'spawn_agent',
  args: { type: 'general', prompt, ...more },
})
const waitAgent = (chat_id: string, more: object = {}): ScriptedCall => ({
  name: 'wait_agent',
  args: { chat_id, ...more },
})
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
const send = (id: string, text: string, more: object = {}) =>
  client.call(chatMessagesRoutes.send, {
    params: { chat: id },
    body: { content: [{ type: 'text', text }], ...more },
  })
async function resultsOf(id: string): Promise<Record<string, unknown>[]> {
  return (await messagesOf(client, id))
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content?.[0]?.result as Record<string, unknown>)
}
/** A chat with one sub-agent that is at its task. */
async function withChild(steps: readonly ScriptedAnswer[], more: object = {}, args: object = {}) {
  const prompt = task('do it')
  const root = task('delegate')
  forTask(prompt, ...steps)
  forTask(root, { calls: [spawn(prompt, args)] }, { text: 'delegated' })
  const { id } = await createChat(client, root, more)
  await chatIs(client, id, 'waiting')
  const { children } = await getChat(client, id)
  return { id, root, prompt, childId: children[0]?.id ?? '' }
}

describe('a sub-agent', () => {
  it('works by itself, is seen below its root, and its report is waited for', async () => {
    const held = gate()
    const { url, headers } = client.socket(chatWatchRoutes.watch, { query: {} })
    const socket = new WebSocket(url, { headers })
    const events: ChatWatchEvent[] = []
    socket.on('message', (data: Buffer) => events.push(parseChatWatchFrame(data.toString('utf8'))))
    await new Promise((resolve) => socket.once('open', resolve))
    const { id, root, childId } = await withChild(
      [{ text: 'It is all green.', hold: held.opened }],
      {},
      { title: 'Look' },
    )
    const chat = await getChat(client, id)
    expect(chat.children).toEqual([
      expect.objectContaining({
        id: childId,
        title: 'Look',
        parent_chat_id: id,
        root_chat_id: id,
        owner_id: chat.owner_id,
        status: 'running',
        children: [],
      }),
    ])
    expect((await client.call(chatsRoutes.list, { query: {} })).map((row) => row.id)).not.toContain(childId)
    forTask(root, { calls: [waitAgent(childId)] }, { text: 'done' })
    await send(id, 'and?')
    await waitFor('the wait', async () =>
      (await messagesOf(client, id)).at(-1)?.content?.[0]?.tool_name === 'wait_agent' ? true : undefined,
    )
    held.open()
    await chatIs(client, id, 'waiting')
    expect((await resultsOf(id)).at(-1)).toEqual({
      chat_id: childId,
      title: 'Look',
      status: 'waiting',
      type: 'general',
      report: 'It is all green.',
    })
    const listed = (await client.call(chatsRoutes.list, { query: {} })).find((row) => row.id === id)
    expect(listed?.children).toEqual([expect.objectContaining({ id: childId, has_unread: true })])
    const told = events.filter((event) => event.chat.id === childId)
    expect(told.map(({ kind }) => kind)).toEqual(['created', 'status_change'])
    expect(told[0]?.chat.parent_chat_id).toBe(id)
    socket.close()
    // Nothing of it costs the root its time.
    const rows = server.deployment.services.chatStore.messages(id)
    expect(rows.filter((row) => row.role === 'tool').at(-1)?.runtime_ms).toBe(0)
  })

  it('has the model that is set for its type, and what an administrator wants every chat to know', async () => {
    const small = await configureModel(client, model, { config: { model: 'small', display_name: 'small' } })
    const override = (id: string) =>
      client.call(chatConfigRoutes.updateModelOverride, {
        params: { context: 'explore' },
        body: { model_config_id: id },
      })
    const say = (system_prompt: string) =>
      client.call(chatConfigRoutes.updateSystemPrompt, { body: { system_prompt } })
    await override(small.id)
    await say('Be brief.')
    const { id, childId, prompt } = await withChild([{ text: 'seen' }], {}, { type: 'explore' })
    const child = await chatIs(client, childId, 'waiting')
    expect(child.last_model_config_id).toBe(small.id)
    expect((await getChat(client, id)).last_model_config_id).not.toBe(small.id)
    const request = model.requests.find((one) => isAbout(one, prompt))
    expect(request?.body['model']).toBe('small')
    expect(JSON.stringify(request?.body)).toContain('Be brief.')
    await override('')
    await say('')
  })

  it('has the tools of its type, and begins none itself', async () => {
    const names = (prompt: string): string[] => {
      const request = model.requests.find((one) => isAbout(one, prompt))
      return ((request?.body['tools'] ?? []) as { name: string }[]).map(({ name }) => name).toSorted()
    }
    const explorer = await withChild([{ text: 'seen' }], { workspace_id: workspaceId }, { type: 'explore' })
    await chatIs(client, explorer.childId, 'waiting')
    expect(names(explorer.prompt)).toEqual([
      'execute',
      'git_diff',
      'git_log',
      'git_status',
      'list_directory',
      'process_output',
      'read_file',
      'search_files',
    ])
    const general = await withChild([{ calls: [spawn('more')] }, { text: 'no' }], {
      workspace_id: workspaceId,
    })
    await chatIs(client, general.childId, 'waiting')
    expect(names(general.prompt)).toEqual(
      expect.arrayContaining(['edit_files', 'execute', 'process_list', 'process_signal', 'write_file']),
    )
    expect(names(general.prompt)).not.toContain('wait_agent')
    expect((await resultsOf(general.childId))[0]?.['error']).toContain('no tool named "spawn_agent"')
    expect(names(general.root)).toEqual(
      expect.arrayContaining(['spawn_agent', 'wait_agent', 'message_agent']),
    )
  })

  it('is asked about in its own chat, which its root shows, and its owner decides for both', async () => {
    const write = (path: string): ScriptedCall => ({ name: 'write_file', args: { path, content: 'x' } })
    const { id, root, childId } = await withChild([{ calls: [write('sub-1.txt')] }, { text: 'written' }], {
      workspace_id: workspaceId,
    })
    await chatIs(client, childId, 'requires_action')
    expect((await getChat(client, id)).children[0]?.status).toBe('requires_action')
    expect(existsSync(join(folder, 'sub-1.txt'))).toBe(false)
    const stream = await readStream(client, childId)
    await stream.until('the question', (events) => events.some((event) => event.action_required))
    const [call] = stream.events.find((event) => event.action_required)?.action_required?.approvals ?? []
    await stream.close()
    await client.call(chatApprovalsRoutes.decide, {
      params: { chat: childId },
      body: { decisions: [{ tool_call_id: call?.tool_call_id ?? '', decision: 'allow', scope: 'chat' }] },
    })
    await chatIs(client, childId, 'waiting')
    expect(existsSync(join(folder, 'sub-1.txt'))).toBe(true)
    forTask(root, { calls: [write('sub-2.txt')] }, { text: 'me too' })
    await send(id, 'and you')
    await chatIs(client, id, 'waiting')
    expect(existsSync(join(folder, 'sub-2.txt'))).toBe(true)
  })

  it('is told more, stopped, and listed by its own root alone', async () => {
    const held = gate()
    const { id, root, childId, prompt } = await withChild([{ text: 'on and on', hold: held.opened }])
    const other = await withChild([{ text: 'x' }])
    forTask(prompt, { text: 'then this' })
    forTask(
      root,
      {
        calls: [
          { name: 'message_agent', args: { chat_id: childId, message: 'do that instead', interrupt: true } },
          { name: 'interrupt_agent', args: { chat_id: other.childId } },
          waitAgent('00000000-0000-4000-8000-000000000001'),
          spawn('x', { type: 'computer_use' }),
          { name: 'list_agents', args: {} },
        ],
      },
      { calls: [waitAgent(childId)] },
      { calls: [{ name: 'interrupt_agent', args: { chat_id: childId } }] },
      { text: 'fine' },
    )
    await send(id, 'steer it')
    await chatIs(client, id, 'waiting')
    held.open()
    const [, told, foreign, unknown, desktop, list, waited, idle] = await resultsOf(id)
    expect(told).toMatchObject({ chat_id: childId, interrupted: true })
    expect(foreign?.['error']).toContain('no sub-agent')
    expect(unknown?.['error']).toContain('no sub-agent')
    expect(desktop?.['error']).toContain('no sub-agents that use a desktop')
    expect(list).toMatchObject({ total: 1, returned: 1, offset: 0, has_more: false })
    expect(waited).toMatchObject({ status: 'waiting', report: 'then this' })
    expect(idle).toMatchObject({ interrupted: false })
    expect(outline(await messagesOf(client, childId)).slice(-2)).toEqual([
      'user: do that instead',
      'assistant: then this',
    ])
  })

  it('that fails says why', async () => {
    const prompt = task('fail')
    const root = task('delegate')
    model.answer((request) =>
      isAbout(request, prompt) ? { status: 400, body: { error: { message: 'bad model' } } } : undefined,
    )
    forTask(root, { calls: [spawn(prompt)] }, { text: 'delegated' })
    const { id } = await createChat(client, root)
    await chatIs(client, id, 'waiting')
    const childId = (await getChat(client, id)).children[0]?.id ?? ''
    forTask(root, { calls: [waitAgent(childId)] }, { text: 'a pity' })
    await send(id, 'and?')
    await chatIs(client, id, 'waiting')
    expect((await resultsOf(id)).at(-1)).toMatchObject({ status: 'error', report: '' })
    expect((await resultsOf(id)).at(-1)?.['last_error']).toBeTypeOf('string')
  })

  it('stops with its root, also when that rests, and goes to the archive with it', async () => {
    const held = gate()
    const { id, childId } = await withChild([{ text: 'on and on', hold: held.opened }])
    const update = (chat: string, body: object) => client.call(chatsRoutes.update, { params: { chat }, body })
    await waitFor('words', () => server.deployment.services.episodes.current(childId)?.parts.length)
    await expect(update(id, { archived: true })).rejects.toMatchObject({ status: 409 })
    expect((await getChat(client, id)).archived).toBe(false)
    await client.call(chatsRoutes.interrupt, { params: { chat: id } })
    await chatIs(client, childId, 'waiting')
    held.open()
    await expect(client.call(chatsRoutes.interrupt, { params: { chat: id } })).rejects.toMatchObject({
      status: 409,
    })
    await expect(update(childId, { archived: true })).rejects.toMatchObject({ status: 400 })
    await expect(update(childId, { pin_order: 1 })).rejects.toMatchObject({ status: 400 })
    await update(id, { archived: true })
    expect((await getChat(client, childId)).archived).toBe(true)
    const [row] = await client.call(chatsRoutes.list, { query: { q: 'archived:true' } })
    expect(row?.children.map((child) => (child as { id: string }).id)).toEqual([childId])
    await update(id, { archived: false })
    expect((await getChat(client, childId)).archived).toBe(false)
  })

  it('of a chat that plans plans too', async () => {
    const { childId, prompt } = await withChild([{ text: 'seen' }], {
      workspace_id: workspaceId,
      plan_mode: 'plan',
    })
    expect(await chatIs(client, childId, 'waiting')).toMatchObject({ plan_mode: 'plan', mcp_server_ids: [] })
    const request = model.requests.find((one) => isAbout(one, prompt))
    const offered = (request?.body['tools'] as { name: string }[]).map(({ name }) => name).toSorted()
    expect(offered).toEqual([
      'attach_file',
      'execute',
      'git_diff',
      'git_log',
      'git_status',
      'list_directory',
      'process_output',
      'read_file',
      'search_files',
    ])
  })
})

describe('a wait for a sub-agent', () => {
  it('is taken up by the next start of the server, which begins no sub-agent twice', async () => {
    const held = gate()
    const steps = [{ text: 'never heard to its end', hold: held.opened }, { text: 'done at last' }]
    const { id, root, childId } = await withChild(steps)
    const second = task('beside it')
    forTask(second, { text: 'one' }, { text: 'two' })
    // Neither result is stored before both are there.
    forTask(root, { calls: [spawn(second), waitAgent(childId)] }, { text: 'good' })
    await send(id, 'begin another and wait')
    await waitFor('both', async () => ((await getChat(client, id)).children.length === 2 ? true : undefined))
    await server.restart()
    held.open()
    client = await server.ownerClient()
    await chatIs(client, id, 'waiting')
    const { children } = await getChat(client, id)
    expect(children).toHaveLength(2)
    expect((await resultsOf(id)).slice(-2)).toEqual([
      expect.objectContaining({ chat_id: children.find((child) => child.id !== childId)?.id }),
      expect.objectContaining({ chat_id: childId, report: 'done at last' }),
    ])
  })

  it('ends when its turn is stopped', async () => {
    const held = gate()
    const { id, root, childId } = await withChild([{ text: 'on and on', hold: held.opened }])
    forTask(root, { calls: [waitAgent(childId)] })
    await send(id, 'wait')
    await waitFor('the wait', async () =>
      (await messagesOf(client, id)).at(-1)?.content?.[0]?.tool_name === 'wait_agent' ? true : undefined,
    )
    await client.call(chatsRoutes.interrupt, { params: { chat: id } })
    await chatIs(client, id, 'waiting')
    await chatIs(client, childId, 'waiting')
    held.open()
    expect((await resultsOf(id)).at(-1)?.['error']).toBe('The call was interrupted.')
  })
})

it('at most ten are at work for one owner, and the others follow', async () => {
  const held = gate()
  const prompt = task('one of many')
  const root = task('delegate all')
  model.answer((request) => (isAbout(request, prompt) ? { text: 'one two', hold: held.opened } : undefined))
  forTask(root, { calls: Array.from({ length: 12 }, () => spawn(prompt)) }, { text: 'delegated' })
  const { id } = await createChat(client, root)
  await chatIs(client, id, 'waiting')
  const asked = (): number => model.requests.filter((request) => isAbout(request, prompt)).length
  await waitFor('ten', () => (asked() >= 10 ? true : undefined))
  expect((await getChat(client, id)).children.map(({ status }) => status)).toEqual(
    Array.from({ length: 12 }, () => 'running'),
  )
  expect(asked()).toBe(10)
  held.open()
  await waitFor('all', async () =>
    (await getChat(client, id)).children.every(({ status }) => status === 'waiting') ? true : undefined,
  )
  expect(asked()).toBe(12)
})
