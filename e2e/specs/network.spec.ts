import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startHttpProxy } from '../../server-bridge/testing/http-proxy.ts'
import { createTestAuthority } from '../../server-bridge/testing/test-authority.ts'
import { startTlsFront } from '../../server-bridge/testing/tls-front.ts'
import { keepScreenshot } from '../fixtures/keep-screenshot.ts'
import { chooseInDialogs, recordDesktop } from '../fixtures/recorded-desktop.ts'
import { startSecondDeployment } from '../fixtures/second-deployment.ts'
import { expect, test } from '../fixtures/test.ts'
import { addDeploymentScreen } from '../screens/add-deployment.ts'
import { frame } from '../screens/frame.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { networkFieldsScreen } from '../screens/network-fields.ts'
import { settingsScreen } from '../screens/settings.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen } from '../screens/workspace.ts'

const host = 'coder.example.test'
const proxyUser = 'ada'
const proxyPassword = 'seeded-proxy-password'

test('a deployment behind an authenticated proxy and a client certificate is added, used and changed', async ({
  outpost,
  session,
  problems,
}) => {
  const url = `https://${host}`
  const authority = createTestAuthority()
  const deployment = await startSecondDeployment(session.folder, 0, url)
  const front = await startTlsFront({
    ...authority.issue(host, { isNameOnly: true }),
    clientCa: authority.cert,
    to: Number(new URL(deployment.url).port),
  })
  // The name is known to the proxy alone, so there is no other way.
  const proxy = await startHttpProxy({
    ports: { [host]: front.port },
    credentials: { username: proxyUser, password: proxyPassword },
  })
  problems.addSecret(deployment.token)
  problems.addSecret(proxyPassword)
  const own = authority.issue('ada')
  const files = {
    'CA file': path.join(session.folder, 'ca.pem'),
    'Client certificate': path.join(session.folder, 'ada.pem'),
    'Key of the client certificate': path.join(session.folder, 'ada.key'),
  } as const
  await writeFile(files['CA file'], authority.cert)
  await writeFile(files['Client certificate'], own.cert)
  await writeFile(files['Key of the client certificate'], own.key)
  const ranFile = path.join(session.folder, 'command-ran')

  try {
    const running = await outpost.launch()
    const { window } = running
    const desktop = await recordDesktop(running)
    await desktop.answer(0)

    await test.step('it is added from the sheet, with its network under "Advanced"', async () => {
      const add = addDeploymentScreen(window)
      const network = networkFieldsScreen(add.sheet)
      await add.open()
      await add.address.fill(url)
      await expect(add.sheet).toContainText(`The name of ${host} could not be found`)
      await add.sheet.getByRole('button', { name: /^Advanced/ }).click()
      await network.proxy('This proxy').check()
      await network.proxyAddress.fill(`http://127.0.0.1:${String(proxy.port)}`)
      await network.userName.fill(proxyUser)
      await network.password.fill(proxyPassword)
      for (const name of ['CA file', 'Client certificate', 'Key of the client certificate'] as const) {
        await chooseInDialogs(running, files[name])
        await network
          .file(name)
          .getByRole('button', { name: /^Choose/ })
          .click()
        await expect(network.file(name)).toContainText(path.basename(files[name]))
      }
      await network.headerCommand.fill(`echo "$CODER_URL" > '${ranFile}'; echo X-Gate=1`)
      await keepScreenshot(window, 'add-deployment-network')
      await add.sheet.getByRole('button', { name: 'Look with these settings' }).click()
      await expect(add.sheet).toContainText(`at ${host}`)
      await add.token.fill(deployment.token)
      await add.name.fill('Harbour')
      await add.add.click()
      await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
    })

    await test.step('the command was confirmed in a dialog, ran, and every client showed its certificate', async () => {
      const { asked } = await desktop.read()
      expect(asked).toHaveLength(1)
      expect(asked[0]).toContain('echo X-Gate=1')
      expect((await readFile(ranFile, 'utf8')).trim()).toBe(url)
      expect(front.clients.length).toBeGreaterThan(0)
      expect(front.clients).toEqual(front.clients.map(() => true))
    })

    await test.step('a workspace and its terminal go the same way', async () => {
      await makeWorkspace(window, 'at-sea')
      await workspaceScreen(window).openTerminal.click()
      await terminalsScreen(window).run('echo ship-$((1+1))')
      await expect(terminalsScreen(window).lines).toContainText('ship-2')
    })

    const openNetwork = async () => {
      await frame(window).goTo('Settings')
      await settingsScreen(window).open('Deployments')
      await settingsScreen(window).main.getByRole('button', { name: 'More for Harbour' }).click()
      await window.getByRole('menuitem', { name: 'Network…' }).click()
      return window.getByRole('dialog', { name: 'Network of Harbour' })
    }
    await test.step('a wrong password is told at once, and mended without a restart', async () => {
      const sheet = await openNetwork()
      const network = networkFieldsScreen(sheet)
      await expect(network.file('Client certificate')).toContainText('ada.pem')
      await keepScreenshot(window, 'deployment-network')
      await network.userName.fill(proxyUser)
      await network.password.fill('something else')
      await sheet.getByRole('button', { name: 'Save', exact: true }).click()
      await expect(window.getByText(/does not accept the user name and password/)).toBeVisible()
      await window.getByRole('button', { name: 'Network settings' }).click()
      await network.userName.fill(proxyUser)
      await network.password.fill(proxyPassword)
      await sheet.getByRole('button', { name: 'Save', exact: true }).click()
      await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
      await terminalsScreen(window).run('echo still-$((1+1))')
      await expect(terminalsScreen(window).lines).toContainText('still-2')
    })

    await running.quit()
    const again = await outpost.launch()
    await test.step('after a restart it is reached again', async () => {
      await expect(frame(again.window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
    })
    await again.quit()
  } finally {
    await proxy.close()
    await front.close()
    await deployment.stop()
  }
})
