import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '#bridge/lib/logger'
import type { RpcPeer } from '../ports/windows.ts'
import { FakePort } from '../testing/recording-electron.ts'

const recording = await vi.hoisted(async () => {
  const { createRecordingElectron } = await import('../testing/recording-electron.ts')
  return createRecordingElectron()
})
vi.mock('electron', () => recording.electron)
const { createWindows } = await import('./windows.ts')
const { ipcMain } = recording.electron

const userDataDir = mkdtempSync(join(tmpdir(), 'outpost-windows-'))
afterAll(() => {
  rmSync(userDataDir, { recursive: true })
})

const windows = createWindows({
  facts: () => ({ platform: 'linux', appVersion: '1.0.0', customTitleBar: true, packaged: true }),
  preload: '/preload.cjs',
  userDataDir,
  dragIcon: '/icon.png',
  theme: 'system',
  logger: silentLogger,
})
const peers: RpcPeer[] = []
windows.onPeer((peer) => peers.push(peer))
windows.show()
const window = recording.windows[0]
if (window === undefined) throw new Error('no window was made')
const { webContents } = window

function connect(overrides: { sender?: unknown; senderFrame?: unknown } = {}): FakePort {
  const port = new FakePort()
  ipcMain.emit('outpost:rpc', {
    sender: webContents,
    senderFrame: webContents.mainFrame,
    ports: [port],
    ...overrides,
  })
  return port
}
const startLoading = () =>
  webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })

describe('the main window', () => {
  it('asks for attention until it is looked at', () => {
    const flashes = () =>
      recording.calls.filter((call) => call.name === 'flashFrame').map((call) => call.args)
    windows.askAttention()
    expect(flashes()).toEqual([[true]])
    window.emit('focus')
    expect(flashes()).toEqual([[true], [false]])
  })

  it('loads the entry page and nothing else', () => {
    expect(recording.calls.filter((call) => call.name === 'loadURL').map((call) => call.args)).toEqual([
      ['app://outpost/index.html'],
    ])
  })

  it('is one: showing it again makes no second', () => {
    windows.show()
    expect(recording.windows).toHaveLength(1)
  })
})

describe('the RPC port', () => {
  it('is refused to strangers, frames and foreign pages', () => {
    const frame = { url: 'app://outpost/index.html', parent: webContents.mainFrame }
    expect(connect({ sender: {} }).closed).toBe(true)
    expect(connect({ senderFrame: frame }).closed).toBe(true)
    expect(connect({ senderFrame: null }).closed).toBe(true)
    webContents.mainFrame.url = 'https://evil.test/'
    expect(connect().closed).toBe(true)
    webContents.mainFrame.url = 'app://outpost/index.html'
    expect(peers).toHaveLength(0)
  })

  it('is given once a load and closed with the page', () => {
    const first = connect()
    expect(peers).toHaveLength(1)
    expect(connect().closed).toBe(true)
    const closed = vi.fn()
    peers[0]?.onClose(closed)
    startLoading()
    expect(first.closed).toBe(true)
    expect(closed).toHaveBeenCalledOnce()
    connect()
    expect(peers).toHaveLength(2)
  })
})

describe('the byte port', () => {
  it('goes only to a page that has the RPC port, with its own nonce', () => {
    const asked = vi.fn()
    windows.onBridgePortRequest(asked)
    const ask = (nonce: unknown, senderFrame: unknown = webContents.mainFrame) =>
      ipcMain.emit('outpost:bridge-port', { sender: webContents, senderFrame }, nonce)
    ask('too-short')
    ask({ toString: () => 'x'.repeat(20) })
    ask('a-good-nonce-of-32-characters-xx', { parent: webContents.mainFrame })
    expect(asked).not.toHaveBeenCalled()
    expect(windows.giveBridgePort(window.id)).toBeUndefined()
    ask('a-good-nonce-of-32-characters-xx')
    expect(asked).toHaveBeenCalledWith(window.id, { kind: 'app' })
    expect(windows.giveBridgePort(window.id)).toBeDefined()
    expect(webContents.posted.at(-1)?.args.slice(0, 2)).toEqual([
      'outpost:bridge-port',
      'a-good-nonce-of-32-characters-xx',
    ])
    startLoading()
    expect(windows.giveBridgePort(window.id)).toBeUndefined()
  })
})

