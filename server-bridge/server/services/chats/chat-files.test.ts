import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { maxFilesPerChat } from '../../../contract/chats-files.ts'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open-database.ts'
import { createAccounts } from '../accounts.ts'
import { createOrganizations } from '../organizations.ts'
import { createTopics } from '../topics.ts'
import { type ChatFiles, createChatFiles, toFilePart } from './chat-files.ts'
import { type ChatStore, createChatStore } from './chat-store.ts'
import { emptyChat } from './empty-chat.ts'

let folder: string
let db: Database
let files: ChatFiles
let store: ChatStore
let owner: { readonly ownerId: string; readonly organizationId: string }
let chatId: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-chat-files-'))
  db = openDatabase(folder)
  const clock = createFakeClock()
  const organizations = createOrganizations(db, clock)
  const person = { username: 'ada', email: 'ada@example.com', name: '', role: 'owner' } as const
  const { id: ownerId } = await createAccounts(db, clock, organizations).create(person)
  const organizationId = db.first(db.sql.selectFrom('organizations').select('id'))?.id ?? ''
  owner = { ownerId, organizationId }
  files = createChatFiles(db, clock)
  const ignore = (): void => undefined
  store = createChatStore({ db, clock, topic: createTopics().chat, onChange: ignore, onWork: ignore })
  const chat = { ...emptyChat(clock.now()), organization_id: organizationId, owner_id: ownerId }
  store.insert({ ...chat, last_model_config_id: 'm', title: 'files' }, [])
  chatId = chat.id
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const fresh = (name: string) => ({ ...owner, name, mediaType: 'text/plain', bytes: Buffer.from('x') })
const upload = (name: string) => toFilePart(files.upload(fresh(name)))

it('what an agent hands over is part of its chat also when that has all the files of people it takes', () => {
  files.link(
    chatId,
    Array.from({ length: maxFilesPerChat }, (_, index) => upload(`${index}.txt`)),
  )
  const handed = ['plan.md', 'shot.png'].map((name) => files.storeFile({ ...fresh(name), chatId }).id)
  expect(handed.map((id) => files.chatsOf(id).map((chat) => chat.id))).toEqual([[chatId], [chatId]])
  // Beyond what a chat takes of people there is no room for any of them, not for all but a few.
  const late = ['a.txt', 'b.txt', 'c.txt'].map(upload)
  files.link(chatId, late)
  expect(files.warnings(chatId, late)).toHaveLength(3)
  expect(files.listOf(chatId)).toHaveLength(maxFilesPerChat + 2)
})
