import { createCoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { startMcpServer } from '../fixtures/mcp-server.ts'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { joinDeployment, openMcpServers } from '../screens/join-deployment.ts'
import { mcpServersScreen } from '../screens/mcp-servers.ts'

const LARGE = 'seeded-secret-large-'.padEnd(256 * 1024, 'abcdefgh-')
const LONG_NAME = `X-${'Very-Long-Name-Of-A-Header-'.repeat(8)}End`

test('a thousand headers with hostile descriptions and a value of 256 KiB leave the page usable', async ({
  outpost,
  secondDeployment,
  session,
}) => {
  const mcp = await startMcpServer('another value')
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const names = [
    'X-Api-Key',
    LONG_NAME,
    'constructor',
    ...Array.from({ length: 997 }, (_, at) => `X-Key-${at}`),
  ]
  const { id } = await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: `Weather ${'of every place '.repeat(12)}`,
      slug: 'weather',
      description: `<img src=x onerror=alert(1)> \u202Eedisni\u202C ${'Long '.repeat(20_000)}`,
      transport: 'streamable_http',
      url: mcp.url,
      auth_type: 'custom_headers',
      availability: 'default_on',
      enabled: true,
      custom_headers_user_keys: names,
      custom_headers_user_key_descriptions: {
        'X-Api-Key': `<script>alert(1)</script> \u202Egnp.exe ${'Where to find it. '.repeat(6000)}`,
        [LONG_NAME]: 'W'.repeat(100_000),
        constructor: 'A header may be called so.',
      },
    },
  })
  const running = await outpost.launch()
  const { window } = running
  const screen = mcpServersScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await openMcpServers(window)
  await expect(screen.list).toContainText('0 of 1000 values set')

  await test.step('nothing of it takes more room than it should, in any look', async () => {
    for (const look of ['light', 'dark'] as const) {
      await wearLook(window, look)
      await keepScreenshot(window, `mcp-bad-input-${look}`)
      expect.soft(await findBarriers(window), look).toEqual([])
    }
    await resizeWindow(running, 900, 600)
    await keepScreenshot(window, 'mcp-bad-input-narrow')
    await resizeWindow(running, 1280, 800)
    const heights = await Promise.all(
      ['X-Api-Key', LONG_NAME].map(async (name) => (await screen.row(name).boundingBox())?.height ?? 0),
    )
    expect(Math.max(...heights)).toBeLessThan(400)
  })

  await test.step('a large value is kept in the keychain and on the server', async () => {
    await screen.type('X-Api-Key', LARGE)
    await expect(screen.row('X-Api-Key')).toContainText('On server', { timeout: 60_000 })
    await expect(screen.row('X-Api-Key')).toContainText('In vault')
    const entries = [...((await session.keyring?.secretsOf('Outpost'))?.keys() ?? [])]
    expect(entries.filter((account) => account.includes(id)).length).toBeGreaterThan(5)
  })

  await test.step('a header is found among the thousand and set', async () => {
    await window.getByPlaceholder('Search 1000 headers').fill('key-996')
    await screen.type('X-Key-996', 'seeded-secret-996')
    await expect(screen.list).toContainText('2 of 1000 values set', { timeout: 60_000 })
  })

  await test.step('a test with the large value is refused in words', async () => {
    await admin.call(mcpServersRoutes.update, {
      params: { mcpserver: id },
      body: { custom_headers_user_keys: ['X-Api-Key'] },
    })
    await openMcpServers(window)
    await window.getByRole('button', { name: 'Send it again' }).click()
    await expect(screen.list).toContainText('1 of 1 value set', { timeout: 60_000 })
    await screen.test.click()
    await expect(window.getByText(/together they have 256 KiB/)).toBeVisible({ timeout: 30_000 })
  })

  await test.step('all of it is cleared', async () => {
    await window.getByRole('button', { name: 'Clear all' }).click()
    await expect(screen.list).toContainText('0 of 1 value set', { timeout: 60_000 })
  })
  await mcp.close()
})
