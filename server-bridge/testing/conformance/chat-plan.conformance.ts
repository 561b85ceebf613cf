import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatIs, createChat, messagesOf, outline } from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import type { ScriptedModel } from '../scripted-model.ts'
import type { TestServer } from '../start-server.ts'

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
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(() => ground.close())

/** A chat that has been told how to plan, and the place of its plan. */
async function plan(): Promise<{ readonly id: string; readonly path: string }> {
  model.script({ text: 'What shall it be?' })
  const { id } = await createChat(client, 'think', { workspace_id: workspaceId, plan_mode: 'plan' })
  await chatIs(client, id, 'waiting')
  return { id, path: `~/.coder/plans/PLAN-${id}.md` }
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
const offered = (): string[] =>
  ((model.requests.at(-1)?.body['tools'] ?? []) as { name: string }[]).map(({ name }) => name).toSorted()

it('a chat that plans writes its plan alone, unasked, and shows it at the end of the turn', async () => {
  const { id, path } = await plan()
  expect(offered()).toEqual(
    expect.arrayContaining(['read_file', 'write_file', 'propose_plan', 'ask_user_question', 'spawn_agent']),
  )
  expect(offered()).not.toContain('process_signal')
  expect(offered()).not.toContain('message_agent')
  expect(JSON.stringify(model.requests.at(-1)?.body)).toContain(path)
  const text = `# Plan\n\n${'A long line. '.repeat(200)}\n`
  model.script(
    {
      calls: [
        { name: 'write_file', args: { path: 'other.md', content: 'x' } },
        { name: 'edit_files', args: { files: [{ path, edits: [] }] } },
        { name: 'write_file', args: { path: `~/.coder/plans/../../PLAN-${id}.md`, content: 'x' } },
        { name: 'write_file', args: { path, content: text } },
      ],
    },
    { calls: [{ name: 'propose_plan', args: { path } }] },
  )
  await send(id, 'go on')
  await chatIs(client, id, 'waiting')
  const [other, invalid, around, written, proposed] = await resultsOf(id)
  expect(other?.['error']).toBe(`In plan mode only ${path} can be written.`)
  expect(invalid?.['error']).toContain('arguments are not valid')
  expect(around?.['error']).toBe(`In plan mode only ${path} can be written.`)
  expect(written).toEqual({ ok: true })
  expect(proposed).toMatchObject({ ok: true, path, kind: 'plan', media_type: 'text/markdown', content: text })
  const { chatFiles } = server.deployment.services
  const kept = chatFiles.bytes(String(proposed?.['file_id']))
  expect(Buffer.from(kept ?? []).toString()).toBe(text)
  expect(chatFiles.listOf(id)).toMatchObject([{ name: `PLAN-${id}.md`, mime_type: 'text/markdown' }])
  expect(existsSync(join(folder, 'other.md'))).toBe(false)
  // The call is the last thing: the model is not asked again before the user says something.
  expect(outline(await messagesOf(client, id)).at(-1)).toBe('tool: propose_plan')

  model.script({
    calls: [
      { name: 'edit_files', args: { files: [{ path, edits: [{ old_text: 'Plan', new_text: 'Done' }] }] } },
    ],
  })
  await send(id, 'Implement the plan.', { plan_mode: '' })
  // Out of plan mode its owner is asked again.
  await chatIs(client, id, 'requires_action')
  expect(readFileSync(join(folder, '.coder', 'plans', `PLAN-${id}.md`), 'utf8')).toBe(text)
  expect(offered()).not.toContain('propose_plan')
})

it('a plan has to be there, in its place, and not too long', async () => {
  const { id, path } = await plan()
  model.script(
    {
      calls: [
        { name: 'propose_plan', args: { path: 'README.md' } },
        { name: 'propose_plan', args: { path } },
      ],
    },
    { text: 'none yet' },
  )
  await send(id, 'show it')
  await chatIs(client, id, 'waiting')
  mkdirSync(join(folder, '.coder', 'plans'), { recursive: true })
  writeFileSync(join(folder, '.coder', 'plans', `PLAN-${id}.md`), 'x'.repeat(32 * 1024 + 1))
  model.script({ calls: [{ name: 'propose_plan', args: { path } }] }, { text: 'too long' })
  await send(id, 'now')
  await chatIs(client, id, 'waiting')
  const [place, missing, long] = await resultsOf(id)
  expect(place?.['error']).toBe(`The plan has to be in ${path}.`)
  expect(missing?.['error']).toBe(`${path} does not exist.`)
  expect(long?.['error']).toContain('there may be 32768')
})

it('a question ends the turn, and its answer is the next message', async () => {
  const { id } = await plan()
  const questions = [
    {
      header: 'Store',
      question: 'Which store?',
      options: [
        { label: 'SQLite', description: 'One file.' },
        { label: 'Postgres', description: 'A server.' },
      ],
    },
  ]
  const lonely = [{ ...questions[0], options: [{ label: 'Only', description: '' }] }]
  model.script(
    { calls: [{ name: 'ask_user_question', args: { questions: lonely } }] },
    { calls: [{ name: 'ask_user_question', args: { questions } }] },
  )
  await send(id, 'ask me')
  await chatIs(client, id, 'waiting')
  const [refused, asked] = await resultsOf(id)
  expect(refused?.['error']).toContain('arguments are not valid')
  expect(asked).toEqual({ questions })
  model.script({ text: 'SQLite it is' })
  await send(id, 'SQLite')
  await chatIs(client, id, 'waiting')
  expect(outline(await messagesOf(client, id)).at(-1)).toBe('assistant: SQLite it is')
})
