import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditRoutes } from '../../contract/audit.ts'
import { chatApprovalsRoutes } from '../../contract/chats-approvals.ts'
import { chatConfigRoutes } from '../../contract/chats-config.ts'
import { chatFilesRoutes } from '../../contract/chats-files.ts'
import { chatMessagesRoutes, type ChatMessage } from '../../contract/chats-messages.ts'
import { chatModelsRoutes, type ChatModelConfig } from '../../contract/chats-models.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { createChildProcessHost } from '../../lib/child-process-host.ts'
import { builtProgram } from '../built-program.ts'
import {
  allowAllTools,
  chatIs,
  configureModel,
  createChat,
  getChat,
  messagesOf,
  readStream,
} from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import { type ModelRequest, startScriptedModel } from '../scripted-model.ts'
import type { ScriptedAnswer, ScriptedCall } from '../scripted-model-formats.ts'
import { startTestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let ground: ChatWorkspace
let tasks = 0
let older: ChatModelConfig

let programs: string

/** Films nothing, but ends as the program does, by a file that says it is a film. */
const standInRecorder = `#!/bin/sh
for file; do :; done
read word
printf '\\0\\0\\0\\040ftypisom%s' "$DISPLAY" > "$file"
`

beforeAll(async () => {
  programs = mkdtempSync(join(tmpdir(), 'outpost-recorder-'))
  writeFileSync(join(programs, 'ffmpeg'), standInRecorder, { mode: 0o755 })
  const environment = { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` }
  ground = await startChatWorkspace(undefined, {
    experiments: ['chat-virtual-desktop'],
    processHost: createChildProcessHost({ environment, resolveEntry: builtProgram }),
  })
  older = await configureModel(ground.client, ground.model, {
    config: { model: 'claude-opus-4-6', display_name: 'Opus' },
  })
})
afterAll(async () => {
  await ground.close()
  rmSync(programs, { recursive: true })
})

/** What Anthropic's models are told about a call: the older tool names the action inside of it. */
interface Form {
  readonly name: string
  readonly tool: object
  call(action: string, more?: object): ScriptedCall
  modelId(): string | undefined
}
const forms: readonly Form[] = [
  {
    name: 'computer_20251124',
    tool: { type: 'computer_20251124', name: 'computer', display_width_px: 1280, display_height_px: 800 },
    call: (action, more = {}) => ({ name: 'computer', args: { action, ...more } }),
    modelId: () => older.id,
  },
  {
    name: 'computer_toolset_20260801',
    tool: { type: 'computer_toolset_20260801', configs: { zoom: { enabled: false } } },
    call: (action, more = {}) => ({ name: action, args: more, toolset: 'computer' }),
    modelId: () => undefined,
  },
]

interface Block {
  readonly type: string
  readonly content?:
    | string
    | readonly {
        readonly type: string
        readonly text?: string
        readonly source?: { readonly data: string }
      }[]
}
const blocksOf = ({ body }: ModelRequest): Block[] =>
  (body['messages'] as { content: Block[] | string }[]).flatMap(({ content }) =>
    typeof content === 'string' ? [] : content,
  )
const imagesOf = (request: ModelRequest): string[] =>
  blocksOf(request).flatMap(({ type, content }) =>
    type !== 'tool_result' || typeof content === 'string'
      ? []
      : (content ?? []).flatMap(({ source }) => source?.data ?? []),
  )
const isAbout = (request: ModelRequest, prompt: string): boolean =>
  JSON.stringify((request.body['messages'] as unknown[] | undefined)?.[0] ?? '').includes(prompt)

/** A root whose model begins a sub-agent on the desktop; `next` says what that does, again and again. */
async function withDesktopAgent(next: (step: number) => ScriptedAnswer, form: Form) {
  const prompt = `desktop task ${(tasks += 1)}.`
  const root = `delegate ${tasks}.`
  let step = 0
  ground.model.answer((request) => (isAbout(request, prompt) ? next((step += 1)) : undefined))
  ground.model.script(
    { calls: [{ name: 'spawn_agent', args: { type: 'computer_use', prompt, title: 'On the desktop' } }] },
    { text: 'begun' },
  )
  const modelId = form.modelId()
  const { id } = await createChat(ground.client, root, {
    workspace_id: ground.workspaceId,
    ...(modelId === undefined ? {} : { model_config_id: modelId }),
  })
  await chatIs(ground.client, id, 'waiting')
  const [spawned] = (await messagesOf(ground.client, id)).filter(({ role }) => role === 'tool')
  expect(spawned?.content?.[0]?.result).toMatchObject({ type: 'computer_use', title: 'On the desktop' })
  const childId = (await getChat(ground.client, id)).children[0]?.id ?? ''
  return { id, childId, requests: () => ground.model.requests.filter((one) => isAbout(one, prompt)) }
}
function readFile(file: string): Promise<Response> {
  const { url, headers } = ground.client.socket(chatFilesRoutes.get, { params: { file } })
  return fetch(url.replace(/^ws/, 'http'), { headers })
}
const results = (messages: readonly ChatMessage[]) =>
  messages.filter(({ role }) => role === 'tool').flatMap(({ content }) => content ?? [])

describe('an agent on the desktop', () => {
  beforeAll(() => allowAllTools(ground.client))

  it.each(forms)('clicks and types in a window, and sees what comes of it ($name)', async (form) => {
    const { call } = form
    const file = join(ground.folder, `typed by ${form.name}`)
    const { childId, requests } = await withDesktopAgent((step) => {
      if (step === 1) return { calls: [call('screenshot')] }
      // The window of a new desktop comes when it comes.
      if (!existsSync(file) && step < 40)
        return {
          calls: [
            call('left_click', { coordinate: [60, 60] }),
            call('key', { text: 'ctrl+u' }),
            call('type', { text: `touch "typed by ${form.name}"` }),
            call('key', { text: 'Return' }),
          ],
        }
      return { text: 'It is there.' }
    }, form)
    await chatIs(ground.client, childId, 'waiting')
    expect(existsSync(file)).toBe(true)
    const [first, second] = requests()
    expect(first?.body['tools']).toContainEqual(form.tool)
    expect((first?.body['tools'] as { name?: string }[]).map(({ name }) => name)).toContain('execute')
    const [picture = ''] = second ? imagesOf(second) : []
    const bytes = Buffer.from(picture, 'base64')
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1280, 800])

    const messages = await messagesOf(ground.client, childId)
    const [shown] = results(messages)
    expect(shown).toMatchObject({ tool_name: 'computer', is_media: true, result: { mime_type: 'image/png' } })
    const { attachment_file_id: fileId } = shown?.result as { attachment_file_id: string }
    const attached = messages.flatMap(({ role, content }) => (role === 'assistant' ? (content ?? []) : []))
    expect(attached).toContainEqual(
      expect.objectContaining({
        type: 'file',
        file_id: fileId,
        media_type: 'image/png',
        name: 'desktop.png',
      }),
    )
    const kept = await readFile(fileId)
    expect(Buffer.from(await kept.arrayBuffer()).equals(bytes)).toBe(true)
    const calls = messages.flatMap(({ content }) => content ?? []).filter(({ type }) => type === 'tool-call')
    expect(calls[1]?.args).toEqual({ action: 'left_click', coordinate: [60, 60] })
  })

  it('is given only the newest few pictures again, and words for the others', async () => {
    const [form] = forms as [Form]
    const { childId, requests } = await withDesktopAgent(
      (step) =>
        step <= 11 ? { calls: [form.call('mouse_move', { coordinate: [step, 400] })] } : { text: 'seen' },
      form,
    )
    await chatIs(ground.client, childId, 'waiting')
    expect(requests().map((request) => imagesOf(request).length)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 5, 6],
    ])
    expect(JSON.stringify(requests().at(-1)?.body)).toContain('not shown any more')
  })

  it('hears in words what cannot be done, and what comes after that is not done', async () => {
    const [form] = forms as [Form]
    const { childId } = await withDesktopAgent(
      (step) =>
        step === 1
          ? {
              calls: [
                form.call('left_click', { coordinate: [4000, 10] }),
                form.call('type', { text: 'x' }),
                form.call('fly'),
                form.call('left_click', { coordinate: [-1, 10] }),
              ],
            }
          : step === 2
            ? {
                calls: [
                  form.call('mouse_move', { coordinate: [33, 44] }),
                  form.call('cursor_position'),
                  form.call('key', { text: 'NoSuchKey' }),
                ],
              }
            : { text: 'so be it' },
      form,
    )
    await chatIs(ground.client, childId, 'waiting')
    const told = results(await messagesOf(ground.client, childId)).map(({ result }) => JSON.stringify(result))
    expect(told).toEqual([
      expect.stringContaining('not on the screen, which has 1280x800 pixels'),
      expect.stringContaining('before this one failed'),
      expect.stringContaining('no action \\"fly\\"'),
      expect.stringContaining('not valid'),
      expect.stringContaining('attachment_file_id'),
      expect.stringContaining('X=33,Y=44'),
      expect.stringContaining('no key \\"NoSuchKey\\"'),
    ])
  })

  it('stops in the middle of an action, which then keeps nobody waiting', async () => {
    const [form] = forms as [Form]
    const { childId } = await withDesktopAgent(
      (step) =>
        step === 1
          ? { calls: [form.call('hold_key', { text: 'shift', duration: 60 })] }
          : step === 2
            ? { calls: [form.call('screenshot')] }
            : { text: 'again' },
      form,
    )
    await waitFor('the key is held', async () =>
      (await messagesOf(ground.client, childId)).at(-1)?.content?.[0]?.tool_name === 'computer'
        ? true
        : undefined,
    )
    await ground.client.call(chatsRoutes.interrupt, { params: { chat: childId } })
    await chatIs(ground.client, childId, 'waiting')
    await ground.client.call(chatMessagesRoutes.send, {
      params: { chat: childId },
      body: { content: [{ type: 'text', text: 'go on' }] },
    })
    const shown = await waitFor('a picture', async () =>
      results(await messagesOf(ground.client, childId)).find(({ is_media }) => is_media === true),
    )
    expect(shown.tool_name).toBe('computer')
    await chatIs(ground.client, childId, 'waiting')
  })
})

it('is recorded where its workspace has a program for that, for whoever waited for it', async () => {
  await allowAllTools(ground.client)
  const [form] = forms as [Form]
  const { id, childId } = await withDesktopAgent(
    (step) => (step === 1 ? { calls: [form.call('screenshot')] } : { text: 'All is well.' }),
    form,
  )
  await chatIs(ground.client, childId, 'waiting')
  const wait = { name: 'wait_agent', args: { chat_id: childId } }
  ground.model.script({ calls: [wait] }, { calls: [wait] }, { text: 'good' })
  const body = { content: [{ type: 'text' as const, text: 'and?' }] }
  await ground.client.call(chatMessagesRoutes.send, { params: { chat: id }, body })
  await chatIs(ground.client, id, 'waiting')
  const [first, second] = results(await messagesOf(ground.client, id))
    .map(
      ({ result }) => result as { report?: string; recording_file_id?: string; thumbnail_file_id?: string },
    )
    .slice(-2)
  expect(first).toMatchObject({ type: 'computer_use', report: 'All is well.' })
  const film = await readFile(first?.recording_file_id ?? '')
  expect(film.headers.get('content-type')).toBe('video/mp4')
  expect(film.headers.get('content-disposition')).toContain('attachment')
  expect(await film.text()).toMatch(/ftypisom:\d+$/)
  expect((await readFile(first?.thumbnail_file_id ?? '')).headers.get('content-type')).toBe('image/png')
  // Nothing was done since.
  expect(second).toMatchObject({ report: 'All is well.' })
  expect(second?.recording_file_id).toBeUndefined()
})

it('asks its owner first, and what it did is written down', async () => {
  await ground.client.call(chatApprovalsRoutes.updateOwnPolicy, { body: { rules: [] } })
  const [form] = forms as [Form]
  const { childId } = await withDesktopAgent(
    (step) => (step === 1 ? { calls: [form.call('screenshot')] } : { text: 'seen' }),
    form,
  )
  await chatIs(ground.client, childId, 'requires_action')
  const stream = await readStream(ground.client, childId)
  await stream.until('the question', (events) => events.some((event) => event.action_required))
  const [asked] = stream.events.find((event) => event.action_required)?.action_required?.approvals ?? []
  await stream.close()
  expect(asked).toMatchObject({ tool_name: 'computer', args: JSON.stringify({ action: 'screenshot' }) })
  await ground.client.call(chatApprovalsRoutes.decide, {
    params: { chat: childId },
    body: { decisions: [{ tool_call_id: asked?.tool_call_id ?? '', decision: 'allow', scope: 'once' }] },
  })
  await chatIs(ground.client, childId, 'waiting')
  const { audit_logs: logs } = await ground.client.call(auditRoutes.list, { query: { limit: 20 } })
  expect(logs.map((log) => log.resource_target)).toContainEqual(
    expect.stringContaining('ran computer in work'),
  )
})

describe('who may have one', () => {
  const refused = async (more: object = {}): Promise<unknown> => {
    ground.model.script(
      { calls: [{ name: 'spawn_agent', args: { type: 'computer_use', prompt: 'look' } }] },
      { text: 'no' },
    )
    const { id } = await createChat(ground.client, 'delegate', more)
    await chatIs(ground.client, id, 'waiting')
    return (results(await messagesOf(ground.client, id))[0]?.result as { error?: string }).error
  }

  it('is said in words', async () => {
    expect(await refused()).toContain('no workspace')
    expect(await refused({ workspace_id: ground.workspaceId, plan_mode: 'plan' })).toContain('While planning')
    const models = await ground.client.call(chatModelsRoutes.list, {})
    const openai = await configureModel(ground.client, ground.model, { type: 'openai' })
    // The root need not have a model that can itself.
    expect(await refused({ model_config_id: openai.id })).toContain('no workspace')
    const enable = async (enabled: boolean) => {
      for (const { id } of models)
        await ground.client.call(chatModelsRoutes.update, { params: { modelconfig: id }, body: { enabled } })
    }
    await enable(false)
    expect(await refused({ model_config_id: openai.id })).toContain('no model of Anthropic')
    await enable(true)
  })

  it('is a provider that an administrator sets, and everybody is told', async () => {
    const member = await ground.server.memberClient('grace')
    expect(await member.call(chatConfigRoutes.computerUseProvider, {})).toEqual({ provider: 'anthropic' })
    const set = (client: typeof member, provider: 'anthropic' | 'openai') =>
      client.call(chatConfigRoutes.updateComputerUseProvider, { body: { provider } })
    await expect(set(member, 'anthropic')).rejects.toMatchObject({ status: 403 })
    await set(ground.client, 'anthropic')
    await expect(set(ground.client, 'openai')).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('no tool for it') as string,
    })
  })

  it('is nobody while the experiment is off', async () => {
    const server = await startTestServer()
    const model = await startScriptedModel()
    try {
      const owner = await server.ownerClient()
      const off = { status: 403, message: expect.stringContaining('"chat-virtual-desktop"') as string }
      await expect(owner.call(chatConfigRoutes.computerUseProvider, {})).rejects.toMatchObject(off)
      await expect(
        owner.call(chatConfigRoutes.updateComputerUseProvider, { body: { provider: 'anthropic' } }),
      ).rejects.toMatchObject(off)
    } finally {
      await server.close()
      await model.close()
    }
  })
})
