import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startHarness, type HarnessOptions } from '../../testing/app-harness.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { testUuid } from '../../testing/builders.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: HarnessOptions = {}) {
  const harness = await startHarness(options)
  closers.push(() => harness.close())
  return harness
}

describe('commands', () => {
  const command = { kind: 'open-workspace', deploymentId: 'local', workspaceId: testUuid(1) } as const

  it('reach the window that listens, and bring it up', async () => {
    const { app, page, windows } = await start()
    const watch = page.subscribe('app.watchCommands', {})
    app.command(command)
    expect(await watch.next()).toEqual(command)
    expect(windows.shows).toBe(1)
  })

  it('wait for the window that is still opening', async () => {
    const { app, page } = await start()
    app.command(command)
    app.command({ kind: 'command-palette' })
    const watch = page.subscribe('app.watchCommands', {})
    expect([await watch.next(), await watch.next()]).toEqual([command, { kind: 'command-palette' }])
  })

  it('are forgotten when no window opens in time', async () => {
    const clock = createManualClock()
    const { app, page } = await start({ clock })
    app.command(command)
    clock.advance(60_000)
    const watch = page.subscribe('app.watchCommands', {})
    app.command({ kind: 'toggle-terminal' })
    expect(await watch.next()).toEqual({ kind: 'toggle-terminal' })
  })
})

describe('nudges from terminals', () => {
  const end = {
    deploymentId: 'local',
    workspaceId: testUuid(1),
    workspaceName: 'api',
    seconds: 75,
    exitCode: 2,
  }

  it('are notifications in words of the app, which bring the workspace up', async () => {
    const { page, desktop, windows } = await start()
    await page.call('app.notifyCommandEnd', end)
    await page.call('app.notifyCommandEnd', { ...end, seconds: 1, exitCode: null })
    expect(desktop.notifications.map(({ title, body }) => [title, body])).toEqual([
      ['A command on api has ended', 'It ran for 1 min 15 s and ended with exit code 2.'],
      ['A command on api has ended', 'It ran for 1 second and ended.'],
    ])
    const watch = page.subscribe('app.watchCommands', {})
    desktop.notifications[0]?.onClick()
    expect(await watch.next()).toMatchObject({ kind: 'open-workspace', workspaceId: end.workspaceId })
    expect(windows.shows).toBe(1)
  })

  it('are few, however often a program asks', async () => {
    const clock = createManualClock()
    const { page, windows, desktop } = await start({ clock })
    for (let round = 0; round < 20; round += 1) {
      await page.call('app.askAttention', {})
      await page.call('app.notifyCommandEnd', end)
    }
    expect(windows.attentions + desktop.notifications.length).toBe(5)
  })
})

describe('links', () => {
  it('of the app open at once', async () => {
    const { page, desktop } = await start()
    expect(await page.call('app.openExternal', { url: 'https://coder.com/docs', source: 'app' })).toEqual({
      opened: true,
    })
    expect(desktop.opened).toEqual(['https://coder.com/docs'])
  })

  it('from a terminal are asked about, with their real host', async () => {
    const { page, desktop } = await start()
    desktop.answer = 1
    expect(
      await page.call('app.openExternal', { url: 'https://evil.example/x', source: 'terminal' }),
    ).toEqual({ opened: false })
    expect(desktop.questions).toEqual(['Open evil.example?'])
    expect(desktop.opened).toEqual([])
  })

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'https://user:pass@coder.com/', 'smb://host/share'])(
    'such as %s are refused',
    async (url) => {
      const { page, desktop } = await start()
      await expect(page.call('app.openExternal', { url, source: 'app' })).rejects.toMatchObject({
        error: { code: 'refused' },
      })
      expect(desktop.opened).toEqual([])
    },
  )
})

