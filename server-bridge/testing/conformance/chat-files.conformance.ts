import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { AIProviderType } from '../../contract/ai-providers.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { usersRoutes } from '../../contract/users.ts'
import { chatIs, configureModel, createChat, getChat, messagesOf, organizationOf } from '../chat-fixture.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

let server: TestServer
let model: ScriptedModel
let admin: CoderClient
let grace: Person
let linus: Person

/** Uploads are raw bytes, which the typed client does not send. */
interface Person {
  readonly client: CoderClient
  readonly token: string
}

async function personOf(name: string): Promise<Person> {
  const client = await server.memberClient(name)
  const { id } = await client.call(usersRoutes.get, { params: { user: 'me' } })
  const { token } = server.deployment.services.sessions.create(id, { loginType: 'password' })
  return { client, token }
}

const PNG = Buffer.from('\u0089PNG\r\n\u001A\n pixels', 'latin1')
const PDF = Buffer.from('%PDF-1.7 pages')

beforeAll(async () => {
  server = await startTestServer({ chats: { timings: { retryBaseMs: 5, retryCapMs: 10 } } })
  model = await startScriptedModel()
  admin = await server.ownerClient()
  grace = await personOf('grace')
  linus = await personOf('linus')
  await configureModel(admin, model)
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

interface Sent {
  readonly type?: string
  readonly name?: string
  readonly path?: string
}

async function post(person: Person, bytes: Uint8Array, sent: Sent = {}): Promise<Response> {
  const organization = await organizationOf(person.client)
  const path = sent.path ?? `/api/experimental/chats/files?organization=${organization}`
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      'coder-session-token': person.token,
      'content-type': sent.type ?? 'application/octet-stream',
      ...(sent.name === undefined
        ? {}
        : { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(sent.name)}` }),
    },
    body: Uint8Array.from(bytes),
  })
}
async function upload(person: Person, bytes: Uint8Array, sent: Sent = {}): Promise<string> {
  const response = await post(person, bytes, sent)
  expect(response.status).toBe(201)
  return ((await response.json()) as { id: string }).id
}
const get = (person: Person, id: string): Promise<Response> =>
  fetch(`${server.url}/api/experimental/chats/files/${id}`, {
    headers: { 'coder-session-token': person.token },
  })
const fileParts = (...ids: string[]) => ids.map((file_id) => ({ type: 'file' as const, file_id }))

describe('a file', () => {
  it('is kept as it came, for good, and opens without running', async () => {
    const id = await upload(grace, PNG, { type: 'image/png', name: 'naïve shot.png' })
    const response = await get(grace, id)
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG)
    const { headers } = response
    expect(headers.get('content-type')).toBe('image/png')
    expect(headers.get('content-disposition')).toBe(
      `inline; filename="na_ve shot.png"; filename*=UTF-8''na%C3%AFve%20shot.png`,
    )
    expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    const pdf = await get(grace, await upload(grace, PDF, { name: 'a.pdf' }))
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
    expect(pdf.headers.get('content-disposition')).toMatch(/^attachment; /)
    const notes = await get(
      grace,
      await upload(grace, Buffer.from('# x'), { type: 'text/plain', name: 'a.md' }),
    )
    expect(notes.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  })

  it('is refused when it is too large, of another kind, empty, or for nobody', async () => {
    const statusOf = async (bytes: Uint8Array, sent: Sent = {}): Promise<number> =>
      (await post(grace, bytes, sent)).status
    expect(await statusOf(Buffer.alloc(10 * 1024 * 1024 + 1, 'a'), { type: 'text/plain' })).toBe(413)
    expect(await statusOf(Buffer.alloc(10 * 1024 * 1024, 'a'), { type: 'text/plain' })).toBe(201)
    expect(await statusOf(Buffer.from('<svg/>'), { type: 'image/svg+xml' })).toBe(400)
    expect(await statusOf(Buffer.from('<p>'), { type: 'text/html' })).toBe(400)
    expect(await statusOf(Buffer.alloc(0))).toBe(400)
    expect(await statusOf(PNG, { path: '/api/experimental/chats/files' })).toBe(400)
    const elsewhere = '00000000-0000-4000-8000-000000000000'
    expect(await statusOf(PNG, { path: `/api/experimental/chats/files?organization=${elsewhere}` })).toBe(404)
    expect((await get(grace, elsewhere)).status).toBe(404)
    expect((await get(grace, 'nothing')).status).toBe(400)
  })

  it('is read by its owner, and by readers of the chats it is part of', async () => {
    const id = await upload(grace, PNG)
    const administrator = { client: admin, token: await server.deployment.mintOwnerSession('Ada Lovelace') }
    expect((await get(linus, id)).status).toBe(404)
    expect((await get(administrator, id)).status).toBe(404)
    // What somebody else uploaded cannot be attached, or its content would show.
    const organization_id = await organizationOf(linus.client)
    await expect(
      linus.client.call(chatsRoutes.create, { body: { organization_id, content: fileParts(id) } }),
    ).rejects.toMatchObject({ status: 400 })
    model.script({ text: 'A picture.' })
    const chat = await createChat(grace.client, 'look', { content: fileParts(id) })
    await chatIs(grace.client, chat.id, 'waiting')
    expect((await get(administrator, id)).status).toBe(200)
    expect((await get(linus, id)).status).toBe(404)
  })
})

describe('a message with files', () => {
  it.each<[AIProviderType, RegExp, RegExp]>([
    ['anthropic', /"type":"image","source":\{"type":"base64"/, /"type":"document"/],
    ['openai', /"type":"input_image","image_url":"data:image\/png;base64,/, /"type":"input_file"/],
    ['openai-compat', /"type":"image_url","image_url":\{"url":"data:image\/png;base64,/, /"type":"file"/],
  ])('is told to a model of %s', async (type, image, document) => {
    const config = await configureModel(admin, model, { type, config: { display_name: `files ${type}` } })
    const ids = [
      await upload(grace, PNG, { name: 'shot.png' }),
      await upload(grace, PDF, { name: 'paper.pdf' }),
      await upload(grace, Buffer.from('a,b\n1,2'), { name: 'table.csv' }),
    ]
    model.script({ text: 'Seen.' })
    const chat = await createChat(grace.client, '', {
      model_config_id: config.id,
      content: [
        { type: 'text', text: 'what are these' },
        ...fileParts(...ids),
        { type: 'file-reference', file_name: 'src/a.ts', start_line: 3, end_line: 4, content: 'let a = 1' },
      ],
    })
    await chatIs(grace.client, chat.id, 'waiting')
    const body = JSON.stringify(model.requests.at(-1)?.body)
    expect(body).toMatch(image)
    expect(body).toContain(PNG.toString('base64'))
    expect(body).toMatch(document)
    expect(body).toContain(PDF.toString('base64'))
    expect(body).toContain(String.raw`<attached-file name=\"table.csv\">\na,b\n1,2\n</attached-file>`)
    expect(body).toContain(String.raw`<file-reference file=\"src/a.ts\" lines=\"3-4\">\nlet a = 1`)
    const [message] = await messagesOf(grace.client, chat.id)
    expect(message?.content?.slice(1, 4)).toEqual([
      { type: 'file', file_id: ids[0], media_type: 'image/png', name: 'shot.png' },
      { type: 'file', file_id: ids[1], media_type: 'application/pdf', name: 'paper.pdf' },
      { type: 'file', file_id: ids[2], media_type: 'text/csv', name: 'table.csv' },
    ])
    const { files } = await getChat(grace.client, chat.id)
    expect(files?.map(({ name, mime_type }) => [name, mime_type])).toEqual([
      ['shot.png', 'image/png'],
      ['paper.pdf', 'application/pdf'],
      ['table.csv', 'text/csv'],
    ])
  })

  it('beyond 50 files is sent, and tells what the chat does not keep', async () => {
    const ids: string[] = []
    for (let number = 0; number < 51; number += 1)
      ids.push(await upload(grace, PNG, { name: `${number}.png` }))
    model.script({ text: 'Many.' })
    const chat = await createChat(grace.client, '', { content: fileParts(...ids) })
    expect(chat.warnings).toEqual([expect.stringContaining('50.png')])
    await chatIs(grace.client, chat.id, 'waiting')
    expect((await getChat(grace.client, chat.id)).files).toHaveLength(50)
    const late = await upload(grace, PNG, { name: 'late.png' })
    model.script({ text: 'One more.' })
    const sent = await grace.client.call(chatMessagesRoutes.send, {
      params: { chat: chat.id },
      body: { content: fileParts(late, ids[0] ?? '') },
    })
    expect(sent.warnings).toEqual([expect.stringContaining('late.png')])
    await chatIs(grace.client, chat.id, 'waiting')
    model.script({ text: 'Again.' })
    const edited = await grace.client.call(chatMessagesRoutes.edit, {
      params: { chat: chat.id, message: String(sent.message?.id) },
      body: { content: fileParts(late) },
    })
    expect(edited.warnings).toEqual([expect.stringContaining('late.png')])
    await chatIs(grace.client, chat.id, 'waiting')
  })
})

