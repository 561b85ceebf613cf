import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Locator } from '@playwright/test'
import { startSecondDeployment } from '../fixtures/second-deployment.ts'
import { expect, test } from '../fixtures/test.ts'
import { addDeploymentScreen } from '../screens/add-deployment.ts'
import { createWorkspaceScreen } from '../screens/create-workspace.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { templatesScreen } from '../screens/templates.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen } from '../screens/workspace.ts'

/** A web server that knows nothing of Coder. */
async function startWebSite(): Promise<{ readonly host: string; stop(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Roses</h1>')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    stop: async () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

/** The field says so itself, to everybody: it is marked, and the sentence is its description. */
async function expectRefused(field: Locator, sentence: string | RegExp): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(field).toHaveAccessibleDescription(sentence)
}

test('an address that is no Coder server is told apart, and what was typed stays', async ({
  window,
  secondDeployment,
}) => {
  const site = await startWebSite()
  const add = addDeploymentScreen(window)
  await add.open()
  await add.name.fill('Harbour')
  await add.token.fill(secondDeployment.token)
  const expectRefusal = async (address: string, sentence: string | RegExp): Promise<void> => {
    await add.address.fill(address)
    await add.address.blur()
    await expectRefused(add.address, sentence)
    await add.add.click()
    await expectRefused(add.address, sentence)
    await expect(add.address).toHaveValue(address)
    await expect(add.name).toHaveValue('Harbour')
    await expect(add.token).toHaveValue(secondDeployment.token)
  }

  await expectRefusal(
    'ftp://example.com',
    'This is not a web address. It starts with https:// and a host name.',
  )
  await expectRefusal(
    'http://nowhere.invalid',
    'The name of nowhere.invalid could not be found. Check the address, and the network or VPN.',
  )
  const closed = site.host
  await expectRefusal(
    `http://${closed}`,
    'There is a server, but it does not answer like Coder. Check the address for a typo or a missing path.',
  )
  await site.stop()
  await expectRefusal(
    `http://${closed}/`,
    `Nothing listens at ${closed}. Check the address and port, and whether the server runs.`,
  )

  await add.address.fill(secondDeployment.url)
  await add.add.click()
  await expect(add.sheet).toContainText('at ')
  await add.add.click()
  await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)

  await add.open()
  await add.address.fill(secondDeployment.url)
  await add.address.blur()
  await expectRefused(add.address, `${secondDeployment.url} is already in your list as "Harbour".`)
})

test('a token that is not accepted can be replaced, when adding and later', async ({
  window,
  secondDeployment,
  problems,
}) => {
  const add = addDeploymentScreen(window)
  const makeToken = async (name: string): Promise<string> => {
    const made = await secondDeployment.request('POST', 'users/me/keys/tokens', {
      lifetime: 0,
      scope: 'all',
      token_name: name,
    })
    const { key } = made as { key: string }
    problems.addSecret(key)
    return key
  }
  const first = await makeToken('first')
  const second = await makeToken('second')

  await test.step('a wrong one is refused in its field', async () => {
    await add.open()
    await add.address.fill(secondDeployment.url)
    await add.name.fill('Harbour')
    await add.token.fill(`${first.slice(0, -1)}${first.endsWith('a') ? 'b' : 'a'}`)
    await expect(add.sheet).toContainText('at ')
    await add.add.click()
    await expectRefused(
      add.token,
      'The deployment does not accept this token. Make a new one on the token page.',
    )
    await expect(add.address).toHaveValue(secondDeployment.url)
    await expect(add.name).toHaveValue('Harbour')
    await add.token.fill(first)
    await add.add.click()
    await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
  })

  await test.step('one that ends later signs out, and a new one signs in again', async () => {
    await secondDeployment.request('DELETE', `users/me/keys/${first.split('-')[0] ?? ''}`)
    const banner = frame(window).notice('You are signed out of Harbour')
    await expect(banner).toBeVisible({ timeout: 30_000 })
    await banner.getByRole('button', { name: 'Sign in again' }).click()
    const dialog = window.getByRole('dialog', { name: 'Sign in to Harbour' })
    const token = dialog.getByRole('textbox', { name: 'Session token' })
    await token.fill(first)
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectRefused(token, /does not accept this token/)
    await expect(token).toHaveValue(first)
    await token.fill(second)
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
    await expect(banner).toHaveCount(0)
  })
})

test('names and parameters that will not do are refused in their fields, by the form and by the server', async ({
  window,
}) => {
  await makeWorkspace(window, 'harbour')
  await frame(window).goTo('Templates')
  await templatesScreen(window).open('Plain shell')
  await templatesScreen(window).newWorkspace.click()
  const create = createWorkspaceScreen(window)
  const project = create.parameter('Project folder')

  await create.name.fill('Big Boat')
  await project.fill('no spaces please')
  await create.create.click()
  await expectRefused(create.name, /^No spaces in a name\. Try Big-Boat/)
  await expectRefused(project, /^Use up to 64 letters, digits, dots/)
  await expect(create.name).toBeFocused()

  await create.name.fill('Harbour')
  await expectRefused(create.name, /^You have a workspace named Harbour already\./)
  await create.name.fill('boat')
  // Too long for the form to try the template's own pattern on, so the server is the one to refuse it.
  const long = 'a'.repeat(300)
  await project.fill(long)
  await create.create.click()
  await expectRefused(project, /Use up to 64 letters, digits, dots/)
  await expect(project).toHaveValue(long)
  await expect(create.name).toHaveValue('boat')

  await frame(window).goTo('Workspaces')
  await window.goBack()
  await expect(create.name).toHaveValue('boat')
  await expect(project).toHaveValue(long)
  await project.fill('hull')
  await create.create.click()
  await create.openWorkspace.click()
  await expect(workspaceScreen(window).state('Running')).toBeVisible({ timeout: 30_000 })
})

test('a server that goes away in the middle of a build is waited for, and the workspace goes on from there', async ({
  window,
  secondDeployment,
  session,
  problems,
}) => {
  const build = { timeout: 30_000 }
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await makeWorkspace(window, 'boat')
  const workspace = workspaceScreen(window)
  const terminals = terminalsScreen(window)
  await workspace.openTerminal.click()
  await terminals.run("trap '' HUP TERM INT; echo stubborn-$((1+1))")
  await expect(terminals.lines).toContainText('stubborn-2')

  await workspace.stop.click()
  await expect(workspace.state('Stopping')).toBeVisible()
  await secondDeployment.kill()
  const banner = frame(window).notice('Harbour cannot be reached')
  await expect(banner).toContainText(/Next try in/, build)

  await banner.getByRole('button', { name: 'Retry now' }).click()
  await expect(banner).toContainText('Nothing listens at')
  const again = await startSecondDeployment(session.folder, Number(new URL(secondDeployment.url).port))
  problems.addSecret(again.token)
  await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/, build)
  await expect(banner).toHaveCount(0)
  await workspace.start.click(build)
  await expect(workspace.state('Running')).toBeVisible(build)
  await terminals.run('echo back-$((1+1))')
  await expect(terminals.lines).toContainText('back-2')
  await again.stop()
})
