import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { auditRoutes } from '../../contract/audit.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import {
  type ApprovalDecision,
  chatApprovalsRoutes,
  type UpdateToolPolicyRequest,
} from '../../contract/chats-approvals.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import type { ChatStreamToolCall } from '../../contract/chats-stream.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import { chatWatchRoutes, type ChatWatchEvent, parseChatWatchFrame } from '../../contract/chats-watch.ts'
import { chatIs, createChat, getChat, messagesOf, outline, readStream } from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import type { ScriptedModel } from '../scripted-model.ts'
import type { ScriptedCall } from '../scripted-model-formats.ts'
import type { TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient
let workspaceId: string
let folder: string
let ground: ChatWorkspace

beforeAll(async () => {
  ground = await startChatWorkspace()
  ;({ server, model, client, workspaceId, folder } = ground)
})
afterEach(async () => {
  expect(model.left()).toBe(0)
  await setOwn([])
  await setDeployment([])
})
afterAll(() => ground.close())

type Rules = UpdateToolPolicyRequest['rules']
const setOwn = (rules: Rules) => client.call(chatApprovalsRoutes.updateOwnPolicy, { body: { rules } })
const setDeployment = (rules: Rules) => client.call(chatApprovalsRoutes.updatePolicy, { body: { rules } })
const write = (path: string, content = 'x'): ScriptedCall => ({ name: 'write_file', args: { path, content } })
const isThere = (path: string): boolean => existsSync(join(folder, path))
const decide = (id: string, ...decisions: ApprovalDecision[]) =>
  client.call(chatApprovalsRoutes.decide, { params: { chat: id }, body: { decisions } })

/** A chat that goes as far as it can with these calls. */
async function begin(calls: readonly ScriptedCall[], more: object = {}): Promise<string> {
  model.script({ calls })
  return (await createChat(client, 'go', { workspace_id: workspaceId, ...more })).id
}
/** The calls a chat asks its owner about. */
async function asked(id: string): Promise<readonly ChatStreamToolCall[]> {
  await chatIs(client, id, 'requires_action')
  const stream = await readStream(client, id)
  await stream.until('the question', (events) => events.some(({ action_required: action }) => action))
  await stream.close()
  const action = stream.events.findLast((event) => event.action_required)?.action_required
  expect(action?.tool_calls).toEqual([])
  return action?.approvals ?? []
}
const idOf = (calls: readonly ChatStreamToolCall[], name: string): string =>
  calls.find((call) => call.tool_name === name)?.tool_call_id ?? ''
const allow = (call: string, scope?: ApprovalDecision['scope']): ApprovalDecision => ({
  tool_call_id: call,
  decision: 'allow',
  ...(scope ? { scope } : {}),
})
async function errorsOf(id: string): Promise<string[]> {
  return (await messagesOf(client, id))
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => (content?.[0]?.result as { error?: string } | undefined)?.error ?? '')
}
async function ends(id: string): Promise<string[]> {
  await chatIs(client, id, 'waiting')
  return errorsOf(id)
}

