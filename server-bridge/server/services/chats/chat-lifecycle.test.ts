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
import { createChatFiles } from './chat-files.ts'
import { createChatLifecycle } from './chat-lifecycle.ts'
import { createChatStore } from './chat-store.ts'

const DAY_MS = 86_400_000
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
  const ignore = (): void => undefined
  const store = createChatStore({ db, clock, topic: createTopics().chat, onChange: ignore, onWork: ignore })
  const lifecycle = createChatLifecycle({
    ...{ db, clock, logger: silentLogger, store },
    chatConfig: createChatConfig(db),
    notifications: { notify: ignore },
  })
  lifecycle.start()
  return lifecycle
}

it('files that no chat has go after a day, some at a time, also where chats are kept for ever', async () => {
  const organizations = createOrganizations(db, clock)
  const person = { username: 'ada', email: 'ada@example.com', name: '', role: 'owner' } as const
  const owner = await createAccounts(db, clock, organizations).create(person)
  const organization = db.first(db.sql.selectFrom('organizations').select('id'))
  const files = createChatFiles(db, clock)
  const upload = (name: string) =>
    files.upload({
      ...{ ownerId: owner.id, organizationId: organization?.id ?? '', name },
      ...{ mediaType: 'text/plain', bytes: Buffer.from('x') },
    })
  const kept = () => db.all(db.sql.selectFrom('chat_files').select('name').orderBy('name'))
  for (let index = 0; index < 30; index += 1) upload(`old ${index}`)
  clock.advance(DAY_MS)
  upload('fresh')
  clock.advance(1)

  const lifecycle = startLifecycle()
  expect(kept()).toHaveLength(11)
  clock.advance(1000)
  expect(kept()).toEqual([{ name: 'fresh' }])
  clock.advance(DAY_MS + 3_600_000)
  expect(kept()).toEqual([])
  lifecycle.close()
  expect(clock.pending).toBe(0)
})
