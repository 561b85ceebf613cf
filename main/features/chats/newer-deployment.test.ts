// A stand-in for a Coder of August 2026, of whose chats more is told than the local deployment tells.
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Clock, systemClock } from '#bridge/lib/clock'
import { sendJson, startStubServer, type StubServer } from '#bridge/testing/stub-server'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { untilConnected } from '../../testing/until-connected.ts'
import { quietEveryMs } from './watch-chat.ts'

const LOCAL = { deploymentId: 'local' }
const token = 'Abcdefghij-0123456789abcdefghijkl'
const chatId = testUuid(1)
const largeId = testUuid(902)
const smallId = testUuid(903)
const me = testUuid(900)
const EARLY = '2026-11-01T10:00:00Z'
const LATE = '2026-11-01T11:00:00Z'

/** As a server of that time tells a chat, with what we do not know yet. */
const chat = (more: object = {}) => ({
  id: chatId,
  organization_id: testUuid(901),
  owner_id: me,
  root_chat_id: chatId,
  last_model_config_id: largeId,
  title: 'Cap the retries',
  status: 'running',
  summary: null,
  last_turn_summary: null,
  created_at: EARLY,
  updated_at: EARLY,
  archived: false,
  shared: false,
  pin_order: 0,
  mcp_server_ids: [],
  labels: {},
  has_unread: false,
  client_type: 'ui',
  children: [],
  of_next_year: { any: 'thing' },
  ...more,
})

const model = (id: string, name: string, more: object = {}) => ({
  id,
  ai_provider_id: testUuid(904),
  model: name,
  display_name: '',
  enabled: true,
  is_default: false,
  context_limit: 200_000,
  compression_threshold: 70,
  created_at: EARLY,
  updated_at: EARLY,
  ...more,
})

const said = {
  id: 7,
  chat_id: chatId,
  created_at: EARLY,
  role: 'user',
  content: [{ type: 'text', text: 'Go' }],
}

let server: StubServer
let harness: AppHarness
/** What it answers when it is asked for the chat. */
let stored: object
let tell: (event: object) => void
/** What was sent with another method than GET. */
let sent: { readonly method: string; readonly path: string; readonly body: unknown }[]

beforeEach(async () => {
  sent = []
  stored = chat({ queued_for_capacity: true, last_reasoning_effort: 'high' })
  const user = { id: me, username: 'ada', email: 'ada@example.com', created_at: EARLY, status: 'active' }
  const answers: Readonly<Record<string, (method: string) => unknown>> = {
    '/api/v2/buildinfo': () => ({ version: 'v2.36.1' }),
    '/api/v2/users/me': () => ({
      ...user,
      login_type: 'password',
      organization_ids: [testUuid(901)],
      roles: [],
    }),
    '/api/v2/workspaces': () => ({ workspaces: [], count: 0 }),
    '/api/experimental/chats': (method) => (method === 'GET' ? [stored] : stored),
    [`/api/experimental/chats/${chatId}`]: () => stored,
    '/api/experimental/chats/models': () => ({ providers: [], unsupported_providers: [] }),
    '/api/experimental/chats/model-configs': () => [
      model(largeId, 'large', {
        reasoning_efforts: ['low', 'high', '', 'high', 'x'.repeat(41)],
        model_config: { reasoning_effort: { default: 'low', max: 'high' } },
      }),
      model(smallId, 'small', { model_config: { reasoning_effort: { default: 'low' } } }),
    ],
    [`/api/experimental/chats/${chatId}/context`]: () => {
      stored = chat({ context: { dirty: false } })
      return stored
    },
    [`/api/experimental/chats/${chatId}/messages`]: () => ({ queued: false, message: said }),
    [`/api/experimental/chats/${chatId}/messages/7`]: () => ({ message: { ...said, id: 8 } }),
  }
  server = await startStubServer({
    onRequest: (request, response) => {
      const { url = '', method = '' } = request
      const path = new URL(url, 'http://stub').pathname
      const answer = answers[path]
      if (answer === undefined) sendJson(response, 404, { message: 'Route not found.' })
      else if (method === 'GET') sendJson(response, 200, answer(method))
      else
        void text(request).then((raw) => {
          const body: unknown = raw === '' ? undefined : JSON.parse(raw)
          sent.push({ method, path, body })
          sendJson(response, path === '/api/experimental/chats' ? 201 : 200, answer(method))
        })
    },
    onSocket: (socket, { url }) => {
      if (url?.includes('/chats/watch') !== true) return
      tell = (event) => socket.send(JSON.stringify(event))
    },
    refuse: ({ url }) => (url?.includes('/chats/watch') === true ? undefined : { status: 404 }),
  })
  // What is looked at now and then is looked at soon.
  const clock: Clock = {
    ...systemClock,
    after: (ms, run) => systemClock.after(ms === quietEveryMs ? 50 : ms, run),
  }
  harness = await startHarness({ clock, local: { url: server.url, token } })
  await untilConnected(harness.page)
})
afterEach(async () => {
  await harness.close()
  await server.close()
})