describe('a call that changes something', () => {
  it('waits for the owner, with what is asked beside it, and runs once it is allowed', async () => {
    const id = await begin([
      write('allowed.txt', 'written'),
      { name: 'read_file', args: { path: 'missing' } },
    ])
    const calls = await asked(id)
    expect(calls).toEqual([
      expect.objectContaining({
        tool_name: 'write_file',
        args: JSON.stringify({ path: 'allowed.txt', content: 'written' }),
      }),
    ])
    expect(isThere('allowed.txt')).toBe(false)
    model.script({ text: 'done' })
    await decide(id, allow(idOf(calls, 'write_file')))
    expect(await ends(id)).toEqual(['', 'missing does not exist.'])
    expect(readFileSync(join(folder, 'allowed.txt'), 'utf8')).toBe('written')
    expect(outline(await messagesOf(client, id)).at(-1)).toBe('assistant: done')
  })

  it('does not run when it is denied, and the model hears why', async () => {
    const id = await begin([write('denied.txt')])
    const call = idOf(await asked(id), 'write_file')
    model.script({ text: 'a pity' })
    await decide(id, { tool_call_id: call, decision: 'deny', reason: 'Use another name.' })
    expect(await ends(id)).toEqual([expect.stringContaining('denied this call. They say: Use another name.')])
    const results = (await messagesOf(client, id)).flatMap(({ content }) => content ?? [])
    expect(results).toContainEqual(
      expect.objectContaining({ type: 'tool-result', is_error: true, denied_reason: 'Use another name.' }),
    )
    expect(isThere('denied.txt')).toBe(false)
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('Use another name.')
  })

  it.each([
    ['planning begins', { plan_mode: 'plan' }, 'In plan mode only'],
    ['its workspace is taken from the chat', { workspace_id: zeroUuid }, 'There is no tool named'],
  ] as const)('is asked about no more when %s, and the chat goes on', async (_, change, error) => {
    const id = await begin([write('changed.txt')])
    await asked(id)
    model.script({ text: 'I see' })
    await client.call(chatsRoutes.update, { params: { chat: id }, body: change })
    expect(await ends(id)).toEqual([expect.stringContaining(error)])
    expect(isThere('changed.txt')).toBe(false)
  })

  it('is asked about no more when the next message begins the planning', async () => {
    const id = await begin([write('changed.txt')])
    await asked(id)
    model.script({ text: 'I see' }, { text: 'a plan' })
    const content = [{ type: 'text' as const, text: 'plan it first' }]
    await client.call(chatMessagesRoutes.send, {
      params: { chat: id },
      body: { content, plan_mode: 'plan', busy_behavior: 'queue' },
    })
    expect(await ends(id)).toEqual([expect.stringContaining('In plan mode only')])
  })

  it('is decided one by one, and readers see what is left', async () => {
    const id = await begin([write('one.txt'), { name: 'execute', args: { command: 'touch two.txt' } }])
    const calls = await asked(id)
    expect(calls).toHaveLength(2)
    const stream = await readStream(client, id)
    await decide(id, allow(idOf(calls, 'write_file')))
    await stream.until('what is left', (events) =>
      events.some(({ action_required: action }) => action?.approvals?.length === 1),
    )
    expect((await getChat(client, id)).status).toBe('requires_action')
    expect(isThere('one.txt')).toBe(false)
    model.script({ text: 'done' })
    await decide(id, { tool_call_id: idOf(calls, 'execute'), decision: 'deny' })
    expect(await ends(id)).toEqual(['', expect.stringContaining('denied')])
    expect([isThere('one.txt'), isThere('two.txt')]).toEqual([true, false])
    await stream.close()
  })

  it('is asked about again when the model uses the id of one that was allowed', async () => {
    const same = { ...write('first.txt'), id: 'call_0' }
    const id = await begin([same])
    const calls = await asked(id)
    expect(calls[0]?.tool_call_id).toBe('call_0')
    model.script({ calls: [{ ...write('second.txt'), id: 'call_0' }] })
    await decide(id, allow('call_0'))
    await waitFor('the first', () => (isThere('first.txt') ? true : undefined))
    expect(await asked(id)).toEqual([expect.objectContaining({ tool_call_id: 'call_0' })])
    expect(isThere('second.txt')).toBe(false)
    model.script({ text: 'fine' })
    await decide(id, { tool_call_id: 'call_0', decision: 'deny' })
    expect(await ends(id)).toEqual(['', expect.stringContaining('denied')])
    expect(isThere('second.txt')).toBe(false)
  })

  it('is never asked about when it cannot run', async () => {
    model.script({
      calls: [
        { name: 'write_file', args: { path: 'x' } },
        { name: 'write_file', args: '{"path": ' },
        { name: 'nothing', args: {} },
      ],
    })
    model.script({ text: 'sorry' })
    const { id } = await createChat(client, 'go', { workspace_id: workspaceId })
    expect(await ends(id)).toEqual([
      expect.stringContaining('arguments are not valid'),
      expect.stringContaining('not a JSON object'),
      expect.stringContaining('no tool named "nothing"'),
    ])
  })

  it('is closed when the turn is stopped, and the model is not asked to go on', async () => {
    const id = await begin([write('stopped.txt')])
    await asked(id)
    await client.call(chatsRoutes.interrupt, { params: { chat: id } })
    expect(await ends(id)).toEqual(['The call was cancelled.'])
    expect(isThere('stopped.txt')).toBe(false)
    await expect(decide(id, allow('any'))).rejects.toMatchObject({ status: 409 })
  })

  it('gives way to a message that is more urgent', async () => {
    const id = await begin([write('overtaken.txt')])
    await asked(id)
    model.script({ text: 'as you like' })
    const body = {
      content: [{ type: 'text' as const, text: 'other plan' }],
      busy_behavior: 'interrupt' as const,
    }
    await client.call(chatMessagesRoutes.send, { params: { chat: id }, body })
    await ends(id)
    expect(outline(await messagesOf(client, id))).toEqual([
      'user: go',
      'assistant: write_file',
      'tool: write_file',
      'user: other plan',
      'assistant: as you like',
    ])
  })

  it('waits over a restart of the server', async () => {
    const id = await begin([write('patient.txt')])
    const call = idOf(await asked(id), 'write_file')
    await server.restart()
    client = await server.ownerClient()
    expect(idOf(await asked(id), 'write_file')).toBe(call)
    await waitFor('the agent', () =>
      server.deployment.services.agents.records
        .wantedOf(workspaceId)
        .every(({ agent }) => server.deployment.services.agents.links.isLinked(agent.id))
        ? true
        : undefined,
    )
    model.script({ text: 'done' })
    await decide(id, allow(call))
    expect(await ends(id)).toEqual([''])
    expect(isThere('patient.txt')).toBe(true)
  })

  it('tells who watches, apart from what clients run themselves', async () => {
    const { url, headers } = client.socket(chatWatchRoutes.watch, { query: {} })
    const socket = new WebSocket(url, { headers })
    const events: ChatWatchEvent[] = []
    socket.on('message', (data: Buffer) => events.push(parseChatWatchFrame(data.toString('utf8'))))
    await new Promise((resolve) => socket.once('open', resolve))
    const id = await begin([write('watched.txt')])
    const event = await waitFor('the event', () => events.find(({ kind }) => kind === 'action_required'))
    expect(event).toMatchObject({ chat: { id, status: 'requires_action' } })
    expect(event.approvals?.map((call) => call.tool_name)).toEqual(['write_file'])
    expect(event.tool_calls).toBeUndefined()
    socket.close()
    await client.call(chatsRoutes.interrupt, { params: { chat: id } })
    await ends(id)
  })
})

