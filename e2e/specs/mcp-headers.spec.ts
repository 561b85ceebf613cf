import { createCoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { expect, test } from '../fixtures/test.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { mcpServersScreen } from '../screens/mcp-servers.ts'
import { settingsScreen } from '../screens/settings.ts'

const KEY = 'seeded-secret-weather-key'

test('values of MCP headers go into the keychain and to the deployment, survive a change of the headers, and never come back', async ({
  outpost,
  secondDeployment,
  session,
}) => {
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const { id } = await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Weather',
      slug: 'weather',
      description: 'Forecasts and warnings for every place',
      transport: 'streamable_http',
      url: 'https://mcp.example.com/mcp',
      auth_type: 'custom_headers',
      availability: 'default_on',
      enabled: true,
      custom_headers_user_keys: ['X-Api-Key', 'X-Region'],
      custom_headers_user_key_descriptions: {
        'X-Api-Key': 'Personal key from Weather, Profile, API access.',
        'X-Region': 'For example eu or us.',
      },
    },
  })
  const change = (keys: string[]) =>
    admin.call(mcpServersRoutes.update, {
      params: { mcpserver: id },
      body: { custom_headers_user_keys: keys },
    })
  const secrets = async () => [...((await session.keyring?.secretsOf('Outpost'))?.entries() ?? [])]

  const { window } = await outpost.launch()
  const screen = mcpServersScreen(window)
  await test.step('a deployment without servers says what they are for', async () => {
    await frame(window).goTo('Settings')
    await settingsScreen(window).open('MCP servers')
    await expect(window.getByRole('heading', { name: 'No MCP servers yet' })).toBeVisible()
  })

  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })

  await test.step('the first value is saved in both places', async () => {
    await frame(window).goTo('Settings')
    await settingsScreen(window).open('MCP servers')
    await expect(screen.list).toContainText('0 of 2 values set')
    await screen.type('X-Api-Key', KEY)
    await expect(screen.row('X-Api-Key')).toContainText('In vault')
    await expect(screen.row('X-Api-Key')).toContainText('On server')
    await expect(screen.header('X-Api-Key')).toHaveValue('')
    await screen.type('X-Region', 'eu')
    await expect(screen.list).toContainText('2 of 2 values set')
    const entries = (await secrets()).filter(([account]) => account.includes(id))
    expect(entries).not.toHaveLength(0)
    expect(await window.content()).not.toContain(KEY)
  })

  await test.step('what an administrator’s change cleared is sent again by one press', async () => {
    await change(['X-Api-Key', 'X-Team'])
    await frame(window).goTo('Workspaces')
    await frame(window).goTo('Settings')
    await settingsScreen(window).open('MCP servers')
    await expect(screen.row('X-Api-Key')).toContainText('Not on server')
    for (const look of ['light', 'hc', 'dark'] as const) {
      await wearLook(window, look)
      await keepScreenshot(window, `mcp-servers-${look}`)
      expect.soft(await findBarriers(window), look).toEqual([])
    }
    await expect(window.getByText('X-Region is not asked for any more')).toBeVisible()
    await window.getByRole('button', { name: 'Send it again' }).click()
    await expect(screen.row('X-Api-Key')).toContainText('On server')
    await window.getByRole('button', { name: 'Remove from the vault' }).click()
    await expect(window.getByText('X-Region is not asked for any more')).toHaveCount(0)
  })

  await test.step('a value is cleared in both places, and comes back with undo', async () => {
    await window.getByRole('button', { name: 'Clear X-Api-Key' }).click()
    await expect(screen.row('X-Api-Key')).not.toContainText('In vault')
    await expect(window.getByText('X-Api-Key cleared')).toBeVisible()
    await window.getByRole('button', { name: 'Undo' }).last().click()
    await expect(screen.row('X-Api-Key')).toContainText('On server')
  })

  await test.step('with a locked keychain the page says so, and nothing can be typed', async () => {
    await session.keyring?.lock()
    await frame(window).goTo('Workspaces')
    await frame(window).goTo('Settings')
    await settingsScreen(window).open('MCP servers')
    await expect(window.getByText(/The keychain is locked: what lies on the server/)).toBeVisible()
    await expect(screen.header('X-Api-Key')).toBeDisabled()
    await session.keyring?.unlock()
  })
})
