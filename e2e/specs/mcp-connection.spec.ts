import { createCoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { startMcpServer } from '../fixtures/mcp-server.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { mcpServersScreen } from '../screens/mcp-servers.ts'
import { settingsScreen } from '../screens/settings.ts'

const KEY = 'seeded-secret-observability-key'
const WRONG = 'seeded-secret-mistyped-key'

test('a connection to an MCP server is tested from the page: what is missing, what is refused, and the tools', async ({
  outpost,
  secondDeployment,
}) => {
  const mcp = await startMcpServer(KEY)
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const common = {
    transport: 'streamable_http',
    availability: 'default_on',
    enabled: true,
  } as const
  await admin.call(mcpServersRoutes.create, {
    body: {
      ...common,
      display_name: 'Observability',
      slug: 'observability',
      description: 'Metrics, traces and alerts of every team. Kept by platform.',
      url: mcp.url,
      auth_type: 'custom_headers',
      custom_headers_user_keys: ['X-Api-Key'],
      custom_headers_user_key_descriptions: {
        'X-Api-Key': 'Personal token from Observability, Profile, API access.',
      },
    },
  })
  await admin.call(mcpServersRoutes.create, {
    body: {
      ...common,
      display_name: 'Docs search',
      slug: 'docs',
      url: 'https://no-such-name.invalid/mcp',
      auth_type: 'none',
    },
  })

  const running = await outpost.launch()
  const { window } = running
  const screen = mcpServersScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Settings')
  await settingsScreen(window).open('MCP servers')
  await screen.list.getByRole('button', { name: /Observability/ }).click()

  await test.step('without a value the test says what is missing', async () => {
    await screen.test.click()
    await expect(window.getByText('Observability needs your value for X-Api-Key.')).toBeVisible()
  })

  await test.step('a wrong value is refused, and not shown when the server repeats it', async () => {
    await screen.type('X-Api-Key', WRONG)
    await expect(screen.row('X-Api-Key')).toContainText('On server')
    await screen.test.click()
    await expect(window.getByText('The server said: Unknown key [your value]')).toBeVisible()
    await expect(screen.list).toContainText('401')
    expect(await window.content()).not.toContain(WRONG)
  })

  await test.step('with the right one the tools are there', async () => {
    await screen.type('X-Api-Key', KEY)
    await expect(screen.list).toContainText('1 of 1 value set')
    await screen.test.click()
    await expect(screen.tools).toContainText('query_metrics')
    await expect(screen.list).toContainText('Connected · 6 tools')
    await window.getByRole('button', { name: 'Show 1 more tool' }).click()
    await expect(screen.tools).toContainText('delete_dashboard')
    await window.getByRole('button', { name: 'Show fewer tools' }).click()
  })

  await test.step('all are tested at once', async () => {
    await window.getByRole('button', { name: 'Test all' }).click()
    await expect(screen.list).toContainText('No such name')
    await expect(screen.list).toContainText('Connected · 6 tools')
  })

  for (const look of ['light', 'hc', 'dark'] as const) {
    await wearLook(window, look)
    await keepScreenshot(window, `mcp-connection-${look}`)
    expect.soft(await findBarriers(window), look).toEqual([])
  }
  await resizeWindow(running, 900, 600)
  await keepScreenshot(window, 'mcp-connection-narrow')
  expect.soft(await findBarriers(window), 'narrow').toEqual([])
  await mcp.close()
})
