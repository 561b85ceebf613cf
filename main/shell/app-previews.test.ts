import { beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '#bridge/lib/logger'
import type { AppPreviewState } from '#ipc/app-preview'
import type { PreviewPage } from '../ports/app-previews.ts'
import { createMicrophoneGate } from '../security/microphone-gate.ts'
import { createRecordingLogger } from '../testing/recording-logger.ts'
import { FakePort } from '../testing/recording-electron.ts'

const recording = await vi.hoisted(async () => {
  const { createRecordingElectron } = await import('../testing/recording-electron.ts')
  return createRecordingElectron()
})
vi.mock('electron', () => recording.electron)
const { guardAllContents } = await import('./content-guards.ts')
const { createAppPreviews } = await import('./app-previews.ts')
const { createWindows } = await import('./windows.ts')

let now = 0
const logger = createRecordingLogger()
guardAllContents(
  logger,
  createMicrophoneGate(() => 0),
)
const windows = createWindows({
  facts: () => ({ platform: 'linux', appVersion: '1.0.0', customTitleBar: true, packaged: true }),
  ...{ preload: '/preload.cjs', userDataDir: '/nowhere', dragIcon: '/icon.png' },
  theme: 'system',
  logger: silentLogger,
})
windows.show()
const window = recording.windows[0]!
const previews = createAppPreviews({ windowOf: windows.ofApp, now: () => now, logger })
const deploymentUrl = 'http://127.0.0.1:4000'
const home = `${deploymentUrl}/@ada/dev.main/apps/web/`
const url = `${home}?outpost_app_ticket=seeded-secret-ticket`
const seen = {
  states: [] as AppPreviewState[],
  links: [] as string[],
  keys: [] as string[],
  last: (): AppPreviewState => seen.states.at(-1)!,
}

let page: PreviewPage
const view = () => recording.previews.views.at(-1)!
const contents = () => view().webContents
function open(address = url, windowId = window.id): PreviewPage | undefined {
  return previews.open({
    windowId,
    key: 'web',
    url: address,
    deploymentUrl,
    listener: {
      onChange: (state) => void seen.states.push(state),
      onLink: (link) => void seen.links.push(link),
      onKey: (key) => void seen.keys.push(key),
    },
  })
}
async function arrive(status = 200): Promise<void> {
  await vi.waitFor(() => expect(contents().calls[0]).toBe(`loadURL ${url}`))
  contents().url = home
  contents().title = 'Shop'
  contents().emit('did-navigate', {}, home, status)
}
const navigate = (event: string, target: string, isMainFrame = true): boolean => {
  const details = { url: target, isMainFrame, preventDefault: vi.fn() }
  contents().emit(event, details)
  return details.preventDefault.mock.calls.length === 0
}
const touch = () => contents().emit('input-event', {}, { type: 'mouseDown' })

beforeEach(() => {
  seen.states = []
  seen.links = []
  seen.keys = []
  now += 60_000
  page = open()!
})

describe('a preview', () => {
  it('shows once its page is there, where the window has its place, by the zoom of the window', async () => {
    expect(view().visible).toBe(false)
    page.place({ x: 10.2, y: 20, width: 100, height: 50.4 })
    expect(view().visible).toBe(false)
    await arrive()
    expect(view().visible).toBe(true)
    expect(view().bounds).toEqual({ x: 20, y: 40, width: 200, height: 101 })
    expect(seen.last()).toMatchObject({ title: 'Shop', path: '/', isReady: true, failure: null })
    expect(await page.capture()).toBe(`data:image/jpeg;base64,${Buffer.from('still').toString('base64')}`)
    page.act('focus')
    contents().focused = true
    page.place(null)
    expect(view().visible).toBe(false)
    expect(window.webContents.posted.at(-1)?.name).toBe('focus')
    page.act('focus')
    expect(contents().calls.filter((call) => call === 'focus')).toHaveLength(1)
    expect(await page.capture()).toBeNull()
  })

  it('is of no other address, and of no window that is gone', () => {
    expect(open(`${deploymentUrl}/api/v2/users/me`)).toBeUndefined()
    expect(open('https://elsewhere.example/')).toBeUndefined()
    expect(open(url, 999)).toBeUndefined()
  })

  it('ends its process with it, forgets what it stored, and waits for that before it is shown again', async () => {
    const { partition } = (view().options as { webPreferences: { partition: string } }).webPreferences
    expect(partition).toMatch(/^app-preview-\d+$/)
    const own = recording.previews.sessions.get(partition)!
    const ended = contents()
    page.close()
    page.close()
    expect(ended.destroyed).toBe(true)
    await vi.waitFor(() => expect(own.calls).toContain('clearStorageData'))
    open()
    expect((view().options as { webPreferences: { partition: string } }).webPreferences.partition).toBe(
      partition,
    )
    await vi.waitFor(() => expect(contents().calls).toHaveLength(1))
  })

  it('is no window: it gets no port, also from the very address of the app', () => {
    const port = new FakePort()
    const senderFrame = { url: 'app://outpost/index.html', parent: null }
    recording.electron.ipcMain.emit('outpost:rpc', { sender: contents(), senderFrame, ports: [port] })
    expect(port.closed).toBe(true)
    expect(view().options).not.toHaveProperty('webPreferences.preload')
  })

  it('asks for the app alone, and for nothing of the deployment beside it', () => {
    const { partition } = (view().options as { webPreferences: { partition: string } }).webPreferences
    const isLet = (target: string, resourceType: string): boolean => {
      let cancel = true
      recording.previews.sessions
        .get(partition)!
        .beforeRequest?.({ url: target, resourceType }, (answer) => (cancel = answer.cancel))
      return !cancel
    }
    expect(isLet(url, 'mainFrame')).toBe(true)
    expect(isLet('https://elsewhere.example/', 'mainFrame')).toBe(false)
    expect(isLet('https://cdn.example/x.js', 'script')).toBe(true)
    expect(isLet(`${deploymentUrl}/api/v2/users/me`, 'xhr')).toBe(false)
    expect(isLet('app://outpost/index.html', 'xhr')).toBe(false)
  })
})

it('puts documents into the sandbox, and nothing else', () => {
  const { partition } = (view().options as { webPreferences: { partition: string } }).webPreferences
  const headersOf = (resourceType: string): object => {
    let change: object = {}
    recording.previews.sessions
      .get(partition)!
      .headersReceived?.({ resourceType, responseHeaders: {} }, (answer) => (change = answer))
    return change
  }
  for (const kind of ['mainFrame', 'subFrame'])
    expect(headersOf(kind)).toHaveProperty('responseHeaders.Content-Security-Policy')
  expect(headersOf('script')).toEqual({})
})

describe('navigation', () => {
  it('stays in the app, and what a hand did is handed on once', async () => {
    await arrive()
    expect(navigate('will-frame-navigate', `${home}prices`)).toBe(true)
    expect(navigate('will-navigate', `${home}prices`)).toBe(true)
    expect(navigate('will-redirect', `${home}prices`)).toBe(true)
    expect(navigate('will-frame-navigate', 'https://by.itself/')).toBe(false)
    expect(seen.links).toEqual([])
    touch()
    expect(navigate('will-frame-navigate', 'https://elsewhere.example/')).toBe(false)
    expect(navigate('will-navigate', 'https://elsewhere.example/')).toBe(false)
    expect(navigate('will-frame-navigate', 'https://again.example/')).toBe(false)
    touch()
    expect(contents().openHandler?.({ url: 'https://popup.example/' })).toEqual({ action: 'deny' })
    touch()
    now += 5001
    expect(navigate('will-frame-navigate', 'https://late.example/')).toBe(false)
    touch()
    expect(contents().openHandler?.({ url: `${home}in-a-tab` })).toEqual({ action: 'deny' })
    expect(contents().calls.at(-1)).toBe(`loadURL ${home}in-a-tab`)
    expect(contents().openHandler?.({ url: `${home}by-itself` })).toEqual({ action: 'deny' })
    expect(contents().calls.at(-1)).toBe(`loadURL ${home}in-a-tab`)
    expect(seen.links).toEqual(['https://elsewhere.example/', 'https://popup.example/'])
  })

  it('lets frames go where a browser would, and to nothing that is local', () => {
    expect(navigate('will-frame-navigate', 'https://ads.example/', false)).toBe(true)
    expect(navigate('will-frame-navigate', 'file:///etc/passwd', false)).toBe(false)
    expect(navigate('will-frame-navigate', 'app://outpost/index.html', false)).toBe(false)
    expect(navigate('will-redirect', `${deploymentUrl}/api/v2/users/me`, false)).toBe(false)
  })

  it('tells a redirect out of the app from one to the sign-in of the deployment', async () => {
    await arrive()
    page.place({ x: 0, y: 0, width: 10, height: 10 })
    expect(navigate('will-redirect', 'https://elsewhere.example/')).toBe(false)
    expect(seen.last().failure).toBe('led_away')
    expect(view().visible).toBe(false)
    touch()
    expect(navigate('will-redirect', `${deploymentUrl}/login`)).toBe(false)
    expect(seen.last().failure).toBe('ended')
    expect(seen.links).toEqual([])
  })

  it('leaves every other page held to the rule', () => {
    const other = window.webContents
    recording.electron.app.emit('web-contents-created', {}, other)
    const details = { url: home, isMainFrame: true, preventDefault: vi.fn() }
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) other.emit(event, details)
    expect(details.preventDefault).toHaveBeenCalledTimes(3)
  })
})

