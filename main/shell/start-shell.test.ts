import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { AppPorts, RunningApp } from '../ports/app-ports.ts'
import type { RecordingElectron } from '../testing/recording-electron.ts'

const recording: RecordingElectron = await vi.hoisted(async () => {
  const { createRecordingElectron } = await import('../testing/recording-electron.ts')
  const { mkdtempSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join: at } = await import('node:path')
  return createRecordingElectron({
    isPackaged: true,
    ready: Promise.resolve(),
    userDataDir: mkdtempSync(at(tmpdir(), 'outpost-shell-')),
  })
})
vi.mock('electron', () => recording.electron)
const { startShell } = await import('./start-shell.ts')
const { app } = recording.electron

/** What the guards had been given when the app was started on its ports. */
let guarded: string[] = []
const commands: unknown[] = []
const links: string[] = []
const running: RunningApp = {
  command: (command) => void commands.push(command),
  openLink: (link) => void links.push(link),
  keepsRunningInTray: () => false,
  usesNativeFrame: () => false,
  close: async () => undefined,
}
const before = ['uncaughtException', 'unhandledRejection'].map((event) =>
  process.listeners(event as 'uncaughtException'),
)

const { argv } = process
const link = 'outpost://local/agents/6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10'

beforeAll(async () => {
  process.argv = ['/opt/outpost', link]
  await startShell({}, async (ports: AppPorts) => {
    guarded = Object.keys(recording.sessionHandlers).sort()
    expect(recording.windows).toHaveLength(0)
    expect(ports.facts.packaged).toBe(true)
    return running
  })
})
afterAll(() => {
  process.argv = argv
  rmSync(app.getPath(), { recursive: true })
  for (const [at, event] of ['uncaughtException', 'unhandledRejection'].entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (before[at]?.includes(listener) !== true) process.off(event, listener)
    }
  }
})

describe('the shell', () => {
  it('guards the default session before there is a window', () => {
    expect(guarded).toEqual(['check', 'device', 'display', 'request', 'usb'])
  })

  it('loads the app’s own page and nothing else', () => {
    expect(recording.windows).toHaveLength(1)
    const loads = recording.calls.filter(({ name }) => /^load(URL|File)$/.test(name))
    expect(loads.map(({ args }) => args)).toEqual([['app://outpost/index.html']])
  })

  it('has no developer tools when packaged: not in the window, not in the menu', () => {
    const made = recording.calls.find(({ name }) => name === 'new BrowserWindow')
    expect(made?.args[0]).toMatchObject({ webPreferences: { devTools: false } })
    const menus = recording.calls.filter(({ name }) => name === 'setApplicationMenu')
    expect(menus).toHaveLength(1)
    const roles = JSON.stringify(menus).match(/"role":"\w+"/g) ?? []
    expect(roles.length).toBeGreaterThan(3)
    expect(roles.filter((role) => /reload|devtools/i.test(role))).toEqual([])
  })

  it('hands on the link it was started for', () => {
    expect(links.splice(0)).toEqual([link])
  })

  it('shows its window at a second start, and reads nothing of that start’s arguments but a link', () => {
    const shown = recording.calls.length
    app.emit('second-instance', {}, ['outpost', '--no-sandbox', '/tmp/evil'], '/tmp', { evil: true })
    app.emit('second-instance', {}, ['outpost', link, `${link}?b`], '/tmp', {})
    expect(links).toEqual([])
    app.emit('second-instance', {}, ['outpost', '--no-sandbox', link], '/tmp', { evil: true })
    expect(links.splice(0)).toEqual([link])
    expect(recording.windows).toHaveLength(1)
    expect(recording.calls.slice(shown).map(({ name }) => name)).toEqual(['focus', 'focus', 'focus'])
    expect(commands).toEqual([])
  })

  it('takes the links of macOS from its event alone', () => {
    const preventDefault = vi.fn()
    app.emit('open-url', { preventDefault }, link)
    expect(preventDefault).toHaveBeenCalled()
    expect(links.splice(0)).toEqual([link])
  })

  it('keeps its logs to their owner', () => {
    const logs = join(app.getPath(), 'logs')
    expect(statSync(logs).mode & 0o777).toBe(0o700)
  })
})
