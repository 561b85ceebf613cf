import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { silentLogger } from '../../../lib/logger.ts'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open-database.ts'
import { createAccounts } from '../accounts.ts'
import { createOrganizations } from '../organizations.ts'
import { createTopics } from '../topics.ts'
import { createChatConfig } from './chat-config.ts'
import { createChatDebugStore } from './chat-debug-store.ts'
import { createChatFiles } from './chat-files.ts'
import { createChatLifecycle } from './chat-lifecycle.ts'
import type { ChatRow } from './chat-rows.ts'
import { createChatSpend } from './chat-spend.ts'
import { createChatStore } from './chat-store.ts'
import { summarizeCost, summarizeCostByUser } from './cost-summary.ts'
import { emptyChat } from './empty-chat.ts'

const DAY_MS = 86_400_000
/** So long a message may be begun before it is sent. */
const LOOSE_MS = 90 * DAY_MS
let folder: string
let db: Database
const clock = createFakeClock()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-lifecycle-'))
  db = openDatabase(folder)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

/** The life of chats, as an administrator has set it, who has set nothing at first. */
function startLifecycle() {
  const lifecycle = createChatLifecycle({
    ...{ db, clock, logger: silentLogger, store: createStore() },
    chatDebugStore: createChatDebugStore(db),
    chatConfig: createChatConfig(db),
    notifications: { notify: ignore },
  })
  lifecycle.start()
  return lifecycle
}
const ignore = (): void => undefined
const createStore = () =>
  createChatStore({ db, clock, topic: createTopics().chat, onChange: ignore, onWork: ignore })

/** Somebody with their organization. */
async function createOwner() {
  const organizations = createOrganizations(db, clock)
  const person = { username: 'ada', email: 'ada@example.com', name: '', role: 'owner' } as const
  const owner = await createAccounts(db, clock, organizations).create(person)
  const organization = db.first(db.sql.selectFrom('organizations').select('id'))
  return { ownerId: owner.id, organizationId: organization?.id ?? '' }
}

it('files that no chat has go after three months, some at a time, also where chats are kept for ever', async () => {
  const owner = await createOwner()
  const files = createChatFiles(db, clock)
  const upload = (name: string) =>
    files.upload({ ...owner, name, mediaType: 'text/plain', bytes: Buffer.from('x') })
  const kept = () => db.all(db.sql.selectFrom('chat_files').select('name').orderBy('name'))
  for (let index = 0; index < 30; index += 1) upload(`old ${index}`)
  clock.advance(LOOSE_MS)
  upload('fresh')
  clock.advance(1)

  const lifecycle = startLifecycle()
  expect(kept()).toHaveLength(11)
  clock.advance(1000)
  expect(kept()).toEqual([{ name: 'fresh' }])
  clock.advance(LOOSE_MS - 3_600_000)
  expect(kept()).toEqual([{ name: 'fresh' }])
  clock.advance(2 * 3_600_000)
  expect(kept()).toEqual([])
  lifecycle.close()
  expect(clock.pending).toBe(0)
})

it('a chat that is removed stays paid for, with its sub-agents, and nothing of it is left but that', async () => {
  const { ownerId, organizationId } = await createOwner()
  const store = createStore()
  const begin = (more: Partial<ChatRow>): ChatRow => {
    const row = {
      ...emptyChat(clock.now()),
      ...{ organization_id: organizationId, owner_id: ownerId, last_model_config_id: 'm', title: 'secret' },
      ...{ status: 'waiting', archived: 1, ...more },
    }
    store.insert(row, [])
    return row
  }
  const root = begin({})
  const child = begin({ parent_chat_id: root.id, spawned_by: 'call', agent_type: 'general' })
  const usage = { input_tokens: 100, output_tokens: 20, total_tokens: 120 }
  const used = { modelConfigId: 'm', usage, costMicros: 300, runtimeMs: 7 }
  store.append(root.id, [{ role: 'assistant', parts: [{ type: 'text', text: 'secret' }], ...used }])
  store.count(root.id, { role: 'assistant', parts: [], ...used })
  store.append(child.id, [{ role: 'assistant', parts: [], ...used, costMicros: undefined }])
  const spend = createChatSpend(db)
  const range = { from: 0, until: clock.now() + 1 }
  const costs = () => ({
    user: spend.ofUser(ownerId, 0),
    root: spend.ofChat(root.id),
    child: spend.ofChat(child.id),
    summary: summarizeCost(db, { userId: ownerId, range, limit: { is_limited: false, current_spend: 0 } }),
    users: summarizeCostByUser(db, { range, username: '', limit: undefined, offset: 0 }),
  })
  const before = costs()
  expect(before).toMatchObject({
    ...{ user: 600, root: { costMicros: 600, requests: 3, unpriced: 1 }, child: { requests: 1 } },
    summary: { total_input_tokens: 300, total_runtime_ms: 21, by_chat: [{ message_count: 3 }] },
    users: { users: [{ chat_count: 2, total_cost_micros: 600 }] },
  })

  createChatConfig(db).set('retention_days', 1)
  clock.advance(DAY_MS + 1)
  startLifecycle().close()
  expect(db.all(db.sql.selectFrom('chats').select('id'))).toEqual([])
  const { summary, ...after } = costs()
  expect(after).toEqual({ user: before.user, root: before.root, child: before.child, users: before.users })
  const byChat = before.summary.by_chat.map((cost) => ({ ...cost, chat_title: '' }))
  expect(summary).toEqual({ ...before.summary, by_chat: byChat })
})

it('the files that only a removed chat had go with it, those of another chat stay', async () => {
  const { ownerId, organizationId } = await createOwner()
  const store = createStore()
  const files = createChatFiles(db, clock)
  const begin = (more: Partial<ChatRow>): string => {
    const owner = { organization_id: organizationId, owner_id: ownerId, last_model_config_id: 'm' }
    const row = { ...emptyChat(clock.now()), ...owner, status: 'waiting', title: 'A chat', ...more }
    store.insert(row, [])
    return row.id
  }
  const file = (name: string, chatId: string): string =>
    files.storeFile({
      ownerId,
      organizationId,
      name,
      mediaType: 'text/plain',
      bytes: Buffer.from('x'),
      chatId,
    }).id
  const root = begin({ archived: 1 })
  const child = begin({ archived: 1, parent_chat_id: root, spawned_by: 'call', agent_type: 'general' })
  const other = begin({ archived: 0 })
  const [ofRoot, ofChild, ofBoth] = [file('a', root), file('b', child), file('c', root)]
  files.link(other, [{ type: 'file', file_id: ofBoth, media_type: 'text/plain' }])
  createChatConfig(db).set('retention_days', 1)
  clock.advance(DAY_MS + 1)
  startLifecycle().close()
  expect([ofRoot, ofChild, ofBoth].filter((id) => files.find(id))).toEqual([ofBoth])
})
