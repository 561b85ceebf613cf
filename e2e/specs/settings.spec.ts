import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { userDataFolder } from '../fixtures/running-outpost.ts'
import { startAgain } from '../fixtures/second-instance.ts'
import { expect, test } from '../fixtures/test.ts'
import { frame } from '../screens/frame.ts'
import { settingsScreen } from '../screens/settings.ts'

test('damaged files are set aside and told, and nothing of them is lost', async ({ outpost, session }) => {
  const folder = userDataFolder(session)
  await mkdir(folder, { recursive: true })
  const damaged = '{"version":1,"data":{"theme":"da'
  await writeFile(path.join(folder, 'settings.json'), damaged)
  await writeFile(path.join(folder, 'deployments.json'), damaged)
  const { window } = await outpost.launch()

  const keptAs = async (stem: string): Promise<string> => {
    const name = (await readdir(folder)).find((file) => file.startsWith(`${stem}.corrupt-`))
    expect(name).toBeDefined()
    return path.join(folder, name ?? '')
  }
  for (const [stem, holds] of [
    ['settings', 'settings'],
    ['deployments', 'list of deployments'],
  ] as const) {
    const file = await keptAs(stem)
    expect(await readFile(file, 'utf8')).toBe(damaged)
    const notice = frame(window).notice(`The ${holds} could not be read`)
    await expect(notice).toContainText(`The old file is kept as ${file}.`)
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    await expect(notice).toHaveCount(0)
  }
  await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
})

test('settings of a newer version are left alone', async ({ outpost, session }) => {
  const folder = userDataFolder(session)
  await mkdir(folder, { recursive: true })
  const newer = '{"version":99,"data":{"theme":"plaid"}}'
  await writeFile(path.join(folder, 'settings.json'), newer)
  const running = await outpost.launch()
  const { window } = running
  await expect(frame(window).notice('were written by a newer Outpost')).toBeVisible()

  await frame(window).goTo('Settings')
  await settingsScreen(window).theme('Light').click()
  await expect(frame(window).messages).toContainText('The change holds until Outpost is closed.')
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'light')
  await running.quit()
  expect(await readFile(path.join(folder, 'settings.json'), 'utf8')).toBe(newer)
})

test('the look changes at once and is remembered', async ({ outpost }) => {
  const first = await outpost.launch()
  await frame(first.window).goTo('Settings')
  for (const [name, theme] of [
    ['Light', 'light'],
    ['Dark', 'dark'],
    ['High contrast', 'hc'],
  ] as const) {
    await settingsScreen(first.window).theme(name).click()
    await expect(first.window.locator('html')).toHaveAttribute('data-theme', theme)
  }
  await first.quit()
  const second = await outpost.launch()
  await expect(second.window.locator('html')).toHaveAttribute('data-theme', 'hc')
})

test('closing the window leaves the app in the tray, from where it comes back', async ({
  outpost,
  session,
}) => {
  const running = await outpost.launch()
  const { application, window } = running
  await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
  const isVisible = async (): Promise<boolean> =>
    application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false)
  const close = async (): Promise<void> =>
    application.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
  const tray = await session.tray.waitForTray()

  await test.step('by the menu of its icon', async () => {
    await close()
    await expect.poll(isVisible).toBe(false)
    await tray.click('Open Outpost')
    await expect.poll(isVisible).toBe(true)
    await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
  })

  await test.step('by starting it a second time', async () => {
    await close()
    await expect.poll(isVisible).toBe(false)
    expect(await startAgain(session)).toBe(0)
    await expect.poll(isVisible).toBe(true)
  })

  await test.step('and Quit in the tray ends it', async () => {
    const ended = application.waitForEvent('close')
    await tray.click('Quit')
    await ended
  })
})