describe('trouble', () => {
  it('is told by what stands in the page’s place, and gone with the next load', async () => {
    page.place({ x: 0, y: 0, width: 10, height: 10 })
    await arrive(502)
    expect(seen.last()).toMatchObject({ failure: 'no_answer', isReady: true })
    expect(view().visible).toBe(false)
    expect(await page.capture()).toBeNull()
    page.act('reload')
    expect(contents().calls).toContain('reload')
    expect(seen.last()).toMatchObject({ failure: null, isReady: false })
    contents().emit('did-navigate', {}, home, 200)
    expect(view().visible).toBe(true)
    contents().emit('did-fail-load', {}, -3, '', home, true)
    contents().emit('did-fail-load', {}, -102, '', home, false)
    expect(seen.last().failure).toBeNull()
    contents().emit('did-fail-load', {}, -118, '', home, true)
    expect(seen.last().failure).toBe('timed_out')
  })

  it('of its process is its own: no window is loaded again', async () => {
    await arrive()
    contents().emit('render-process-gone', {}, { reason: 'crashed' })
    expect(seen.last().failure).toBe('crashed')
    expect(window.reloads).toBe(0)
  })

  it('never quotes the address', async () => {
    await arrive()
    touch()
    navigate('will-frame-navigate', 'https://elsewhere.example/?seeded-secret-of-page')
    expect(JSON.stringify(logger.lines)).not.toContain('seeded-secret')
    expect(JSON.stringify(seen.states)).not.toContain('seeded-secret')
  })

  it('has no say in whether it is left', () => {
    const event = { preventDefault: vi.fn() }
    contents().emit('will-prevent-unload', event)
    expect(event.preventDefault).toHaveBeenCalledOnce()
  })
})

describe('keys', () => {
  const press = (key: string, control = false): boolean => {
    const event = { preventDefault: vi.fn() }
    const input = { type: 'keyDown', key, control, meta: false, alt: false, shift: false }
    contents().emit('before-input-event', event, input)
    return event.preventDefault.mock.calls.length > 0
  }

  it('leave and close it, act in it, and reach the app', async () => {
    await arrive()
    expect([press('F6'), press('w', true), press('r', true), press('a')]).toEqual([true, true, true, false])
    expect(seen.keys).toEqual(['leave', 'close'])
    expect(contents().calls).toContain('reload')
    const before = window.webContents.posted.length
    press('k', true)
    expect(window.webContents.posted.slice(before).map(({ name }) => name)).toEqual([
      'focus',
      'sendInputEvent',
      'sendInputEvent',
    ])
    expect(window.webContents.posted.at(-2)?.args).toEqual([
      { type: 'keyDown', keyCode: 'k', modifiers: ['control'] },
    ])
  })
})

it('ends with the window', () => {
  const last = contents()
  window.destroyed = true
  window.emit('closed')
  expect(last.destroyed).toBe(true)
})
