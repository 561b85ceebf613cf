// A stand-in for a Coder of August 2026, of whose chats more is told than the local deployment tells.
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
const me = testUuid(900)
const EARLY = '2026-11-01T10:00:00Z'
const LATE = '2026-11-01T11:00:00Z'

/** As a server of that time tells a chat, with what we do not know yet. */
const chat = (more: object = {}) => ({
  id: chatId,
  organization_id: testUuid(901),
  owner_id: me,
  root_chat_id: chatId,
  last_model_config_id: testUuid(902),
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

let server: StubServer
let harness: AppHarness
/** What it answers when it is asked for the chat. */
let stored: object
let tell: (event: object) => void

beforeEach(async () => {
  stored = chat({ queued_for_capacity: true, last_reasoning_effort: 'high' })
  const user = { id: me, username: 'ada', email: 'ada@example.com', created_at: EARLY, status: 'active' }
  const answers: Readonly<Record<string, () => unknown>> = {
    '/api/v2/buildinfo': () => ({ version: 'v2.36.1' }),
    '/api/v2/users/me': () => ({ ...user, login_type: 'password', organization_ids: [], roles: [] }),
    '/api/v2/workspaces': () => ({ workspaces: [], count: 0 }),
    '/api/experimental/chats': () => [stored],
    [`/api/experimental/chats/${chatId}`]: () => stored,
  }
  server = await startStubServer({
    onRequest: ({ url = '' }, response) => {
      const answer = answers[new URL(url, 'http://stub').pathname]
      if (answer === undefined) sendJson(response, 404, { message: 'Route not found.' })
      else sendJson(response, 200, answer())
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
