import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatDesktopRoutes } from '../../contract/chats-desktop.ts'
import { chatSharingRoutes } from '../../contract/chats-sharing.ts'
import { chatsRoutes, type Chat } from '../../contract/chats.ts'
import { deploymentRoutes } from '../../contract/deployment.ts'
import { deploymentAdminRoutes } from '../../contract/deployment-admin.ts'
import { usersRoutes } from '../../contract/users.ts'
import { createChildProcessHost } from '../../lib/child-process-host.ts'
import { builtProgram } from '../built-program.ts'
import { allowAllTools, chatIs, configureModel, createChat, messagesOf } from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import { rawRequest } from '../raw-request.ts'
import { openDesktop, type RfbClient } from '../rfb-client.ts'
import { startScriptedModel } from '../scripted-model.ts'
import { createStandInDisplay, standInScreen, stopReading, type StandInDisplay } from '../stand-in-display.ts'
import { startTestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { runBuild } from '../workspace-actions.ts'

const MIB = 1024 * 1024
const pictureBytes = standInScreen.width * standInScreen.height * standInScreen.bytesPerPixel

/** A server whose workspaces find programs in one folder alone. */
async function startGround(searchPath: string): Promise<ChatWorkspace> {
  return startChatWorkspace(async () => undefined, {
    experiments: ['chat-virtual-desktop'],
    processHost: createChildProcessHost({
      environment: { ...process.env, PATH: searchPath },
      resolveEntry: builtProgram,
    }),
  })
}

async function idleChat(ground: ChatWorkspace, more: object): Promise<Chat> {
  ground.model.script({ text: 'fine' })
  const made = await createChat(ground.client, 'go', more)
  return chatIs(ground.client, made.id, 'waiting')
}

async function refusal(
  client: CoderClient,
  id: string,
): Promise<readonly [status: number, message: unknown]> {
  const { url, headers } = client.socket(chatDesktopRoutes.connect, { params: { chat: id } })
  const answer = await rawRequest(url.replace(/^ws/, 'http'), { headers })
  return [answer.status, answer.status === 426 ? undefined : answer.json().message]
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a desktop that a stand-in draws', () => {
  let folder: string
  let display: StandInDisplay
  let ground: ChatWorkspace
  let chat: Chat
  const open: RfbClient[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-stand-in-'))
    display = createStandInDisplay(join(folder, 'bin'))
    ground = await startGround(display.folder)
    chat = await idleChat(ground, { workspace_id: ground.workspaceId })
  })
  afterAll(async () => {
    await ground.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const connect = async (id = chat.id): Promise<RfbClient> => {
    const desktop = await openDesktop(ground.client, id)
    open.push(desktop)
    return desktop
  }

  it('is an experiment that the deployment tells of', async () => {
    expect(await ground.client.call(deploymentRoutes.experiments, {})).toEqual(['chat-virtual-desktop'])
    const { safe } = await ground.client.call(deploymentAdminRoutes.availableExperiments, {})
    expect(safe).toContain('chat-virtual-desktop')
    const { config } = await ground.client.call(deploymentAdminRoutes.config, {})
    expect(config).toMatchObject({ experiments: ['chat-virtual-desktop'] })
  })

  it('says before the socket opens why there is nothing to see', async () => {
    const bare = await idleChat(ground, {})
    expect(await refusal(ground.client, bare.id)).toEqual([400, 'The chat has no workspace.'])
    const [status, message] = await refusal(ground.client, chat.id)
    expect([status, message]).toEqual([400, expect.stringContaining('tigervnc-standalone-server')])
    // Nothing was started, so shells know nothing of a display.
    expect(display.started()).toBeUndefined()
    display.install()
    expect(await refusal(ground.client, chat.id)).toEqual([426, undefined])
    await ground.client.call(chatsRoutes.update, { params: { chat: bare.id }, body: { archived: true } })
    expect(await refusal(ground.client, bare.id)).toEqual([400, expect.stringContaining('archived')])
  })

  it('is not for people who only read the chat, or administer the deployment', async () => {
    const grace = await ground.server.memberClient('grace')
    const { id } = await grace.call(usersRoutes.get, { params: { user: 'me' } })
    const notThere = [404, expect.stringContaining('not found')]
    expect(await refusal(grace, chat.id)).toEqual(notThere)
    await ground.client.call(chatSharingRoutes.update, {
      params: { chat: chat.id },
      body: { user_roles: { [id]: 'read' } },
    })
    expect(await refusal(grace, chat.id)).toEqual(notThere)
    ground.model.script({ text: 'fine' })
    const own = await createChat(grace, 'mine')
    await chatIs(grace, own.id, 'waiting')
    expect(await refusal(ground.client, own.id)).toEqual([403, 'Only the owner of a chat can do this.'])
    expect((await refusal(ground.server.client(), chat.id))[0]).toBe(401)
  })

  it('carries bytes both ways, and for several viewers at a time', async () => {
    const [first, second] = [await connect(), await connect()]
    for (const desktop of [first, second]) {
      const screen = await desktop.handshake()
      expect(screen).toEqual({ width: 1024, height: 768, name: 'stand-in' })
      const picture = await desktop.picture(screen)
      expect([picture.length, picture.every((byte) => byte === 0x5a)]).toEqual([pictureBytes, true])
    }
    first.send(5, 1, 0, 10, 0, 20)
    await waitFor('the click', () => (display.messages().includes('0501000a0014') ? true : undefined))
    await Promise.all([first.close(), second.close()])
  })

  it('was started for its user alone, once', () => {
    const { args = [] } = display.started() ?? {}
    const valueOf = (name: string) => args[args.indexOf(name) + 1] ?? ''
    expect(args.join(' ')).toContain('-SecurityTypes None')
    expect([valueOf('-rfbport'), valueOf('-rfbunixmode'), valueOf('-nolisten')]).toEqual([
      '-1',
      '0600',
      'tcp',
    ])
    expect(dirname(valueOf('-auth'))).toBe(dirname(valueOf('-rfbunixpath')))
    expect(args).toEqual(expect.arrayContaining(['-localhost', '-SendCutText=0', '-AcceptCutText=0']))
  })

  it('waits for a viewer who reads slowly, and loses nothing', async () => {
    const desktop = await connect()
    await desktop.handshake()
    const pictures = 24
    desktop.socket.pause()
    for (let count = 0; count < pictures; count += 1) desktop.send(3, 0, 0, 0, 0, 0, 0, 1, 0, 1)
    let before = -1
    const held = await waitFor('it stands still', () => {
      const now = display.written()
      const isStill = now > MIB && now === before
      before = now
      return isStill ? now : undefined
    })
    // What the kernel and the relay hold is bounded, and far below what there is to send.
    expect(held).toBeLessThan(24 * MIB)
    expect(pictures * pictureBytes).toBeGreaterThan(60 * MIB)
    desktop.socket.resume()
    const all = await desktop.read(pictures * (pictureBytes + 16))
    expect(all.subarray(-pictureBytes).every((byte) => byte === 0x5a)).toBe(true)
    await desktop.close()
  })

  it('holds back a viewer who sends faster than the desktop reads', async () => {
    const desktop = await connect()
    await desktop.handshake()
    desktop.send(stopReading)
    const much = 64 * MIB
    desktop.socket.send(Buffer.alloc(much / 16, 5), { binary: true })
    for (let count = 1; count < 16; count += 1) desktop.socket.send(Buffer.alloc(much / 16, 5))
    let before = -1
    const left = await waitFor('nothing more leaves', () => {
      const now = desktop.socket.bufferedAmount
      const isStill = now === before
      before = now
      return isStill ? now : undefined
    })
    expect(left).toBeGreaterThan(much / 2)
    desktop.socket.terminate()
    await desktop.closed
  })

  it('ends with the chat that goes to the archive', async () => {
    const other = await idleChat(ground, { workspace_id: ground.workspaceId })
    const desktop = await connect(other.id)
    await desktop.handshake()
    await ground.client.call(chatsRoutes.update, { params: { chat: other.id }, body: { archived: true } })
    const [code, reason] = await desktop.closed
    expect([code, reason]).toEqual([1008, expect.stringContaining('The chat is archived.')])
  })

  it('ends with the workspace, with all that belongs to it', async () => {
    const { pid = 0, args = [] } = display.started() ?? {}
    const files = dirname(args[args.indexOf('-rfbunixpath') + 1] ?? '')
    expect([isAlive(pid), existsSync(files)]).toEqual([true, true])
    const desktop = await connect()
    await desktop.handshake()
    await runBuild(ground.client, ground.workspaceId, 'stop')
    expect(await desktop.closed).not.toMatchObject([1000])
    expect([isAlive(pid), existsSync(files)]).toEqual([false, false])
    expect(await refusal(ground.client, chat.id)).toEqual([400, expect.stringContaining('has no agents')])
  })
})

it('is not there where nobody has switched it on', async () => {
  const server = await startTestServer()
  const model = await startScriptedModel()
  try {
    const owner = await server.ownerClient()
    await configureModel(owner, model)
    model.script({ text: 'fine' })
    const { id } = await createChat(owner, 'hello')
    await chatIs(owner, id, 'waiting')
    expect(await refusal(owner, id)).toEqual([403, expect.stringContaining('"chat-virtual-desktop"')])
  } finally {
    await server.close()
    await model.close()
  }
})

describe('a desktop that TigerVNC draws', () => {
  let ground: ChatWorkspace
  let chat: Chat

  beforeAll(async () => {
    ground = await startGround(process.env['PATH'] ?? '')
    await allowAllTools(ground.client)
    chat = await idleChat(ground, { workspace_id: ground.workspaceId })
  })
  afterAll(() => ground.close())

  it('is a screen with windows of the workspace, and is told to commands', async () => {
    const desktop = await openDesktop(ground.client, chat.id)
    const screen = await desktop.handshake()
    expect(screen).toMatchObject({
      width: 1280,
      height: 800,
      name: expect.stringContaining('work') as string,
    })
    expect(await desktop.picture(screen)).toHaveLength(1280 * 800 * 4)
    const [told] = await run({
      command: 'xterm -geometry 80x24+0+0 & ls -l "$XAUTHORITY"; echo "$DISPLAY"',
      timeout: '5s',
    })
    expect(told).toMatch(/^-rw-------.*\n:\d+\n/)
    const typed = join(ground.folder, 'typed')
    await waitFor('a window takes keys', async () => {
      // Without a window manager the keys are for what the pointer is over.
      desktop.send(5, 0, 0, 60, 0, 60)
      for (const key of 'touch typed') press(desktop, key.charCodeAt(0))
      press(desktop, RETURN)
      return waitFor('the file', () => existsSync(typed) || undefined, 1000).catch(() => undefined)
    })
    const picture = await desktop.picture(screen)
    // The screen is black until a window shows.
    expect(picture.includes(0xff)).toBe(true)
    await desktop.close()
  })

  it('lets nobody in who only knows its number', async () => {
    const [refused] = await run({ command: 'XAUTHORITY=/dev/null xterm -e true 2>&1; true', timeout: '20s' })
    expect(refused).toMatch(/display/i)
  })

  it('leaves nothing behind', async () => {
    const [told = ''] = await run({ command: 'echo "$DISPLAY $XAUTHORITY"', timeout: '5s' })
    const [, number = '', authority = ''] = /^:(\d+) (\S+)/.exec(told) ?? []
    const files = [`/tmp/.X11-unix/X${number}`, authority]
    expect(files.map((file) => existsSync(file))).toEqual([true, true])
    await runBuild(ground.client, ground.workspaceId, 'stop')
    expect(files.map((file) => existsSync(file))).toEqual([false, false])
  })

  /** What commands of a chat in the workspace print. */
  async function run(...inputs: readonly object[]): Promise<string[]> {
    ground.model.script({ calls: inputs.map((args) => ({ name: 'execute', args })) }, { text: 'done' })
    const made = await createChat(ground.client, 'look', { workspace_id: ground.workspaceId })
    await chatIs(ground.client, made.id, 'waiting')
    return (await messagesOf(ground.client, made.id))
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => (content?.[0]?.result as { readonly output?: string }).output ?? '')
  }
})

const RETURN = 0xff0d

function press(desktop: RfbClient, keysym: number): void {
  for (const isDown of [1, 0])
    desktop.send(4, isDown, 0, 0, ...[24, 16, 8, 0].map((shift) => (keysym >> shift) & 255))
}
