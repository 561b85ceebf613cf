import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startHarness, type HarnessOptions } from '../../testing/app-harness.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { defaultSettings } from './settings-file.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: HarnessOptions = {}) {
  const harness = await startHarness(options)
  closers.push(() => harness.close())
  return harness
}
async function tempFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'outpost-test-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe('settings', () => {
  it('start with the defaults, applied to the desktop', async () => {
    const { page, desktop } = await start()
    expect(await page.subscribe('settings.watch', {}).next()).toEqual({
      settings: defaultSettings,
      notices: [],
    })
    expect(desktop.themes).toEqual(['system'])
    expect(desktop.launchAtLogin).toEqual([])
  })

  it('of a version that knew less keep what they had', async () => {
    const userDataDir = await tempFolder()
    const terminal = {
      fontSize: 20,
      scrollback: 500,
      renderer: 'dom',
      warnOnMultilinePaste: false,
      cursorBlink: false,
    }
    const data = { theme: 'dark', closeToTray: false, launchAtLogin: false, nativeFrame: false, terminal }
    await writeFile(join(userDataDir, 'settings.json'), JSON.stringify({ version: 1, data }))
    const { page } = await start({ userDataDir })
    const { settings, notices } = await page.subscribe('settings.watch', {}).next()
    expect(notices).toEqual([])
    expect(settings).toEqual({
      ...data,
      agents: defaultSettings.agents,
      terminal: { ...defaultSettings.terminal, ...terminal },
    })
  })

  it('change in part, live in every window, and stay over a restart', async () => {
    const userDataDir = await tempFolder()
    const first = await start({ userDataDir })
    const other = first.connectPage().subscribe('settings.watch', {})
    await other.next()
    const changed = await first.page.call('settings.update', {
      theme: 'high-contrast',
      launchAtLogin: true,
      agents: { sound: true },
      terminal: { fontSize: 18 },
    })
    expect(changed).toEqual({
      ...defaultSettings,
      theme: 'high-contrast',
      launchAtLogin: true,
      agents: { notify: true, sound: true },
      terminal: { ...defaultSettings.terminal, fontSize: 18 },
    })
    expect((await other.next()).settings).toEqual(changed)
    expect(first.desktop.themes).toEqual(['system', 'high-contrast'])
    expect(first.desktop.launchAtLogin).toEqual([true])
    await first.close()
    const second = await start({ userDataDir })
    expect((await second.page.subscribe('settings.watch', {}).next()).settings).toEqual(changed)
    expect(second.desktop.themes).toEqual(['high-contrast'])
  })

  it('keep what is stored where a patch has an undefined field', async () => {
    const { page } = await start()
    await page.call('settings.update', { theme: 'dark', terminal: { fontSize: 20 } })
    const patch = { theme: undefined, terminal: { fontSize: undefined, scrollback: 500 } } as never
    expect(await page.call('settings.update', patch)).toMatchObject({
      theme: 'dark',
      terminal: { fontSize: 20, scrollback: 500 },
    })
  })

  it.each([
    { terminal: { fontSize: 7 } },
    { theme: 'pink' },
    { unknown: true },
    { terminal: { fontSize: 12, extra: 1 } },
  ])('refuse %j and stay as they are', async (patch) => {
    const { page } = await start()
    await expect(page.call('settings.update', patch as never)).rejects.toMatchObject({
      error: { code: 'invalid_input' },
    })
    expect((await page.subscribe('settings.watch', {}).next()).settings).toEqual(defaultSettings)
  })

  it('start fresh from a damaged file, keep it, and say so until dismissed', async () => {
    const userDataDir = await tempFolder()
    await writeFile(join(userDataDir, 'settings.json'), '{"version":1,"data":{"theme":"pi')
    const { page } = await start({ userDataDir })
    const watch = page.subscribe('settings.watch', {})
    const { settings, notices } = await watch.next()
    expect(settings).toEqual(defaultSettings)
    expect(notices).toHaveLength(1)
    const kept = (await readdir(userDataDir)).find((name) => name.startsWith('settings.corrupt-')) ?? ''
    expect(notices[0]?.message).toContain(join(userDataDir, kept))
    expect(await readFile(join(userDataDir, kept), 'utf8')).toBe('{"version":1,"data":{"theme":"pi')
    await page.call('settings.dismissNotice', { id: notices[0]?.id ?? '' })
    expect((await watch.next()).notices).toEqual([])
  })

  it('say when they cannot be saved, and hold until the app ends', async () => {
    const { page, userDataDir, desktop } = await start()
    await mkdir(join(userDataDir, 'settings.json.tmp'))
    const failed = page.call('settings.update', { theme: 'dark' })
    await expect(failed).rejects.toBeInstanceOf(CallFailure)
    await expect(failed).rejects.toMatchObject({
      error: {
        code: 'not_saved',
        message: expect.stringMatching(/could not write its settings.*until Outpost is closed/),
      },
    })
    expect((await page.subscribe('settings.watch', {}).next()).settings.theme).toBe('dark')
    expect(desktop.themes).toEqual(['system', 'dark'])
  })
})