describe('a decision', () => {
  it('is the owner’s alone, about calls that wait, each once', async () => {
    const id = await begin([write('guarded.txt')])
    const call = idOf(await asked(id), 'write_file')
    const linus = await server.memberClient('linus')
    const params = { params: { chat: id } }
    const body = { decisions: [allow(call)] }
    await expect(linus.call(chatApprovalsRoutes.decide, { ...params, body })).rejects.toMatchObject({
      status: 404,
    })
    await expect(decide(id, allow('unknown'))).rejects.toMatchObject({ status: 400 })
    await expect(decide(id, allow(call), allow(call))).rejects.toMatchObject({ status: 400 })
    // A client that does not know of this is not taken for the one who runs the call.
    const results = { results: [{ tool_call_id: call, output: 'made up' }] }
    await expect(client.call(chatsRoutes.toolResults, { ...params, body: results })).rejects.toMatchObject({
      status: 400,
    })
    expect((await getChat(client, id)).status).toBe('requires_action')
    expect(isThere('guarded.txt')).toBe(false)
    model.script({ text: 'done' })
    await decide(id, allow(call))
    await ends(id)
    await expect(decide(id, allow(call))).rejects.toMatchObject({ status: 409 })
  })

  it('is not made by an administrator for somebody else', async () => {
    const grace = await server.memberClient('grace')
    model.script({ text: 'hello' })
    const { id } = await createChat(grace, 'hi')
    await chatIs(grace, id, 'waiting')
    await expect(decide(id, allow('x'))).rejects.toMatchObject({ status: 403 })
  })

  it('for the chat holds for the chat', async () => {
    const id = await begin([write('c1.txt'), write('c2.txt')])
    const [first] = await asked(id)
    model.script({ calls: [write('c3.txt')] }, { text: 'done' })
    await decide(id, allow(first?.tool_call_id ?? '', 'chat'))
    expect(await ends(id)).toEqual(['', '', ''])
    const other = await begin([write('c4.txt')])
    const call = idOf(await asked(other), 'write_file')
    model.script({ calls: [write('c5.txt')] }, { text: 'then not' })
    await decide(other, { tool_call_id: call, decision: 'deny', scope: 'chat' })
    expect(await ends(other)).toEqual([
      expect.stringContaining('denied'),
      expect.stringContaining('may not be used here'),
    ])
  })

  it('for the workspace holds for all chats in it, also for one that waits', async () => {
    const waiting = await begin([write('w1.txt')])
    await asked(waiting)
    const id = await begin([write('w2.txt')])
    const call = idOf(await asked(id), 'write_file')
    model.script({ text: 'done' }, { text: 'done' })
    await decide(id, allow(call, 'workspace'))
    expect([await ends(id), await ends(waiting)]).toEqual([[''], ['']])
    expect(await client.call(chatApprovalsRoutes.ownPolicy, {})).toMatchObject({
      rules: [{ tool: 'write_file', policy: 'always', workspace_id: workspaceId }],
    })
  })

  it('is written down with every call that changes something, by names alone', async () => {
    const id = await begin([write('audited.txt', 'seeded-secret-content')])
    const call = idOf(await asked(id), 'write_file')
    model.script({ calls: [{ name: 'read_file', args: { path: 'audited.txt' } }] }, { text: 'done' })
    await decide(id, allow(call))
    await ends(id)
    const { audit_logs: entries } = await client.call(auditRoutes.list, {
      query: { q: `resource_type:chat resource_id:${id}` },
    })
    const targets = entries.filter(({ action }) => action === 'write').map((entry) => entry.resource_target)
    expect(targets.toSorted()).toEqual(['go (allowed write_file in work)', 'go (ran write_file in work)'])
    expect(entries.every((entry) => entry.user?.username !== undefined)).toBe(true)
    expect(JSON.stringify(entries)).not.toContain('seeded-secret')
  })
})