it('tells a summary of the whole chat live, apart from the words about its last turn', async () => {
  const row = harness.page.subscribe('chats.watchChat', { ...LOCAL, chatId })
  const list = harness.page.subscribe('chats.watchList', { ...LOCAL, q: '', limit: 50 })
  expect(await row.next()).toMatchObject({ summary: null })
  await list.next(({ chats }) => chats.length === 1)
  const told = { summary: 'The retries are **capped**.', last_turn_summary: 'Capped' }
  stored = chat({ ...told, updated_at: LATE })
  tell({ kind: 'chat_summary_change', chat: chat({ ...told, updated_at: LATE }) })
  expect(await row.next(({ summary }) => summary === told.summary)).toMatchObject({ last_turn_summary: null })
  await list.next(({ chats }) => chats[0]?.summary === told.summary)
  tell({ kind: 'a_kind_of_next_year', chat: chat({ summary: 'No', updated_at: LATE }) })
  tell({ kind: 'summary_change', chat: chat({ ...told, summary: 'No', updated_at: LATE }) })
  const after = await row.next(({ last_turn_summary: words }) => words === 'Capped')
  expect(after.summary).toBe(told.summary)
})

it('tells that a turn waits for capacity, and that it begins, of which it says no word', async () => {
  const row = harness.page.subscribe('chats.watchChat', { ...LOCAL, chatId })
  expect(await row.next()).toMatchObject({
    status: 'running',
    queued_for_capacity: true,
    last_reasoning_effort: 'high',
  })
  await harness.page.subscribe('chats.watchList', { ...LOCAL, q: '', limit: 50 }).next()
  expect(harness.tray.labels()).toContain('Cap the retries: waits for capacity')
  stored = chat({ updated_at: LATE })
  expect((await row.next((one) => one.queued_for_capacity !== true)).status).toBe('running')
})

it('asks a model for an effort that it takes, and tells which those are', async () => {
  const { models } = await harness.page.call('chats.models', LOCAL)
  expect(models).toMatchObject([
    { configId: largeId, efforts: ['low', 'high'], defaultEffort: 'low' },
    { configId: smallId },
  ])
  // Without a list of them there is nothing to choose.
  expect(models[1]).not.toHaveProperty('efforts')
  expect(models[1]).not.toHaveProperty('defaultEffort')
  const content = [{ type: 'text' as const, text: 'Go' }]
  const asked = { content, modelConfigId: largeId, reasoningEffort: 'high' }
  const target = { ...LOCAL, chatId }
  await harness.page.call('chats.create', { ...LOCAL, ...asked })
  await harness.page.call('chats.send', { ...target, ...asked, interrupts: false })
  await harness.page.call('chats.send', { ...target, content, interrupts: false })
  await harness.page.call('chats.edit', { ...target, ...asked, messageId: 7 })
  const body = { model_config_id: largeId, reasoning_effort: 'high' }
  expect(sent).toMatchObject([{ body }, { body }, { method: 'POST' }, { method: 'PATCH', body }])
  expect(sent[2]?.body).not.toHaveProperty('reasoning_effort')
})

it('tells that what a chat knows of its workspace is old, and has it told anew', async () => {
  const row = harness.page.subscribe('chats.watchChat', { ...LOCAL, chatId })
  await row.next()
  tell({ kind: 'context_dirty', chat: chat({ context: { dirty: true, dirty_since: LATE } }) })
  await row.next(({ context }) => context?.dirty === true)
  await harness.page.call('chats.refreshContext', { ...LOCAL, chatId })
  expect(sent).toMatchObject([{ method: 'PUT', path: `/api/experimental/chats/${chatId}/context` }])
  await row.next(({ context }) => context?.dirty === false)
})

it('says of a deployment that pins nothing that it cannot refresh', async () => {
  await expect(harness.page.call('chats.refreshContext', { ...LOCAL, chatId: testUuid(5) })).rejects.toThrow(
    'unsupported',
  )
})