describe('the window of a desktop', () => {
  const page = {
    kind: 'desktop',
    deploymentId: 'work',
    chatId: '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10',
  } as const
  const changes = vi.fn()
  const stop = windows.onDesktopsChange(changes)
  const made = () => recording.windows[1]!

  it('is made with the very options of the main one, and loads the same page', () => {
    windows.showDesktop(page)
    expect(recording.windows).toHaveLength(2)
    const [first, second] = recording.calls
      .filter(({ name }) => name === 'new BrowserWindow')
      .map(({ args }) => args[0] as { webPreferences: unknown })
    expect(second?.webPreferences).toEqual(first?.webPreferences)
    expect(recording.calls.filter(({ name }) => name === 'loadURL').at(-1)?.args).toEqual([
      `app://outpost/index.html#/desktop/work/${page.chatId}`,
    ])
    expect([windows.desktops(), changes.mock.calls.length]).toEqual([[page], 1])
  })

  it('is one for a chat: a second call brings it forward', () => {
    const before = recording.calls.length
    windows.showDesktop({ ...page })
    expect(recording.windows).toHaveLength(2)
    expect(recording.calls.slice(before)).toEqual([{ name: 'focus', args: [made().id] }])
  })

  it('has ports that say whose it is, and takes no dropped files', () => {
    const contents = made().webContents
    const event = { sender: contents, senderFrame: contents.mainFrame, ports: [new FakePort()] }
    const asked = vi.fn()
    const dropped = vi.fn()
    windows.onBridgePortRequest(asked)
    windows.onFilesDropped(dropped)
    ipcMain.emit('outpost:rpc', event)
    ipcMain.emit('outpost:bridge-port', event, 'a-good-nonce-of-32-characters-xx')
    ipcMain.emit('outpost:dropped-files', event, page.chatId, ['/home/ada/note'])
    expect(peers.at(-1)).toMatchObject({ windowId: made().id, page })
    expect(asked).toHaveBeenCalledWith(made().id, page)
    expect(dropped).not.toHaveBeenCalled()
    expect(peers.slice(0, -1).every((peer) => peer.page.kind === 'app')).toBe(true)
  })

  it('lies beside another one, is closed for good, and its place is kept apart from the main window’s', () => {
    windows.showDesktop({ ...page, deploymentId: 'other' })
    const options = recording.windows[2]?.options as { x?: number; y?: number }
    made().emit('close', { preventDefault: () => expect.fail('it stays') })
    made().emit('closed')
    expect(windows.desktops()).toEqual([{ ...page, deploymentId: 'other' }])
    expect(readFileSync(join(userDataDir, 'desktop-window.json'), 'utf8')).toContain('"width":1280')
    windows.showDesktop(page)
    expect(recording.windows[3]?.options).toMatchObject({ x: 42, y: 42 })
    expect(options.x).toBeUndefined()
    stop()
  })
})

describe('a crashed page', () => {
  it('is loaded again, but not for ever', () => {
    for (let crash = 0; crash < 5; crash += 1) {
      webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    }
    expect(window.reloads).toBe(3)
  })
})

describe('closing', () => {
  it('hides the window while the app stays in the tray; closed, it takes those of desktops along', () => {
    const seen: boolean[] = []
    windows.onVisibilityChange((visible) => seen.push(visible))
    window.show()
    windows.onCloseRequest(() => true)
    const attempt = { preventDefault: vi.fn() }
    window.emit('close', attempt)
    expect(attempt.preventDefault).toHaveBeenCalledOnce()
    expect(window.visible).toBe(false)
    expect(seen).toEqual([false])
    const desktops = windows.desktops().length
    window.emit('closed')
    const closed = recording.calls.filter(({ name }) => name === 'close')
    expect([desktops, closed.length]).toEqual([2, 2])
    windows.allowClose()
    const last = { preventDefault: vi.fn() }
    window.emit('close', last)
    expect(last.preventDefault).not.toHaveBeenCalled()
  })
})
