import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { userDataFolder } from '../fixtures/running-outpost.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { frame } from '../screens/frame.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { paletteScreen } from '../screens/palette.ts'

/** Lies in the settings in plain text, so it is none of those that may be in no file of the app. */
const profileSecret = 'hunter-two-of-a-profile'

/** Every file of a zip archive by its name, read by another program than the one that wrote it. */
function readZip(file: string): Record<string, string> {
  const script = `import json,sys,zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))`
  const said = execFileSync('python3', ['-c', script, file], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return JSON.parse(said) as Record<string, string>
}

test('somebody with a slow connection measures it, checks it, and saves a bundle without secrets', async ({
  outpost,
  session,
  problems,
}) => {
  // A secret that somebody put into a profile's command.
  const profiles = [{ name: 'one', command: `APP_PASSWORD=${profileSecret} run` }]
  const settings = { theme: 'system', closeToTray: true, launchAtLogin: false, nativeFrame: false }
  const folder = userDataFolder(session)
  await mkdir(folder, { recursive: true })
  await writeFile(
    path.join(folder, 'settings.json'),
    JSON.stringify({ version: 2, data: { ...settings, terminal: { profiles } } }),
  )
  const running = await outpost.launch()
  const { window } = running
  await makeWorkspace(window, 'measured')
  await paletteScreen(window).run('Diagnostics')
  const main = window.getByRole('main')

  await window.getByRole('button', { name: 'Run checks' }).click()
  const checks = main.getByRole('list', { name: 'Checks' })
  await expect(checks.getByText('WebSockets get through.')).toBeVisible()
  await expect(checks.getByText(/^Accepted: you are /)).toBeVisible()
  await main.getByRole('button', { name: 'Run again' }).waitFor()

  await main.getByRole('button', { name: 'Speed test of measured' }).click()
  await expect(main.getByText(/Mbit\/s/)).toHaveCount(2, { timeout: 30_000 })
  await expect(main.getByRole('button', { name: 'Ping measured' })).toBeVisible()
  const timeline = main.getByRole('list', { name: 'Timeline' })
  await expect(timeline.getByRole('listitem').filter({ hasText: 'SSH' }).first()).toContainText('measured')

  await main.getByRole('heading', { name: 'Connection' }).scrollIntoViewIfNeeded()
  for (const look of ['dark', 'light', 'hc'] as const) {
    await wearLook(window, look)
    await keepScreenshot(window, `diagnostics-${look}`)
    expect.soft(await findBarriers(window), look).toEqual([])
  }
  await wearLook(window, 'dark')
  await resizeWindow(running, 900, 600)
  await keepScreenshot(window, 'diagnostics-small')
  await resizeWindow(running, 1280, 800)

  await main.getByRole('button', { name: 'Support bundle…' }).click()
  const sheet = window.getByRole('dialog', { name: 'Support bundle' })
  await sheet.getByRole('list', { name: 'Files of the bundle' }).waitFor()
  await keepScreenshot(window, 'support-bundle-dark')
  expect.soft(await findBarriers(window), 'bundle').toEqual([])
  const file = path.join(session.folder, 'bundle.zip')
  await running.application.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, file)
  await sheet.getByRole('button', { name: 'Save…' }).click()
  await sheet.waitFor({ state: 'hidden' })
  await expect(frame(window).messages).toContainText('The support bundle is saved')

  const files = readZip(file)
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['README.txt', 'checks.json', 'logs/main.log']))
  expect(files['checks.json']).toContain('WebSockets get through.')
  expect(files['timeline.txt']).toContain('SSH on This computer')
  for (const [name, text] of Object.entries(files)) {
    for (const one of [profileSecret, ...problems.secrets()]) expect(text.includes(one), name).toBe(false)
  }
})
