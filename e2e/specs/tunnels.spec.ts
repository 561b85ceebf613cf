import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { createCoderClient } from '#bridge/client/coder-client'
import { freePort } from '../../server-bridge/testing/echo-server.ts'
import {
  createRunningWorkspace,
  createTemplate,
  openTerminal,
  runBuild,
  waitForAgent,
} from '../../server-bridge/testing/workspace-actions.ts'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { recordDesktop } from '../fixtures/recorded-desktop.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { expect, test } from '../fixtures/test.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { tunnelsScreen } from '../screens/tunnels.ts'

const textAt = (port: number): Promise<string> =>
  fetch(`http://127.0.0.1:${String(port)}/`).then((answer) => answer.text())

test('saved tunnels carry what they promise, on the same port after a stop and a restart', async ({
  outpost,
  secondDeployment,
}) => {
  const web = createServer((_request, response) => response.end('from the workspace'))
  web.listen(0, '127.0.0.1')
  await once(web, 'listening')
  const webPort = (web.address() as AddressInfo).port
  const [localPort, socksPort, shownPort] = [await freePort(), await freePort(), await freePort()]
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const { workspace } = await createRunningWorkspace(
    admin,
    await createTemplate(admin, 'small'),
    'payments-api',
  )

  let app = await outpost.launch()
  let screen = tunnelsScreen(app.window)
  await joinDeployment(app.window, { ...secondDeployment, name: 'Harbour' })
  await frame(app.window).goTo('Tunnels')

  await test.step('a local tunnel is added and carries a page', async () => {
    await expect(app.window.getByText('No tunnels yet')).toBeVisible()
    await screen.begin()
    await screen.choose('Workspace', 'payments-api')
    await screen.there.fill(String(webPort))
    await screen.here.fill(`0.0.0.0:${String(localPort)}`)
    await expect(app.window.getByText('Others on your network can use this tunnel')).toBeVisible()
    await screen.here.fill(String(localPort))
    await screen.name.fill('Web')
    await screen.submit()
    await expect(screen.row('Web').getByText('Open', { exact: true })).toBeVisible({ timeout: 30_000 })
    expect(await textAt(localPort)).toBe('from the workspace')
  })

  await test.step('a SOCKS proxy is added, and curl gets through by it', async () => {
    await screen.begin()
    await screen.choose('Workspace', 'payments-api')
    await screen.kind('SOCKS proxy').click()
    await screen.here.fill(String(localPort))
    await screen.name.click()
    await expect(app.window.getByText(/The tunnel “Web” of payments-api listens there already/)).toBeVisible()
    await screen.here.fill(String(socksPort))
    await screen.submit()
    await expect(screen.row('SOCKS proxy').getByText('Open', { exact: true })).toBeVisible()
    const proxy = ['--noproxy', '', '--socks5-hostname', `127.0.0.1:${String(socksPort)}`]
    const { stdout } = await promisify(execFile)('curl', [
      '-sS',
      ...proxy,
      `http://localhost:${String(webPort)}/`,
    ])
    expect(stdout).toBe('from the workspace')
    await expect(screen.row('SOCKS proxy').getByText('0 open, 1 in all')).toBeVisible()
  })

  await test.step('a workspace that stops makes them wait, and none starts it', async () => {
    await runBuild(admin, workspace.id, 'stop')
    await expect(screen.row('Web').getByText('Opens when the workspace runs.')).toBeVisible({
      timeout: 45_000,
    })
    await runBuild(admin, workspace.id, 'start')
    await waitForAgent(admin, workspace.id)
    await expect(screen.row('Web').getByText('Open', { exact: true })).toBeVisible({ timeout: 45_000 })
    expect(await textAt(localPort)).toBe('from the workspace')
  })

  await test.step('what listens in the workspace is opened with one click', async () => {
    const { agent } = await waitForAgent(admin, workspace.id)
    const program = `require('http').createServer((q, s) => s.end('found')).listen(${String(shownPort)}, '127.0.0.1')`
    const terminal = await openTerminal(admin, agent.id, {
      reconnect: randomUUID(),
      command: `exec ${process.execPath} -e "${program}"`,
    })
    const desktop = await recordDesktop(app)
    await app.window.getByRole('button', { name: 'payments-api', exact: true }).first().click()
    const open = app.window.getByRole('button', { name: `Open port ${String(shownPort)} in the browser` })
    await expect(open).toBeVisible({ timeout: 30_000 })
    await wearLook(app.window, 'dark')
    await keepScreenshot(app.window, 'tunnels-ports-dark')
    expect.soft(await findBarriers(app.window), 'the ports').toEqual([])
    await open.click()
    await expect.poll(async () => (await desktop.read()).opened, { timeout: 30_000 }).toHaveLength(1)
    const [url = ''] = (await desktop.read()).opened
    expect(url).toMatch(/^http:\/\/localhost:\d+\/$/)
    expect(await textAt(Number(new URL(url).port))).toBe('found')
    await terminal.close()
  })

  await test.step('the pages are good to look at and free of barriers', async () => {
    await frame(app.window).goTo('Tunnels')
    await expect(screen.row('Web')).toBeVisible()
    for (const look of ['light', 'hc', 'dark'] as const) {
      await wearLook(app.window, look)
      await keepScreenshot(app.window, `tunnels-${look}`)
      expect.soft(await findBarriers(app.window), look).toEqual([])
      await screen.begin()
      await app.window.getByText('Serve as HTTPS').click()
      await keepScreenshot(app.window, `tunnel-sheet-${look}`)
      expect.soft(await findBarriers(app.window), `the sheet, ${look}`).toEqual([])
      await app.window.keyboard.press('Escape')
      await app.window.getByRole('button', { name: /Discard/ }).click()
    }
    await resizeWindow(app, 900, 600)
    await keepScreenshot(app.window, 'tunnels-narrow')
  })

  await test.step('after a restart of the app they are there by themselves, on the same port', async () => {
    await app.quit()
    await expect(textAt(localPort)).rejects.toThrow()
    app = await outpost.launch()
    screen = tunnelsScreen(app.window)
    await frame(app.window).goTo('Tunnels')
    await expect(screen.row('Web').getByText('Open', { exact: true })).toBeVisible({ timeout: 45_000 })
    expect(await textAt(localPort)).toBe('from the workspace')
  })

  await test.step('switched off it is off, and deleted it comes back with undo', async () => {
    await screen.toggle('Web').click()
    await expect(screen.row('Web').getByText('Off', { exact: true })).toBeVisible()
    await expect.poll(() => textAt(localPort).catch(() => 'off')).toBe('off')
    await app.window.getByRole('button', { name: 'More for Web' }).click()
    await app.window.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(screen.toggle('Web')).toHaveCount(0)
    await app.window.getByRole('button', { name: 'Undo' }).click()
    await expect(screen.toggle('Web')).toBeVisible()
  })
  web.closeAllConnections()
  web.close()
})