describe('the policy', () => {
  it('never: is refused without a question', async () => {
    await setOwn([{ tool: 'write_file', policy: 'never' }])
    model.script({ calls: [write('never.txt')] }, { text: 'no' })
    const { id } = await createChat(client, 'go', { workspace_id: workspaceId })
    expect(await ends(id)).toEqual([expect.stringContaining('may not be used here')])
    expect(isThere('never.txt')).toBe(false)
  })

  it('that becomes never while a call waits, or was just allowed, is obeyed', async () => {
    const id = await begin([write('too-late.txt')])
    await asked(id)
    model.script({ text: 'no' })
    await setDeployment([{ tool: '*', policy: 'never' }])
    expect(await ends(id)).toEqual([expect.stringContaining('may not be used here')])
    expect(isThere('too-late.txt')).toBe(false)
  })

  it('that becomes laxer lets go on what waits', async () => {
    const id = await begin([write('let-go.txt')])
    await asked(id)
    model.script({ text: 'done' })
    await setOwn([{ tool: 'write_file', policy: 'always' }])
    expect(await ends(id)).toEqual([''])
  })

  it('of the deployment to ask is not got round', async () => {
    await setDeployment([{ tool: 'write_file', policy: 'ask' }])
    await setOwn([{ tool: '*', policy: 'always' }])
    const id = await begin([write('asked.txt')])
    const call = idOf(await asked(id), 'write_file')
    await expect(decide(id, allow(call, 'chat'))).rejects.toMatchObject({ status: 400 })
    await expect(decide(id, allow(call, 'workspace'))).rejects.toMatchObject({ status: 400 })
    model.script({ text: 'done' })
    await decide(id, allow(call))
    expect(await ends(id)).toEqual([''])
  })

  it('is read with what holds by default, and set as a whole by who may', async () => {
    await setDeployment([
      { tool: 'execute', policy: 'never' },
      { tool: 'github__*', policy: 'always' },
    ])
    const deployment = await client.call(chatApprovalsRoutes.policy, {})
    expect(deployment.rules).toEqual([
      { tool: 'execute', policy: 'never' },
      { tool: 'github__*', policy: 'always' },
    ])
    expect(deployment.defaults).toContainEqual({ tool: 'execute', policy: 'ask' })
    expect(deployment.defaults).toContainEqual({ tool: '*', policy: 'ask' })
    const { rules, defaults } = await client.call(chatApprovalsRoutes.ownPolicy, {})
    expect(rules).toEqual([])
    expect(defaults).toContainEqual({ tool: 'execute', policy: 'never' })
    expect(defaults).toContainEqual({ tool: 'github__*', policy: 'always' })
    const ada = await server.memberClient('lovelace')
    await expect(ada.call(chatApprovalsRoutes.updatePolicy, { body: { rules: [] } })).rejects.toMatchObject({
      status: 403,
    })
    for (const bad of [
      [{ tool: 'exec*', policy: 'always' }],
      [{ tool: '*', policy: 'always', workspace_id: '00000000-0000-4000-8000-000000000001' }],
      [
        { tool: '*', policy: 'ask' },
        { tool: '*', policy: 'never' },
      ],
    ] satisfies Rules[])
      await expect(setOwn(bad)).rejects.toMatchObject({ status: 400 })
    await expect(setDeployment([{ tool: 'a b', policy: 'ask' }])).rejects.toMatchObject({ status: 400 })
    // Rules are about one's own workspaces.
    await expect(
      ada.call(chatApprovalsRoutes.updateOwnPolicy, {
        body: { rules: [{ tool: '*', policy: 'always', workspace_id: workspaceId }] },
      }),
    ).rejects.toMatchObject({ status: 400 })
  })
})
