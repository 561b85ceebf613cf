import { createCoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { userAccountsRoutes } from '#bridge/contract/user-accounts'
import { usersRoutes } from '#bridge/contract/users'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import type { SecondDeployment } from '../fixtures/second-deployment.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { mcpServerFormScreen } from '../screens/mcp-server-form.ts'
import { mcpServersScreen } from '../screens/mcp-servers.ts'
import { settingsScreen } from '../screens/settings.ts'

const TENANT = 'seeded-secret-tenant-of-all'

/** Somebody who is no administrator, as a client of the API. */
async function signInMember({ url, token }: SecondDeployment) {
  const admin = createCoderClient({ baseUrl: url, token })
  const { organization_ids } = await admin.call(usersRoutes.get, { params: { user: 'me' } })
  const account = { email: 'grace@example.com', password: 'seeded-secret-Grace-7' }
  await admin.call(userAccountsRoutes.create, { body: { ...account, username: 'grace', organization_ids } })
  const open = createCoderClient({ baseUrl: url })
  const { session_token: own } = await open.call(usersRoutes.login, { body: account })
  return createCoderClient({ baseUrl: url, token: own })
}

test('an administrator makes a server, sees what users will see, renames a header knowing what that clears, and deletes it', async ({
  outpost,
  secondDeployment,
}) => {
  const member = await signInMember(secondDeployment)
  const list = () => member.call(mcpServersRoutes.list, {})
  const running = await outpost.launch()
  const { window } = running
  const form = mcpServerFormScreen(window)
  const servers = mcpServersScreen(window)
  const main = window.getByRole('main')

  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Settings')
  await settingsScreen(window).open('MCP servers')

  await test.step('the empty page offers to add one', async () => {
    await main.getByRole('button', { name: 'Add server' }).click()
    await form.field('Name').fill('Observability')
    await expect(form.field('Slug')).toHaveValue('observability')
    await form.field('Description').fill('Metrics, traces and alerts of every team')
    await form.field('Address').fill('https://mcp.example.com/mcp')
    await form.chooseSignIn('Custom headers')
  })

  await test.step('what is wrong is said at its field before anything is sent', async () => {
    await form.addUserHeader(1, 'X-Obs-Token', 'Personal token from Observability, Profile, API access.')
    await form.addUserHeader(2, 'x-obs-token', 'The tenant you work in, for example payments-eu.')
    await form.add.click()
    await expect(form.form).toContainText('The user key "x-obs-token" is there twice')
    await expect(form.field('User header 2')).toBeFocused()
    await form.field('User header 2').fill('X-Tenant')
    await form.form.getByRole('button', { name: 'Add header' }).click()
    await form.field('Header 1').fill('X-Company')
    await form.field('Value of X-Company').fill(TENANT)
  })

  await test.step('the preview is what users will see', async () => {
    await expect(form.preview).toContainText('Personal token from Observability')
    await expect(form.preview).toContainText('0 of 2 values set')
    await expect(form.preview).not.toContainText('X-Company')
    await form.field('Name').focus()
    await form.heading('Server').scrollIntoViewIfNeeded()
    for (const look of ['light', 'hc', 'dark'] as const) {
      await wearLook(window, look)
      await keepScreenshot(window, `mcp-server-form-${look}`)
      expect.soft(await findBarriers(window), look).toEqual([])
    }
    await resizeWindow(running, 900, 600)
    await keepScreenshot(window, 'mcp-server-form-small')
    expect.soft(await findBarriers(window), 'small').toEqual([])
    await resizeWindow(running, 1280, 800)
  })

  await test.step('it is added, and a user sees it without where it is', async () => {
    await form.add.click()
    await expect(servers.list).toContainText('Observability')
    expect(await list()).toMatchObject([
      {
        display_name: 'Observability',
        url: '',
        transport: '',
        has_custom_headers: true,
        custom_headers_user_keys: ['X-Obs-Token', 'X-Tenant'],
      },
    ])
    expect(await window.content()).not.toContain(TENANT)
  })

  await test.step('renaming a header says whose values it clears, and asks first', async () => {
    const [server] = await list()
    const params = { mcpserver: server?.id ?? '' }
    await member.call(mcpServersRoutes.putUserHeaders, {
      params,
      body: { values: { 'X-Tenant': 'payments-eu' } },
    })
    await main.getByRole('button', { name: 'Edit' }).click()
    await form.field('User header 2').fill('X-Team')
    await expect(form.form).toContainText('This clears the values of 1 user.')
    await form.field('User header 2').scrollIntoViewIfNeeded()
    await keepScreenshot(window, 'mcp-server-form-clears')
    await form.save.click()
    const question = window.getByRole('alertdialog', { name: 'Clear the values of 1 user?' })
    await expect(question).toBeVisible()
    expect.soft(await findBarriers(window), 'question').toEqual([])
    await question.getByRole('button', { name: 'Save and clear' }).click()
    await expect(servers.header('X-Team')).toBeVisible()
    expect((await list())[0]?.custom_headers_user_key_descriptions).toMatchObject({
      'X-Team': 'The tenant you work in, for example payments-eu.',
    })
    const { has_values: values } = await member.call(mcpServersRoutes.getUserHeaders, { params })
    expect(values).toEqual({ 'X-Obs-Token': false, 'X-Team': false })
  })

  await test.step('what is typed outlives a reload, without its secrets', async () => {
    await main.getByRole('button', { name: 'Edit' }).click()
    await form.field('Description').fill('Half a thou')
    await window.reload()
    await expect(form.field('Description')).toHaveValue('Half a thou')
    await form.form.getByRole('button', { name: 'Cancel' }).click()
    await window.getByRole('button', { name: 'Discard' }).click()
  })

  await test.step('it is deleted once its slug is typed', async () => {
    await main.getByRole('button', { name: 'Delete Observability' }).click()
    const question = window.getByRole('alertdialog', { name: 'Delete Observability?' })
    await question.getByRole('textbox').fill('observability')
    await question.getByRole('button', { name: 'Delete server' }).click()
    await expect(window.getByRole('heading', { name: 'No MCP servers yet' })).toBeVisible()
    expect(await list()).toEqual([])
  })
})
