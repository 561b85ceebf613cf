import type { Page } from '@playwright/test'
import { agreeInBrowser } from '../../server-bridge/testing/coder-oauth2.ts'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { startOAuth2Front } from '../fixtures/oauth2-front.ts'
import { readClipboard, recordDesktop } from '../fixtures/recorded-desktop.ts'
import { expect, test } from '../fixtures/test.ts'
import { addDeploymentScreen } from '../screens/add-deployment.ts'
import { frame } from '../screens/frame.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen } from '../screens/workspace.ts'

async function lookAt(window: Page, name: string): Promise<void> {
  for (const look of ['light', 'dark'] as const) {
    await wearLook(window, look)
    await keepScreenshot(window, `${name}-${look}`)
    expect.soft(await findBarriers(window), look).toEqual([])
  }
}
async function signOut(window: Page): Promise<void> {
  await window
    .getByRole('banner')
    .getByRole('button', { name: /^Account/ })
    .click()
  await window.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
}
const deploymentIs = (window: Page, state: string) =>
  expect(frame(window).deployment).toHaveAccessibleName(new RegExp(`Harbour.*${state}`))

test('one signs in with email and password, which lie nowhere, signs out, and in again', async ({
  outpost,
  secondDeployment,
  session,
  problems,
}) => {
  const { email, password, url, token: other } = secondDeployment
  const { window } = await outpost.launch()
  const statusOf = async (token: string) =>
    (await fetch(`${url}/api/v2/users/me`, { headers: { 'Coder-Session-Token': token } })).status
  const kept = async () =>
    [...((await session.keyring?.secretsOf('Outpost')) ?? [])].find(
      ([account]) => account.endsWith('/session-token') && !account.includes('/local/'),
    )?.[1] ?? ''
  let token = ''

  await test.step('a wrong password is told in words, and nothing typed is lost', async () => {
    const add = addDeploymentScreen(window)
    await add.open()
    await add.address.fill(url)
    await add.name.fill('Harbour')
    await add.way('Password').click()
    await add.email.fill(email)
    await add.password.fill('seeded-secret-wrong')
    await add.add.click()
    await expect(add.sheet).toContainText('does not accept this email and password')
    await lookAt(window, 'sign-in-password')
    await expect(add.email).toHaveValue(email)
    await add.password.fill(password)
    await add.add.click()
    await deploymentIs(window, 'Connected')
    token = await kept()
    problems.addSecret(token)
    expect(token).toMatch(/^[A-Za-z0-9]{10}-[A-Za-z0-9]{22}$/)
  })

  await test.step('a sign-out ends that session on the server, and no other', async () => {
    await signOut(window)
    await expect(frame(window).messages).toContainText('You are signed out of Harbour')
    await deploymentIs(window, 'Signed out')
    await expect.poll(async () => statusOf(token)).toBe(401)
    expect(await statusOf(other)).toBe(200)
    expect(await kept()).toBe('')
  })

  await test.step('and one signs in again where one was', async () => {
    await window.getByRole('button', { name: 'Sign in again' }).click()
    const dialog = window.getByRole('dialog', { name: 'Sign in to Harbour' })
    await dialog.getByRole('button', { name: 'Password', exact: true }).click()
    await dialog.getByRole('textbox', { name: 'Email' }).fill(email)
    await dialog.getByRole('textbox', { name: 'Password' }).fill(password)
    await lookAt(window, 'sign-in-again')
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await deploymentIs(window, 'Connected')
    problems.addSecret(await kept())
  })
})

test('one signs in with the browser, the session renews itself, also after a restart, and a sign-out revokes it', async ({
  outpost,
  secondDeployment,
  problems,
}) => {
  const front = await startOAuth2Front(secondDeployment)
  const first = await outpost.launch()
  const { window } = first
  const desktop = await recordDesktop(first)
  const opened = async (at: number): Promise<string> => {
    await expect.poll(async () => (await desktop.read()).opened.length).toBeGreaterThan(at)
    return (await desktop.read()).opened[at] ?? ''
  }

  await test.step('the browser is opened, and what one does when it did not open is there', async () => {
    const add = addDeploymentScreen(window)
    await add.open()
    await add.address.fill(front.url)
    await add.name.fill('Harbour')
    await add.way('Browser').click()
    await add.signInAndAdd.click()
    await expect(add.sheet).toContainText('Waiting for your browser')
    const page = await opened(0)
    expect(new URL(page).origin).toBe(front.url)
    await lookAt(window, 'sign-in-browser')
    await add.sheet.getByRole('button', { name: 'Open again' }).click()
    expect(await opened(1)).toBe(page)
    await add.sheet.getByRole('button', { name: 'Copy address' }).click()
    await expect.poll(async () => readClipboard(first)).toBe(page)
    await add.sheet.getByRole('status').getByRole('button', { name: 'Cancel' }).click()
    const redirect = new URL(page).searchParams.get('redirect_uri') ?? ''
    await expect
      .poll(async () =>
        fetch(redirect).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed')
  })

  await test.step('another attempt is signed in by the browser, and the app goes on by itself', async () => {
    await addDeploymentScreen(window).signInAndAdd.click()
    const page = await (await fetch(await agreeInBrowser(await opened(2)))).text()
    expect(page).toContain('You can close this page')
    await deploymentIs(window, 'Connected')
    expect((await desktop.read()).asked).toEqual([])
  })

  await test.step('a refused token is renewed without a word, and a terminal goes on', async () => {
    await makeWorkspace(window, 'at-sea')
    await workspaceScreen(window).openTerminal.click()
    await terminalsScreen(window).run('echo before-$((1+1))')
    await expect(terminalsScreen(window).lines).toContainText('before-2')
    await front.expire()
    await expect.poll(() => front.given.length, { timeout: 45_000 }).toBe(2)
    // The deployment cut the socket with its key: what is typed into it until then is lost with it, as on any network.
    await expect(async () => {
      await terminalsScreen(window).run('echo after-$((1+1))')
      await expect(terminalsScreen(window).lines).toContainText('after-2', { timeout: 5000 })
    }).toPass({ timeout: 45_000 })
    await deploymentIs(window, 'Connected')
  })

  await first.quit()
  await front.expire()
  const second = await outpost.launch()

  await test.step('after a restart it is renewed again, since it ran out meanwhile', async () => {
    await deploymentIs(second.window, 'Connected')
    expect(front.given).toHaveLength(3)
  })

  await test.step('a sign-out revokes it', async () => {
    const token = front.given.at(-1) ?? ''
    expect(await front.statusOf(token)).toBe(200)
    await signOut(second.window)
    await deploymentIs(second.window, 'Signed out')
    await expect.poll(() => front.oauth2.revoked.length).toBe(2)
    expect(await front.statusOf(token)).toBe(401)
  })
  for (const token of front.given) problems.addSecret(token)
  await front.stop()
})
