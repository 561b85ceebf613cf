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

it('the files that a chat shows are found in one pass over what it says, however many they are', () => {
  const shown = [upload('said.txt'), upload('waits.txt')]
  const regretted = upload('regretted.txt')
  const hidden = upload('hidden.txt')
  const [plan = '', film = ''] = ['plan.md', 'desktop.mp4'].map(
    (name) => files.storeFile({ ...fresh(name), chatId }).id,
  )
  const elsewhere = Array.from({ length: 30 }, (_, index) => upload(`${index}.txt`))
  const [said, waits] = shown
  files.link(chatId, [...shown, regretted, hidden, ...elsewhere])
  if (!said || !waits) throw new Error('Nothing was uploaded.')
  const [taken] = store.append(chatId, [{ role: 'user', parts: [regretted] }])
  store.deleteFrom(chatId, taken?.id ?? 0)
  store.append(chatId, [
    { role: 'user', parts: [{ type: 'text', text: 'look' }, said] },
    { role: 'user', parts: [hidden], visibility: 'model' },
    {
      role: 'tool',
      parts: [
        { type: 'tool-result', tool_call_id: 'c', tool_name: 'propose_plan', result: { file_id: plan } },
      ],
    },
    {
      role: 'tool',
      parts: [
        {
          ...{ type: 'tool-result', tool_call_id: 'd', tool_name: 'wait_agent' },
          result: { recording_file_id: film, report: `{"file_id":"${hidden.file_id}"}` },
        },
      ],
    },
  ])
  // The chat is at work, so that this waits.
  store.apply(chatId, { type: 'send', interrupts: false }, { message: { role: 'user', parts: [waits] } })
  const statements: string[] = []
  const watched = createChatFiles(
    { ...db, all: (query) => (statements.push(query.compile().sql), db.all(query)) },
    createFakeClock(),
  )
  expect([...watched.shownIn(chatId)].toSorted()).toEqual(
    [said.file_id, waits.file_id, plan, film].toSorted(),
  )
  expect(statements.length).toBeLessThanOrEqual(2)
})
