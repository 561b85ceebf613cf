import { randomUUID } from 'node:crypto'
/** Chats that others may read, and nothing more. */
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatGitRoutes } from '../../contract/chats-git.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatSharingRoutes, type UpdateChatAcl } from '../../contract/chats-sharing.ts'
import { chatStreamRoutes } from '../../contract/chats-stream.ts'
import { notificationsRoutes } from '../../contract/notifications.ts'
import { fillPath, type RouteDefinition } from '../../contract/route.ts'
import { userAccountsRoutes } from '../../contract/user-accounts.ts'
import { usersRoutes } from '../../contract/users.ts'
import { emptyChat } from '../../server/services/chats/empty-chat.ts'
import {
  chatIs,
  createChat,
  getChat,
  messagesOf,
  organizationOf,
  outline,
  readStream,
} from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import { rawRequest } from '../raw-request.ts'
import type { ScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

interface Person {
  readonly client: CoderClient
  readonly id: string
}

let ground: ChatWorkspace
let server: TestServer
let model: ScriptedModel
let ada: Person
let grace: Person
let linus: Person

const missing = '00000000-0000-4000-8000-00000000abcd'

async function personOf(client: CoderClient): Promise<Person> {
  const { id } = await client.call(usersRoutes.get, { params: { user: 'me' } })
  return { client, id }
}

beforeAll(async () => {
  ground = await startChatWorkspace()
  ;({ server, model } = ground)
  ada = await personOf(ground.client)
  grace = await personOf(await server.memberClient('grace'))
  linus = await personOf(await server.memberClient('linus'))
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(() => ground.close())

const share = (chat: string, body: UpdateChatAcl, by = ada) =>
  by.client.call(chatSharingRoutes.update, { params: { chat }, body })
const aclOf = (chat: string, by = ada) => by.client.call(chatSharingRoutes.acl, { params: { chat } })
const read = (id = grace.id): UpdateChatAcl => ({ user_roles: { [id]: 'read' } })
const none = (id = grace.id): UpdateChatAcl => ({ user_roles: { [id]: '' } })
const sharedWith = (person: Person, q = '') =>
  person.client.call(chatsRoutes.list, { query: { q: `source:shared_with_me ${q}`.trim() } })

async function answered(text: string, more: object = {}) {
  model.script({ text: 'Hello there.' })
  const { id } = await createChat(ada.client, text, more)
  return chatIs(ada.client, id, 'waiting')
}
async function sharedChat(text: string, more: object = {}) {
  const chat = await answered(text, more)
  await share(chat.id, read())
  return chat
}
const headersOf = ({ client }: Person) =>
  client.socket(chatStreamRoutes.stream, { params: { chat: missing } }).headers

describe('a chat that is shared', () => {
  it('is read by whom it is shared with, and by nobody else', async () => {
    const { id } = await answered('the secret plan')
    expect(await sharedWith(grace)).toEqual([])
    expect((await getChat(ada.client, id)).shared).toBe(false)
    await share(id, read())

    expect(await aclOf(id)).toEqual({
      users: [expect.objectContaining({ id: grace.id, username: 'grace', role: 'read' })],
      groups: [],
    })
    expect((await getChat(ada.client, id)).shared).toBe(true)
    expect(await getChat(grace.client, id)).toMatchObject({ id, shared: true, owner_id: ada.id })
    expect(outline(await messagesOf(grace.client, id))).toEqual([
      'user: the secret plan',
      'assistant: Hello there.',
    ])
    await expect(getChat(linus.client, id)).rejects.toMatchObject({ status: 404 })
    await expect(messagesOf(linus.client, id)).rejects.toMatchObject({ status: 404 })
    await share(id, none())
    await expect(getChat(grace.client, id)).rejects.toMatchObject({ status: 404 })
    expect((await getChat(ada.client, id)).shared).toBe(false)
  })

  it('is in a list of its own, with nothing unread, and not among the own ones', async () => {
    const { id } = await sharedChat('about ledgers')
    expect((await sharedWith(grace)).map((chat) => [chat.id, chat.has_unread])).toContainEqual([id, false])
    expect(await sharedWith(grace, 'title:ledgers')).toHaveLength(1)
    expect(await sharedWith(grace, 'title:nonsense')).toEqual([])
    expect(await sharedWith(grace, 'has_unread:true')).toEqual([])
    expect(await sharedWith(linus)).toEqual([])
    expect(await sharedWith(ada)).toEqual([])
    expect(await grace.client.call(chatsRoutes.list, { query: {} })).toEqual([])
    const after = { query: { q: 'source:shared_with_me', after_id: id } }
    expect((await grace.client.call(chatsRoutes.list, after)).map((chat) => chat.id)).not.toContain(id)
    await expect(linus.client.call(chatsRoutes.list, after)).rejects.toMatchObject({ status: 400 })
    await ada.client.call(chatsRoutes.update, { params: { chat: id }, body: { archived: true } })
    expect((await sharedWith(grace)).map((chat) => chat.id)).not.toContain(id)
    expect((await sharedWith(grace, 'archived:true')).map((chat) => chat.id)).toEqual([id])
  })

  it('is followed live, and leaves what its owner has not read unread', async () => {
    const { id } = await sharedChat('go on')
    const reader = await readStream(grace.client, id)
    model.script({ text: 'More of it.' })
    await ada.client.call(chatMessagesRoutes.send, {
      params: { chat: id },
      body: { content: [{ type: 'text', text: 'more' }] },
    })
    await reader.until('the answer', () => outline(reader.screen()).includes('assistant: More of it.'))
    await reader.close()
    const row = (await ada.client.call(chatsRoutes.list, { query: {} })).find((chat) => chat.id === id)
    expect(row?.has_unread).toBe(true)
  })

  it('ends what is open the moment it is taken away', async () => {
    const project = join(ground.folder, 'shared')
    mkdirSync(project)
    execFileSync('git', ['init', '-q'], { cwd: project })
    const { id } = await sharedChat('work', { workspace_id: ground.workspaceId })
    const opened = []
    for (const route of [chatStreamRoutes.stream, chatGitRoutes.watch])
      for (const person of [ada, grace]) {
        const { url, headers } = person.client.socket(route, { params: { chat: id } })
        const socket = new WebSocket(url, { headers })
        const ended = once(socket, 'close').then(([code, reason]) => [code, String(reason)])
        await once(socket, 'open')
        opened.push({ socket, ended, person })
      }
    await share(id, read(linus.id))
    expect(opened.map(({ socket }) => socket.readyState)).toEqual(opened.map(() => WebSocket.OPEN))
    await share(id, none())
    for (const { socket, ended, person } of opened)
      if (person === grace) expect(await ended).toEqual([1008, 'the chat is not shared with you any more'])
      else {
        expect(socket.readyState).toBe(WebSocket.OPEN)
        socket.close()
        await ended
      }
    const { url, headers } = grace.client.socket(chatStreamRoutes.stream, { params: { chat: id } })
    expect((await rawRequest(url.replace(/^ws/, 'http'), { headers })).status).toBe(404)
  })

  it('tells whom it is shared with, once', async () => {
    const { id } = await answered('news')
    const inbox = async () =>
      (await linus.client.call(notificationsRoutes.inbox, { query: { targets: id } })).notifications
    await share(id, read(linus.id))
    await share(id, read(linus.id))
    expect(await inbox()).toMatchObject([
      { title: 'A chat is shared with you', content: expect.stringContaining('“news”') as string },
    ])
  })

  it('shows the files of what is said, not of what was taken back', async () => {
    const organization = await organizationOf(ada.client)
    const upload = async (name: string): Promise<string> => {
      const { json } = await rawRequest(
        `${server.url}/api/experimental/chats/files?organization=${organization}`,
        {
          method: 'POST',
          headers: {
            ...headersOf(ada),
            'content-type': 'text/plain',
            'content-disposition': `attachment; filename="${name}"`,
          },
          body: `the words of ${name}`,
        },
      )
      return (json() as { id: string }).id
    }
    const files = [await upload('shown.txt'), await upload('regretted.txt')]
    model.script({ text: 'Read.' })
    const { id } = await createChat(ada.client, 'look', {
      content: [
        { type: 'text', text: 'look' },
        ...files.map((file_id) => ({ type: 'file' as const, file_id })),
      ],
    })
    await chatIs(ada.client, id, 'waiting')
    await share(id, read())
    const statusOf = async (person: Person, file: string | undefined) =>
      (
        await rawRequest(`${server.url}/api/experimental/chats/files/${String(file)}`, {
          headers: headersOf(person),
        })
      ).status
    expect(await statusOf(grace, files[1])).toBe(200)
    const [first] = await messagesOf(ada.client, id)
    model.script({ text: 'Read again.' })
    await ada.client.call(chatMessagesRoutes.edit, {
      params: { chat: id, message: String(first?.id) },
      body: {
        content: [
          { type: 'text', text: 'look at this alone' },
          { type: 'file', file_id: files[0] ?? '' },
        ],
      },
    })
    await chatIs(ada.client, id, 'waiting')
    const known = await Promise.all(
      [grace, linus, ada].map(async (person) => [
        await statusOf(person, files[0]),
        await statusOf(person, files[1]),
      ]),
    )
    expect(known).toEqual([
      [200, 404],
      [404, 404],
      [200, 200],
    ])
    expect((await getChat(grace.client, id)).files?.map(({ name }) => name)).toEqual(['shown.txt'])
    expect((await getChat(ada.client, id)).files).toHaveLength(2)
  })
})

/** What a reader may ask of a chat. */
const READABLE = new Set([
  'GET /api/experimental/chats/{chat}',
  'GET /api/experimental/chats/{chat}/messages',
  'GET /api/experimental/chats/{chat}/diff',
  'GET /api/experimental/chats/{chat}/stream',
  'GET /api/experimental/chats/{chat}/stream/git',
])
const words = { content: [{ type: 'text', text: 'x' }] }
/** Bodies that would do, of all that takes one. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /api/experimental/chats/{chat}': { title: 'mine', archived: true },
  'POST /api/experimental/chats/{chat}/tool-results': { results: [{ tool_call_id: 'x', output: 'x' }] },
  'POST /api/experimental/chats/{chat}/messages': words,
  'PATCH /api/experimental/chats/{chat}/messages/{message}': words,
  'POST /api/experimental/chats/{chat}/approvals': {
    decisions: [{ tool_call_id: 'call_1', decision: 'allow' }],
  },
  'PUT /api/experimental/chats/{chat}/cost/limit': { spend_limit_micros: 1 },
  'POST /api/experimental/chats/{chat}/git/actions': { repo_root: '/x', path: 'y', action: 'discard' },
  'PATCH /api/experimental/chats/{chat}/acl': { user_roles: { [missing]: '' } },
}
const nameOf = (route: RouteDefinition): string => `${route.method} ${route.path}`

describe('whom a chat is shared with', () => {
  it('can do nothing there but read, while its owner is asked for a permission too', async () => {
    const { id } = await sharedChat('ask me', { workspace_id: ground.workspaceId })
    model.script({ calls: [{ name: 'execute', args: { command: 'true' } }] })
    await ada.client.call(chatMessagesRoutes.send, {
      params: { chat: id },
      body: { content: [{ type: 'text', text: 'run it' }] },
    })
    await chatIs(ada.client, id, 'requires_action')
    const before = await getChat(ada.client, id)
    const [first] = await messagesOf(ada.client, id)
    const refused: string[] = []
    const routes = server.deployment.routes.filter(
      (route) => route.path.includes('/chats/{chat}') && !READABLE.has(nameOf(route)),
    )
    expect(routes.length).toBeGreaterThan(14)
    for (const route of routes) {
      const body = BODIES[nameOf(route)]
      expect([nameOf(route), body !== undefined]).toEqual([nameOf(route), route.body !== undefined])
      const parts = { chat: id, message: String(first?.id), queuedmessage: '1', run: randomUUID() }
      const path = fillPath(route.path, parts)
      const { status } = await rawRequest(server.url + path, {
        method: route.method,
        headers: headersOf(grace),
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      // Who shares is refused as Coder refuses it; the rest looks as if it were not there (agents-api 1).
      const wanted = route.path.includes('/acl') ? 403 : 404
      if (status !== wanted) refused.push(`${nameOf(route)}: ${status}`)
    }
    expect(refused).toEqual([])
    expect(await getChat(ada.client, id)).toEqual(before)
    await ada.client.call(chatsRoutes.interrupt, { params: { chat: id } })
    await chatIs(ada.client, id, 'waiting')
  })

  it('reads sub-agents as it reads their root, and only so long', async () => {
    model.answer((request) =>
      JSON.stringify(request.body['messages']).includes('count the files') &&
      !JSON.stringify(request.body['messages']).includes('delegate')
        ? { text: 'three' }
        : undefined,
    )
    model.script(
      { calls: [{ name: 'spawn_agent', args: { type: 'general', prompt: 'count the files' } }] },
      { text: 'begun' },
    )
    const { id } = await createChat(ada.client, 'delegate')
    await chatIs(ada.client, id, 'waiting')
    const child = await waitFor('the sub-agent', async () => (await getChat(ada.client, id)).children[0])
    await chatIs(ada.client, child.id, 'waiting')
    await expect(getChat(grace.client, child.id)).rejects.toMatchObject({ status: 404 })
    await share(id, read())
    expect((await sharedWith(grace)).find((chat) => chat.id === id)?.children).toMatchObject([
      { id: child.id, shared: true, has_unread: false },
    ])
    expect(outline(await messagesOf(grace.client, child.id)).at(-1)).toBe('assistant: three')
    const { url, headers } = grace.client.socket(chatStreamRoutes.stream, { params: { chat: child.id } })
    const socket = new WebSocket(url, { headers })
    const ended = once(socket, 'close')
    await once(socket, 'open')
    await share(id, none())
    expect((await ended)[0]).toBe(1008)
    await expect(getChat(grace.client, child.id)).rejects.toMatchObject({ status: 404 })
    await expect(share(child.id, read())).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('root') as string,
    })
    await expect(aclOf(child.id)).rejects.toMatchObject({ status: 400 })
    await expect(
      ada.client.call(chatSharingRoutes.people, { params: { chat: child.id }, query: {} }),
    ).rejects.toMatchObject({ status: 400 })
  })
})

describe('who shares a chat', () => {
  it.each<[string, () => object]>([
    ['somebody unknown', () => ({ user_roles: { [missing]: 'read' } })],
    ['what is no id', () => ({ user_roles: { 'grace; --': 'read' } })],
    ['a group, of which there are none', () => ({ group_roles: { [missing]: 'read' } })],
    ['a group by its name', () => ({ group_roles: { everyone: '' } })],
    ['more than reading', () => ({ user_roles: { [grace.id]: 'admin' } })],
    ['themselves', () => ({ user_roles: { [ada.id.toUpperCase()]: 'read' } })],
  ])('does not share it with %s, nor with others in the same breath', async (_, body) => {
    const { id } = await answered('mine')
    const all = body() as { user_roles?: object }
    const request = { ...all, user_roles: { [linus.id]: 'read', ...all.user_roles } } as UpdateChatAcl
    await expect(share(id, request)).rejects.toMatchObject({ status: 400 })
    expect(await aclOf(id)).toEqual({ users: [], groups: [] })
  })

  it('is its owner or an administrator, and it is written down', async () => {
    model.script({ text: 'Hello.' })
    const { id } = await createChat(grace.client, 'of grace')
    await chatIs(grace.client, id, 'waiting')
    await expect(share(id, read(linus.id), linus)).rejects.toMatchObject({ status: 404 })
    await expect(aclOf(id, linus)).rejects.toMatchObject({ status: 404 })
    await share(id, read(linus.id), grace)
    expect(server.deployment.services.auditLog.newest(1)[0]).toMatchObject({
      resource_type: 'chat',
      resource_id: id,
      action: 'write',
      user_id: grace.id,
    })
    await expect(share(id, none(linus.id), linus)).rejects.toMatchObject({ status: 403 })
    await expect(aclOf(id, linus)).rejects.toMatchObject({ status: 403 })
    await expect(share(id, read(grace.id), ada)).rejects.toMatchObject({ status: 400 })
    await share(id, none(linus.id), ada)
    expect((await aclOf(id, grace)).users).toEqual([])
    await expect(aclOf('nonsense')).rejects.toMatchObject({ status: 400 })
  })

  it('finds people by their names, and learns nothing more of them', async () => {
    const { id } = await answered('for whom')
    const people = (q: string) =>
      ada.client.call(chatSharingRoutes.people, { params: { chat: id }, query: { q } })
    expect((await people('')).map(({ username }) => username)).toEqual(['grace', 'linus'])
    expect(await people(' GRA ')).toEqual([
      expect.not.objectContaining({
        email: expect.anything() as unknown,
        status: expect.anything() as unknown,
      }),
    ])
    expect(await people('example.com')).toEqual([])
    expect(await people("%' OR 1=1 --")).toEqual([])
    const leaving = await personOf(await server.memberClient('leaving'))
    await share(id, read(leaving.id))
    await ada.client.call(userAccountsRoutes.delete, { params: { user: leaving.id } })
    expect((await people('')).map(({ username }) => username)).toEqual(['grace', 'linus'])
    expect((await aclOf(id)).users).toEqual([])
    await expect(share(id, read(leaving.id))).rejects.toMatchObject({ status: 400 })
    await share(id, none(leaving.id))
  })
})

it('nobody shares or reads what was shared where sharing is switched off', async () => {
  const other = await startTestServer({ chats: { isSharingOn: false } })
  try {
    const admin = await personOf(await other.ownerClient())
    const member = await personOf(await other.memberClient('grace'))
    const { deployment } = other
    const organization = await organizationOf(admin.client)
    const id = '00000000-0000-4000-8000-00000000cafe'
    const row = { ...emptyChat(1), id, organization_id: organization, owner_id: admin.id, status: 'waiting' }
    deployment.services.chatStore.insert({ ...row, last_model_config_id: missing, title: 'old' }, [])
    const { db } = deployment.services
    db.run(db.sql.insertInto('chat_shares').values({ chat_id: id, user_id: member.id, created_at: 1 }))
    for (const refused of [
      () => share(id, read(member.id), admin),
      () => aclOf(id, admin),
      () => admin.client.call(chatSharingRoutes.people, { params: { chat: id }, query: {} }),
    ])
      await expect(refused()).rejects.toMatchObject({
        status: 403,
        message: 'Chat sharing is disabled for this deployment.',
      })
    await expect(getChat(member.client, id)).rejects.toMatchObject({ status: 404 })
    expect(await sharedWith(member)).toEqual([])
    expect((await getChat(admin.client, id)).shared).toBe(false)
  } finally {
    await other.close()
  }
})
