import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createCoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { startGatedMcpServer } from '../../server-bridge/testing/gated-mcp-server.ts'
import { createRunningWorkspace, createTemplate } from '../../server-bridge/testing/workspace-actions.ts'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { readClipboard } from '../fixtures/recorded-desktop.ts'
import { expect, test } from '../fixtures/test.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment, openMcpServers } from '../screens/join-deployment.ts'
import { mcpServersScreen } from '../screens/mcp-servers.ts'

const KEY = 'seeded-secret-gateway-key'

/** Whether anything answers there, if only with a refusal. */
const isOpen = (address: string): Promise<boolean> =>
  fetch(address).then(
    () => true,
    () => false,
  )

test('a workspace uses an MCP server through the header gateway and never sees the value', async ({
  outpost,
  secondDeployment,
  session,
}) => {
  const mcp = await startGatedMcpServer({ 'X-Obs-Token': KEY })
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Observability',
      slug: 'observability',
      description: 'Metrics, traces and alerts of every team.',
      transport: 'streamable_http',
      url: mcp.url,
      auth_type: 'custom_headers',
      availability: 'default_on',
      enabled: true,
      custom_headers_user_keys: ['X-Obs-Token'],
    },
  })
  await createRunningWorkspace(admin, await createTemplate(admin, 'small'), 'payments-api')

  const app = await outpost.launch()
  const { window } = app
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await openMcpServers(window)
  const screen = mcpServersScreen(window)
  const toggle = window.getByRole('switch', { name: 'Header gateway for payments-api' })
  const address = window.getByText(/^127\.0\.0\.1:\d+\/mcp$/)

  await test.step('without a value it says what is missing, and opens once that is saved', async () => {
    await toggle.click()
    await expect(window.getByText('Observability needs your value for X-Obs-Token.')).toBeVisible()
    await screen.type('X-Obs-Token', KEY)
    await expect(address).toBeVisible({ timeout: 30_000 })
  })

  await test.step('a client with the copied configuration reaches the tools', async () => {
    await window.getByRole('button', { name: 'Copy the configuration' }).click()
    await window.getByRole('menuitem', { name: 'Copy for .mcp.json' }).click()
    await expect(window.getByText('Entry for .mcp.json copied')).toBeVisible()
    const text = await readClipboard(app)
    const { observability } = (
      JSON.parse(text) as {
        mcpServers: Record<string, { url: string; headers: Record<string, string> }>
      }
    ).mcpServers
    const client = new Client({ name: 'journey', version: '1.0.0' })
    await client.connect(
      new StreamableHTTPClientTransport(new URL(observability?.url ?? ''), {
        requestInit: { headers: observability?.headers ?? {} },
      }),
    )
    const answer = JSON.stringify(await client.callTool({ name: 'whoami', arguments: {} }))
    expect(answer).toContain('*'.repeat(KEY.length))
    expect(`${answer}${text}${await window.content()}`).not.toContain(KEY)
    await client.close()
    await expect(window.getByText('1 call today')).toBeVisible()
    await toggle.scrollIntoViewIfNeeded()
    for (const look of ['light', 'hc', 'dark'] as const) {
      await wearLook(window, look)
      await keepScreenshot(window, `header-gateway-${look}`)
      expect.soft(await findBarriers(window), look).toEqual([])
    }
  })

  await test.step('while the keychain is locked it is shut, the page says so, and it opens again by itself', async () => {
    const at = `http://${(await address.textContent()) ?? ''}`
    await session.keyring?.lock()
    await openMcpServers(window)
    await expect(window.getByText(/The keychain is locked: what lies on the server/)).toBeVisible()
    await expect(window.getByText('Off while the keychain is locked.')).toBeVisible()
    await expect(screen.header('X-Obs-Token')).toBeDisabled()
    await expect.poll(() => isOpen(at)).toBe(false)
    await session.keyring?.unlock()
    await frame(window)
      .notice('The system keychain is locked (GNOME Keyring)')
      .getByRole('button', { name: 'Unlock keychain' })
      .click()
    await expect(address).toBeVisible({ timeout: 30_000 })
    await expect.poll(() => isOpen(at)).toBe(true)
  })

  await test.step('switched off it is gone', async () => {
    const at = `http://${(await address.textContent()) ?? ''}`
    await toggle.click()
    await expect(address).toHaveCount(0)
    await expect.poll(() => isOpen(at)).toBe(false)
  })
  await mcp.close()
})
