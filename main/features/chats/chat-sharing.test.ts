// Against a real local deployment in a process of its own: what the app tells who shares a chat, and who reads one.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { chatsRoutes } from '#bridge/contract/chats'
import { chatSharingRoutes } from '#bridge/contract/chats-sharing'
import { userAccountsRoutes } from '#bridge/contract/user-accounts'
import { usersRoutes } from '#bridge/contract/users'
import { type Clock, systemClock } from '#bridge/lib/clock'
import { chatIs, configureModel, createChat, organizationOf } from '#bridge/testing/chat-fixture'
import { startScriptedModel, type ScriptedModel } from '#bridge/testing/scripted-model'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'
import { quietEveryMs } from './watch-chat.ts'

const LOCAL = { deploymentId: 'local' }
const TIMEOUT = 60_000
const password = 'correct horse Battery 9 staple'

let deployment: StandaloneDeployment
let model: ScriptedModel
let harness: AppHarness
let admin: CoderClient
let graceId: string

beforeAll(async () => {
  deployment = await startStandaloneDeployment()
  model = await startScriptedModel()
  admin = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
  await configureModel(admin, model)
  const grace = await admin.call(userAccountsRoutes.create, {
    body: {
      username: 'grace',
      email: 'grace@example.com',
      password,
      login_type: 'password',
      organization_ids: [await organizationOf(admin)],
    },
  })
  graceId = grace.id
  const { session_token: token } = await createCoderClient({ baseUrl: deployment.url }).call(
    usersRoutes.login,
    { body: { email: 'grace@example.com', password } },
  )
  // What is looked at now and then is looked at soon.
  const clock: Clock = {
    ...systemClock,
    after: (ms, run) => systemClock.after(ms === quietEveryMs ? 100 : ms, run),
  }
  harness = await startHarness({ clock, local: { url: deployment.url, token } })
  await untilConnected(harness.page)
}, TIMEOUT)
afterAll(async () => {
  await harness.close()
  await model.close()
  await deployment.close()
}, TIMEOUT)

async function answered(client: CoderClient): Promise<string> {
  model.script({ text: 'Hello there.' })
  const { id } = await createChat(client, 'hi')
  await chatIs(client, id, 'waiting')
  return id
}

it('a chat of the user is shared with people found by their names', { timeout: TIMEOUT }, async () => {
  model.script({ text: 'Hello there.' })
  const own = await harness.page.call('chats.create', { ...LOCAL, content: [{ type: 'text', text: 'hi' }] })
  const chat = { ...LOCAL, chatId: own.id }
  expect(await harness.page.call('chatSharing.readers', chat)).toEqual({ users: [], groups: [] })
  const people = await harness.page.call('chatSharing.people', { ...chat, text: '' })
  expect(people).toHaveLength(1)
  // It answers as a Coder without the licence for them.
  expect(await harness.page.call('chatSharing.groups', chat)).toBeNull()
  const id = people?.[0]?.id ?? ''
  const row = harness.page.subscribe('chats.watchChat', chat)
  expect(await row.next()).toMatchObject({ shared: false })
  await harness.page.call('chatSharing.change', { ...chat, kind: 'user', id, reads: true })
  await row.next(({ shared }) => shared)
  const { users } = await harness.page.call('chatSharing.readers', chat)
  expect(users.map((user) => [user.id, user.role])).toEqual([[id, 'read']])
  await harness.page.call('chatSharing.change', { ...chat, kind: 'user', id, reads: false })
  expect(await harness.page.call('chatSharing.readers', chat)).toEqual({ users: [], groups: [] })
  await row.next(({ shared }) => !shared)
  row.cancel()
  await expect(
    harness.page.call('chatSharing.change', { ...chat, kind: 'user', id: graceId, reads: true }),
  ).rejects.toMatchObject({ error: { code: 'refused' } })
})

it('a chat of somebody else is followed until it is not shared any more', { timeout: TIMEOUT }, async () => {
  const id = await answered(admin)
  const share = (role: 'read' | '') =>
    admin.call(chatSharingRoutes.update, { params: { chat: id }, body: { user_roles: { [graceId]: role } } })
  await share('read')
  const shared = harness.page.subscribe('chats.watchList', {
    ...LOCAL,
    q: 'source:shared_with_me',
    limit: 50,
  })
  const { chats } = await shared.next((list) => list.chats.length === 1)
  expect(chats[0]).toMatchObject({ id, shared: true })
  shared.cancel()
  await expect(harness.page.call('chatSharing.readers', { ...LOCAL, chatId: id })).rejects.toMatchObject({
    error: { code: 'forbidden' },
  })
  const row = harness.page.subscribe('chats.watchChat', { ...LOCAL, chatId: id })
  await row.next()
  await admin.call(chatsRoutes.update, { params: { chat: id }, body: { title: 'Renamed meanwhile' } })
  await row.next(({ title }) => title === 'Renamed meanwhile')
  const transcript = harness.page.subscribe('chats.watchTranscript', { ...LOCAL, chatId: id })
  await transcript.next((update) => update.kind === 'connection' && update.state === 'live')
  await share('')
  expect(await transcript.end()).toMatchObject({ code: 'not_found' })
  expect(await row.end()).toMatchObject({ code: 'not_found' })
})