describe('the window’s reach into the desktop', () => {
  it('copies and pastes', async () => {
    const { page, desktop } = await start()
    await page.call('app.copyText', { text: 'one' })
    expect(desktop.clipboard).toBe('one')
    expect(await page.call('app.readClipboardText', {})).toEqual({ text: 'one' })
  })

  it('pastes a picture, where there is one and it is not too large', async () => {
    const { page, desktop } = await start()
    expect(await page.call('app.readClipboardImage', {})).toEqual({ png: null })
    desktop.clipboardImage = Buffer.from('picture')
    expect(await page.call('app.readClipboardImage', {})).toEqual({
      png: Buffer.from('picture').toString('base64'),
    })
    desktop.clipboardImage = Buffer.alloc(32_000_001)
    await expect(page.call('app.readClipboardImage', {})).rejects.toMatchObject({
      error: { code: 'too_large' },
    })
  })

  it('saves where the user says, or not at all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outpost-save-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const { page, desktop } = await start()
    expect(await page.call('app.saveText', { suggestedName: 'build.log', text: 'x' })).toEqual({
      saved: false,
    })
    desktop.savePath = join(folder, 'build.log')
    expect(await page.call('app.saveText', { suggestedName: 'build.log', text: 'line\n' })).toEqual({
      saved: true,
    })
    expect(await readFile(join(folder, 'build.log'), 'utf8')).toBe('line\n')
    desktop.savePath = join(folder, 'missing', 'build.log')
    await expect(page.call('app.saveText', { suggestedName: 'build.log', text: 'x' })).rejects.toMatchObject({
      error: { code: 'not_saved', message: expect.stringContaining('Choose another place') },
    })
    await expect(page.call('app.saveText', { suggestedName: '../x', text: '' })).rejects.toMatchObject({
      error: { code: 'invalid_input' },
    })
  })

  it('opens the log folder and no other', async () => {
    const { page, desktop, userDataDir } = await start()
    await page.call('app.openLogFolder', {})
    expect(desktop.openedFolders).toEqual([join(userDataDir, 'logs')])
  })

  it('tells versions', async () => {
    const { page } = await start()
    expect(await page.call('app.about', {})).toMatchObject({ version: '0.1.0', electron: '33.2.1' })
  })

  it('writes errors of a window into the log, at a bounded rate and without secrets', async () => {
    const { page, logger } = await start({ clock: createManualClock() })
    for (let index = 0; index < 50; index += 1) {
      await page.call('app.reportError', {
        message: 'Boom with Abcdefghij-0123456789abcdefghijkl',
        stack: 'at x',
        where: 'workspaces',
      })
    }
    const lines = logger.lines.filter((line) => line.includes('A window reported an error'))
    expect(lines).toHaveLength(20)
    expect(logger.lines.join('')).not.toContain('Abcdefghij-0123456789abcdefghijkl')
  })
})

describe('helper processes', () => {
  it('show their health', async () => {
    const { page } = await start({ local: { url: 'http://127.0.0.1:9', token: 'x' } })
    const watch = page.subscribe('app.watchProcesses', {})
    expect(
      await watch.next((health) => health.localServer === 'running' && health.bridge === 'running'),
    ).toBeDefined()
  })
})

describe('the running app', () => {
  it('stays in the tray when the user wants that and there is one', async () => {
    const { app, page, tray } = await start()
    expect(app.keepsRunningInTray()).toBe(true)
    tray.available = false
    expect(app.keepsRunningInTray()).toBe(false)
    tray.available = true
    await page.call('settings.update', { closeToTray: false })
    expect(app.keepsRunningInTray()).toBe(false)
  })

  it('ends within its time also when a helper process hangs', async () => {
    const clock = createManualClock()
    const harness = await startHarness({ clock })
    harness.page.close()
    // Helpers of this harness are ready but the local server never was, so it does not answer the shutdown either.
    const closed = harness.app.close()
    const again = harness.app.close()
    expect(again).toBe(closed)
    for (let step = 0; step < 20; step += 1) {
      clock.advance(1000)
      await Promise.resolve()
    }
    await closed
    expect(clock.pending).toBe(0)
    await rm(harness.userDataDir, { recursive: true, force: true })
  })
})
