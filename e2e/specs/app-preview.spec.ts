import { createCoderClient } from '#bridge/client/coder-client'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { smallTemplate } from '#bridge/testing/template-archive'
import { createRunningWorkspace, createTemplate, runBuild } from '#bridge/testing/workspace-actions'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepBothLooks } from '../fixtures/keep-both-looks.ts'
import { recordDesktop } from '../fixtures/recorded-desktop.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { startShopApp } from '../fixtures/shop-app.ts'
import { keepScreen, watchPreviews, wearSystemLook } from '../fixtures/shown-preview.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'

const app = (slug: string, name: string, port: number): string =>
  `resource "coder_app" "${slug}" {
  agent_id     = coder_agent.main.id
  slug         = "${slug}"
  display_name = "${name}"
  url          = "http://localhost:${String(port)}"
}`

test('an app of the workspace is shown beside the chat, kept to itself, and survives its own end', async ({
  outpost,
  secondDeployment,
  problems,
}) => {
  const shop = await startShopApp()
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const template = await createTemplate(
    admin,
    'shop',
    [smallTemplate, app('web', 'Harbour shop', shop.port), app('nobody', 'Nobody', 9)].join('\n'),
  )
  const { workspace } = await createRunningWorkspace(admin, template, 'payments')
  const running = await outpost.launch()
  const { window } = running
  const agents = agentsScreen(window)
  const preview = await watchPreviews(running)
  const panel = window.getByRole('complementary', { name: 'What the agent works on' })
  const bar = window.getByRole('group', { name: 'Page of Harbour shop' })
  // What the hostile page is refused is said in its own console.
  problems.allow(/^the page crashed$/)
  problems.allow(
    /console error: (?:Failed to load resource|Ignored call|Not allowed to load local resource|Fetch API cannot load|Access to fetch|Refused)/,
  )
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')
  model.script({ text: 'The shop is up.' })
  await agents.chooseWorkspace('payments')
  await agents.say('Start the shop')
  await expect(agents.transcript).toContainText('The shop is up.')

  await test.step('it shows in a tab of its own', async () => {
    await agents.openPanel('Apps')
    await expect(window.getByText('What listens in the workspace, and its tunnels')).toBeVisible()
    await expect(window.getByRole('button', { name: 'Dismiss' })).toHaveCount(0)
    await keepBothLooks(window, 'agents-apps')
    await window.getByRole('button', { name: 'Show Harbour shop here' }).click()
    await expect(panel.getByRole('tab', { name: 'Harbour shop', selected: true })).toBeVisible()
    await expect.poll(() => preview.text()).toContain('Lantern, brass')
    await expect.poll(() => preview.isVisible()).toBe(true)
    await expect(bar).toContainText('Harbour shop')
  })

  /** The view lies over its place, to the pixel. */
  const expectInPlace = async (zoom = 1): Promise<void> => {
    await expect
      .poll(async () => {
        const [place, at] = [
          await window.locator('[data-preview-stage]').boundingBox(),
          await preview.bounds(),
        ]
        if (place === null || at === undefined) return 'nowhere'
        const [left, top] = [Math.round(place.x * zoom), Math.round(place.y * zoom)]
        const [right, bottom] = [(place.x + place.width) * zoom, (place.y + place.height) * zoom]
        const size = [Math.round(right) - left, Math.round(bottom) - top]
        return JSON.stringify([left, top, ...size]) === JSON.stringify([at.x, at.y, at.width, at.height])
      })
      .toBe(true)
  }

  await test.step('it lies where its place in the window is, in light and dark', async () => {
    for (const look of ['light', 'dark'] as const) {
      await wearSystemLook(running, look)
      await expectInPlace()
      expect.soft(await findBarriers(window), look).toEqual([])
      await keepScreen(running, `agents-app-preview-${look}`)
    }
  })

  await test.step('it stays there when the window is narrow, its page is zoomed, or the panel is made wider', async () => {
    await resizeWindow(running, 900, 600)
    await expectInPlace()
    await keepScreen(running, 'agents-app-preview-narrow')
    const zoom = (factor: number): Promise<void> =>
      running.application.evaluate(({ BrowserWindow }, next) => {
        BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(next)
      }, factor)
    await zoom(1.25)
    await expectInPlace(1.25)
    await zoom(1)
    await resizeWindow(running, 1280, 800)
    await expectInPlace()
    const before = await preview.bounds()
    const edge = window.getByRole('separator', { name: 'Width of the panel' })
    await edge.press('ArrowLeft')
    await expect.poll(async () => (await preview.bounds())?.width).toBe((before?.width ?? 0) + 16)
    await expectInPlace()
    await edge.press('Enter')
  })

  await test.step('it is moved in, and back', async () => {
    await preview.click('#more')
    await expect(bar).toContainText('Prices')
    await expect(bar).toContainText('/prices')
    await bar.getByRole('button', { name: 'Back' }).click()
    await expect.poll(() => preview.text()).toContain('Lantern')
    await expect(bar.getByRole('button', { name: 'Forward' })).toBeEnabled()
  })

  const desktop = await recordDesktop(running)

  await test.step('a link off it is asked about once and opens nothing, and what no hand did is not asked', async () => {
    await preview.click('#away')
    await expect.poll(async () => (await desktop.read()).asked).toHaveLength(1)
    expect((await desktop.read()).asked[0]).toContain('Open elsewhere.example?')
    await preview.run("location.href = 'https://evil.example/'; window.open('https://evil.example/2'); 1")
    await preview.run("location.href = '/api/v2/users/me'; 1")
    expect(await preview.text()).toContain('Lantern')
    expect(await desktop.read()).toMatchObject({ opened: [], asked: { length: 1 } })
  })

  await test.step('it gets nothing of the deployment, of other apps, of files or of the app itself', async () => {
    const owner = secondDeployment.username
    for (const address of [
      '/api/v2/users/me',
      '/api/v2/buildinfo',
      'hop',
      `/@${owner}/payments.main/apps/nobody/`,
      secondDeployment.url.replace('127.0.0.1', 'localhost') + '/api/v2/buildinfo',
      'app://outpost/index.html',
      'file:///etc/hostname',
    ])
      expect(
        await preview.run(`fetch(${JSON.stringify(address)}).then((a) => a.status, () => 'nothing')`),
      ).toBe('nothing')
    const fromWorker = `new Promise((resolve) => {
      const code = "fetch('${secondDeployment.url}/api/v2/buildinfo').then((a) => postMessage(a.status), () => postMessage('nothing'))"
      const worker = new Worker(URL.createObjectURL(new Blob([code])))
      worker.onmessage = ({ data }) => resolve(data)
    })`
    expect(await preview.run(fromWorker)).toBe('nothing')
    expect(
      await preview.run('[typeof process, typeof require, typeof bridge, typeof window.opener].join()'),
    ).toBe('undefined,undefined,undefined,object')
    expect(await preview.run('Notification.permission')).toBe('denied')
    await preview.run('print(); 1')
    await expect.poll(() => problems.all().join()).toContain("Ignored call to 'print()'")
  })

  await test.step('whatever opens over it is seen, and it comes back', async () => {
    await window.getByRole('button', { name: /^Workspace payments/ }).click()
    await expect(window.getByRole('menuitem', { name: 'Copy the SSH command' })).toBeVisible()
    await expect.poll(() => preview.isVisible()).toBe(false)
    await expect(window.locator('[data-preview-stage] img')).toBeVisible()
    await window.keyboard.press('Escape')
    await expect.poll(() => preview.isVisible()).toBe(true)
    await expect(window.locator('[data-preview-stage] img')).toHaveCount(0)
    await panel.getByRole('tab', { name: 'Changes' }).click()
    await expect.poll(() => preview.isVisible()).toBe(false)
    await panel.getByRole('tab', { name: 'Harbour shop' }).click()
    await expect.poll(() => preview.isVisible()).toBe(true)
    expect(await preview.count()).toBe(1)
  })

  await test.step('the keyboard goes into it and out again', async () => {
    await panel.getByRole('tab', { name: 'Harbour shop' }).press('F6')
    await expect.poll(() => preview.run('document.hasFocus()')).toBe(true)
    await preview.press('F6')
    await expect(bar.getByRole('button', { name: /Go into the page/ })).toBeFocused()
    await keepScreen(running, 'agents-app-preview-keyboard-dark')
    await window.keyboard.press('Enter')
    await expect.poll(() => preview.run('document.hasFocus()')).toBe(true)
    await preview.press('k', 'control')
    await expect(window.getByRole('dialog')).toBeVisible()
    await expect.poll(() => preview.isVisible()).toBe(false)
    await keepScreen(running, 'agents-app-preview-covered-dark')
    await window.keyboard.press('Escape')
    await expect.poll(() => preview.isVisible()).toBe(true)
  })

  await test.step('what leads to the deployment itself is not followed, and a new sign-in brings it back', async () => {
    await preview.click('#hop')
    await expect(panel.getByText('Harbour shop leads out of its own address')).toBeVisible()
    await panel.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => preview.text()).toContain('Lantern')
    expect((await desktop.read()).asked).toHaveLength(1)
  })

  await test.step('a crash, and the end of its server, are told, and it goes on after them', async () => {
    await expect.poll(() => preview.isVisible()).toBe(true)
    await preview.crash()
    await expect(panel.getByText('The page of Harbour shop crashed')).toBeVisible()
    await panel.getByRole('button', { name: 'Reload', exact: true }).last().click()
    await expect.poll(() => preview.text()).toContain('Lantern')
    await shop.stop()
    await bar.getByRole('button', { name: 'Reload' }).click()
    await expect(panel.getByText('Harbour shop does not answer')).toBeVisible()
    for (const look of ['light', 'dark'] as const) {
      await wearSystemLook(running, look)
      expect.soft(await findBarriers(window), look).toEqual([])
      await keepScreen(running, `agents-app-preview-failed-${look}`)
    }
    await shop.start()
    await panel.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => preview.text()).toContain('Lantern')
    await expect.poll(() => preview.isVisible()).toBe(true)
  })

  await test.step('one that nobody answers for says so, and closing a tab ends its page', async () => {
    await panel.getByRole('tab', { name: 'Apps' }).click()
    await window.getByRole('button', { name: 'Show Nobody here' }).click()
    await expect(panel.getByText('Nobody does not answer')).toBeVisible()
    await panel.getByRole('tab', { name: 'Nobody' }).press('Delete')
    await expect(panel.getByRole('tab', { name: 'Nobody' })).toHaveCount(0)
    await panel.getByRole('tab', { name: 'Harbour shop' }).click()
    await expect.poll(() => preview.count()).toBe(1)
    await expect.poll(() => preview.isVisible()).toBe(true)
    await preview.press('w', 'control')
    await expect(panel.getByRole('tab', { name: 'Harbour shop' })).toHaveCount(0)
    await expect.poll(() => preview.count()).toBe(0)
    await expect(panel.getByRole('tab', { name: 'Apps' })).toBeFocused()
    expect((await desktop.read()).asked).toHaveLength(1)
  })

  await test.step('it ends with its workspace, and comes back in its tab', async () => {
    await window.getByRole('button', { name: 'Show Harbour shop here' }).click()
    await expect.poll(() => preview.text()).toContain('Lantern')
    await runBuild(admin, workspace.id, 'stop')
    await expect(panel.getByRole('button', { name: 'Start workspace' })).toBeVisible()
    await expect.poll(() => preview.count()).toBe(0)
    await panel.getByRole('button', { name: 'Start workspace' }).click()
    await expect.poll(() => preview.text(), { timeout: 60_000 }).toContain('Lantern')
    await expect.poll(() => preview.isVisible()).toBe(true)
  })

  await test.step('the window that is loaded again has it again, and one process of it', async () => {
    await window.reload()
    await expect(panel.getByRole('tab', { name: 'Harbour shop', selected: true })).toBeVisible()
    await expect.poll(() => preview.text()).toContain('Lantern')
    await expect.poll(() => preview.count()).toBe(1)
    await expectInPlace()
  })
  await shop.stop()
  await model.close()
})