it('an agent hands files of its workspace to the owner of the chat', async () => {
  const { workspace } = await createRunningWorkspace(admin, await createTemplate(admin, 'small'), 'work')
  const { records } = server.deployment.services.agents
  const folder = join(server.dataDir, 'workspaces', records.wantedOf(workspace.id)[0]?.workspaceFolder ?? '')
  mkdirSync(join(folder, 'out'))
  writeFileSync(join(folder, 'out', 'shot.png'), PNG)
  writeFileSync(join(folder, 'tool.bin'), Buffer.from([1, 0, 2]))
  const attach = (args: object) => ({ name: 'attach_file', args })
  model.script(
    {
      calls: [
        attach({ path: 'out/shot.png' }),
        attach({ path: 'tool.bin', name: '../built.bin' }),
        attach({ path: '/etc/hostname' }),
        attach({ path: 'missing' }),
      ],
    },
    { text: 'Here they are.' },
  )
  const { id } = await createChat(admin, 'build it', { workspace_id: workspace.id })
  await chatIs(admin, id, 'waiting')
  const messages = await messagesOf(admin, id)
  expect(messages.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'assistant',
    'tool',
    'tool',
    'tool',
    'tool',
    'assistant',
  ])
  expect(
    messages[2]?.content?.map(({ type, name, media_type }) => [type, name, media_type]).toSorted(),
  ).toEqual([
    ['file', 'built.bin', 'application/octet-stream'],
    ['file', 'shot.png', 'image/png'],
  ])
  const results = messages
    .slice(3, 7)
    .map((message) => message.content?.[0]?.result as Record<string, unknown>)
  expect(results[0]).toEqual({
    ok: true,
    path: 'out/shot.png',
    file_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    name: 'shot.png',
    media_type: 'image/png',
    size: PNG.byteLength,
  })
  expect(results[2]?.['error']).toContain('outside of the workspace')
  expect(results[3]?.['error']).toContain('does not exist')
  const administrator = { client: admin, token: await server.deployment.mintOwnerSession('Ada Lovelace') }
  const built = await get(administrator, String(results[1]?.['file_id']))
  expect(built.headers.get('content-disposition')).toMatch(/^attachment; filename="built.bin"/)
  // What the next step of the model is told has every result right after its call.
  expect(JSON.stringify(model.requests.at(-1)?.body)).not.toContain(PNG.toString('base64'))
})

it('uploads and downloads are counted together, twelve a minute', async () => {
  const limited = await startTestServer({ disableRateLimits: false })
  const token = await limited.deployment.mintOwnerSession('Ada Lovelace')
  const statuses: number[] = []
  for (let number = 0; number < 13; number += 1) {
    const id = `00000000-0000-4000-8000-0000000000${10 + number}`
    const response = await fetch(`${limited.url}/api/experimental/chats/files/${id}`, {
      headers: { 'coder-session-token': token },
    })
    statuses.push(response.status)
  }
  expect(statuses).toEqual([...Array<number>(12).fill(404), 429])
  await limited.close()
})
