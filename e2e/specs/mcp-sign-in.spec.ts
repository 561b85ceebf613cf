import { createCoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { startOAuth2Provider } from '../../server-bridge/testing/oauth2-provider.ts'
import { rawRequest } from '../../server-bridge/testing/raw-request.ts'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { recordDesktop } from '../fixtures/recorded-desktop.ts'
import { expect, test } from '../fixtures/test.ts'
import { joinDeployment, openMcpServers } from '../screens/join-deployment.ts'
import { mcpServersScreen } from '../screens/mcp-servers.ts'

test('one signs in to an MCP server in the browser, which holds no session, and the app notices', async ({
  outpost,
  secondDeployment,
}) => {
  const provider = await startOAuth2Provider()
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const { id } = await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Tracker',
      slug: 'tracker',
      transport: 'streamable_http',
      url: `${provider.url}/mcp`,
      auth_type: 'oauth2',
      availability: 'default_on',
      enabled: true,
    },
  })
  const isConnected = async () =>
    (await admin.call(mcpServersRoutes.get, { params: { mcpserver: id } })).auth_connected

  const running = await outpost.launch()
  const { window } = running
  const desktop = await recordDesktop(running)
  const screen = mcpServersScreen(window)
  const signIn = window.getByRole('main').getByRole('button', { name: 'Sign in', exact: true })
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await openMcpServers(window)

  await test.step('the app opens a link of this one sign-in, which holds no token', async () => {
    await expect(screen.list).toContainText('Needs you to sign in')
    await signIn.click()
    await expect(window.getByText('Waiting for the browser')).toBeVisible()
    await expect.poll(async () => (await desktop.read()).opened).toHaveLength(1)
    const [opened] = (await desktop.read()).opened
    expect(new URL(opened ?? '').origin).toBe(secondDeployment.url)
    expect(opened).not.toContain(secondDeployment.token)
    expect((await desktop.read()).asked).toEqual([])
    for (const look of ['light', 'dark'] as const) {
      await wearLook(window, look)
      await keepScreenshot(window, `mcp-sign-in-${look}`)
      expect.soft(await findBarriers(window), look).toEqual([])
    }
  })

  await test.step('waiting can be given up, and begun again with another link', async () => {
    await window.getByRole('button', { name: 'Cancel' }).click()
    await signIn.click()
    await expect.poll(async () => (await desktop.read()).opened).toHaveLength(2)
    const [first, second] = (await desktop.read()).opened
    expect(second).not.toBe(first)
  })

  await test.step('the browser signs in, and the app says so by itself', async () => {
    const link = (await desktop.read()).opened.at(-1) ?? ''
    const begun = await rawRequest(link, { headers: { 'sec-fetch-site': 'none' } })
    expect(begun.status).toBe(303)
    const cookie = [begun.headers['set-cookie'] ?? []]
      .flat()
      .map((entry) => entry.split(';')[0])
      .join('; ')
    const back = provider.agree(String(begun.headers['location']))
    const done = await rawRequest(back.href, { headers: { cookie, 'sec-fetch-site': 'cross-site' } })
    expect([done.status, done.text.includes('You can close this window')]).toEqual([200, true])
    await expect(window.getByText('You are signed in')).toBeVisible()
    await expect(screen.list).toContainText('Signed in')
    expect(await isConnected()).toBe(true)
    expect(await window.content()).not.toContain('seeded-secret')
  })

  await test.step('the link is good for nothing any more', async () => {
    for (const link of (await desktop.read()).opened.slice(1))
      expect((await rawRequest(link, { headers: { 'sec-fetch-site': 'none' } })).status).toBe(400)
  })

  await test.step('and one signs out', async () => {
    await window.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expect(signIn).toBeVisible()
    expect(await isConnected()).toBe(false)
  })
  await provider.close()
})
