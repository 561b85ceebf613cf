import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CoderClient, createCoderClient } from '../../client/coder-client.ts'
import { chatApprovalsRoutes } from '../../contract/chats-approvals.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { usersRoutes } from '../../contract/users.ts'
import {
  chatIs,
  configureModel,
  createChat,
  getChat,
  messagesOf,
  outline,
  readStream,
} from '../chat-fixture.ts'
import { startMcpServer } from '../mcp-server.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { type StandaloneServer, startStandalone } from '../standalone-server.ts'

const firstUser = { username: 'ada', email: 'ada@example.com', password: 'correct horse Battery 9 staple' }
let dataDir: string
let model: ScriptedModel
let server: StandaloneServer

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'outpost-killed-'))
  model = await startScriptedModel()
  server = await start()
})
afterAll(async () => {
  server.process.kill('SIGTERM')
  await server.exited
  await model.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const start = (): Promise<StandaloneServer> =>
  startStandalone(['--data-dir', dataDir, '--experiments', 'chat-advisor'])

async function signIn(): Promise<CoderClient> {
  const anonymous = createCoderClient({ baseUrl: server.url, token: undefined, retries: 0 })
  const { email, password } = firstUser
  const { session_token: token } = await anonymous.call(usersRoutes.login, { body: { email, password } })
  return createCoderClient({ baseUrl: server.url, token, retries: 0 })
}

it('a chat whose server is killed in the middle of an answer goes on when it starts again', async () => {
  await createCoderClient({ baseUrl: server.url, token: undefined, retries: 0 }).call(
    usersRoutes.createFirst,
    {
      body: firstUser,
    },
  )
  let client = await signIn()
  await configureModel(client, model)
  let finish = (): void => undefined
  const held = new Promise<void>((resolve) => (finish = resolve))
  model.script({ calls: [{ name: 'nothing', args: {} }] }, { text: 'never heard to its end', hold: held })
  const { id } = await createChat(client, 'survive')
  const stream = await readStream(client, id)
  await stream.until('the second step', () => stream.preview().startsWith('never heard'))
  server.process.kill('SIGKILL')
  await server.exited
  finish()

  model.script({ text: 'here I am again' })
  server = await start()
  client = await signIn()
  expect((await chatIs(client, id, 'waiting')).last_error).toBeUndefined()
  const messages = await messagesOf(client, id)
  expect(outline(messages)).toEqual([
    'user: survive',
    'assistant: nothing',
    'tool: nothing',
    'assistant: here I am again',
  ])
  // Who read it before takes it up where it was, without a gap.
  const seen = stream.screen().at(-1)?.id
  const again = await readStream(client, id, seen)
  await again.until('the rest', () => again.screen().length === 1)
  expect([...stream.screen(), ...again.screen()]).toEqual(messages)
  await again.close()
  expect((await getChat(client, id)).status).toBe('waiting')
})

it('a call that waits for its owner still does when the server was killed, and is decided then', async () => {
  let client = await signIn()
  const mcp = await startMcpServer([{ name: 'act' }])
  const slug = 'acts'
  const { id: mcpServer } = await client.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Acts',
      slug,
      transport: 'streamable_http',
      url: `${mcp.url}/mcp`,
      auth_type: 'none',
      availability: 'default_off',
      enabled: true,
    },
  })
  model.script({ calls: [{ name: `${slug}__act`, args: {} }] })
  const { id } = await createChat(client, 'act', { mcp_server_ids: [mcpServer] })
  await chatIs(client, id, 'requires_action')
  server.process.kill('SIGKILL')
  await server.exited

  server = await start()
  client = await signIn()
  expect((await getChat(client, id)).status).toBe('requires_action')
  const stream = await readStream(client, id)
  await stream.until('the question', (events) => events.some((event) => event.action_required))
  const [call] = stream.events.find((event) => event.action_required)?.action_required?.approvals ?? []
  await stream.close()
  expect(call?.tool_name).toBe(`${slug}__act`)
  model.script({ text: 'so be it' })
  await client.call(chatApprovalsRoutes.decide, {
    params: { chat: id },
    body: { decisions: [{ tool_call_id: call?.tool_call_id ?? '', decision: 'deny' }] },
  })
  await chatIs(client, id, 'waiting')
  expect(outline(await messagesOf(client, id))).toEqual([
    'user: act',
    `assistant: ${slug}__act`,
    `tool: ${slug}__act`,
    'assistant: so be it',
  ])
  await mcp.close()
})

it('advice that was being written when the server was killed is asked for again, and counts once', async () => {
  let client = await signIn()
  let finish = (): void => undefined
  const held = new Promise<void>((resolve) => (finish = resolve))
  model.script(
    { calls: [{ name: 'advisor', args: { question: 'how?' } }] },
    { text: 'never read to its end', hold: held },
  )
  const { id } = await createChat(client, 'advise me')
  const stream = await readStream(client, id)
  await stream.until('a piece of advice', (events) =>
    events.some(({ message_part: shown }) => shown?.part.result_delta !== undefined),
  )
  server.process.kill('SIGKILL')
  await server.exited
  finish()

  model.script({ text: 'The whole advice.' }, { text: 'so be it' })
  server = await start()
  client = await signIn()
  await chatIs(client, id, 'waiting')
  const messages = await messagesOf(client, id)
  expect(outline(messages)).toEqual([
    'user: advise me',
    'assistant: advisor',
    'tool: advisor',
    'assistant: so be it',
  ])
  expect(messages[2]?.content?.[0]?.result).toMatchObject({
    type: 'advice',
    advice: 'The whole advice.',
    remaining_uses: 2,
  })
})
