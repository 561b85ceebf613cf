import path from 'node:path'
import { createCoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { startGatedMcpServer, type GatedMcpServer } from '../../server-bridge/testing/gated-mcp-server.ts'
import { startDeploymentWithoutMcp } from '../fixtures/deployment-without-mcp.ts'
import { type SecondDeployment, startSecondDeployment } from '../fixtures/second-deployment.ts'
import { findSecretsInFiles } from '../fixtures/secret-search.ts'
import { expect, test } from '../fixtures/test.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment, openMcpServers } from '../screens/join-deployment.ts'
import { mcpServersScreen } from '../screens/mcp-servers.ts'

const values = { Harbour: 'seeded-secret-value-of-harbour', Quay: 'seeded-secret-value-of-quay' }

/** The same on every deployment: slug, name and header. */
async function addObservability({ url, token }: SecondDeployment, mcp: GatedMcpServer): Promise<string> {
  const admin = createCoderClient({ baseUrl: url, token })
  const { id } = await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Observability',
      slug: 'observability',
      transport: 'streamable_http',
      url: mcp.url,
      auth_type: 'custom_headers',
      availability: 'default_on',
      enabled: true,
      custom_headers_user_keys: ['X-Obs-Token'],
    },
  })
  return id
}

test('two deployments have a server of one name, and the value of one never gets to the other', async ({
  outpost,
  secondDeployment: harbour,
  session,
  problems,
}) => {
  const quay = await startSecondDeployment(path.join(session.folder, 'quay'))
  problems.addSecret(quay.token)
  const atHarbour = await startGatedMcpServer({ 'X-Obs-Token': values.Harbour })
  const atQuay = await startGatedMcpServer({ 'X-Obs-Token': values.Quay })
  const harbourId = await addObservability(harbour, atHarbour)
  const quayId = await addObservability(quay, atQuay)
  const isOnServer = async ({ url, token }: SecondDeployment, mcpserver: string) =>
    (
      await createCoderClient({ baseUrl: url, token }).call(mcpServersRoutes.getUserHeaders, {
        params: { mcpserver },
      })
    ).has_values['X-Obs-Token']
  /** What the keychain has for one server, read as the app reads it. */
  const kept = async (serverId: string): Promise<string> => {
    const entries = [...((await session.keyring?.secretsOf('Outpost'))?.entries() ?? [])]
    const heads = entries.filter(([account]) => account.endsWith(`/${serverId}`))
    return heads
      .map(([, text]) =>
        Buffer.from((JSON.parse(text) as { first: string }).first, 'base64').toString('utf8'),
      )
      .join('\n')
  }
  const given = ({ requests }: GatedMcpServer): string => JSON.stringify(requests)

  const { window } = await outpost.launch()
  const screen = mcpServersScreen(window)
  await joinDeployment(window, { ...harbour, name: 'Harbour' })
  await joinDeployment(window, { ...quay, name: 'Quay' })

  await test.step('a value of the first is set and tried', async () => {
    await frame(window).switchTo('Harbour')
    await openMcpServers(window)
    await screen.type('X-Obs-Token', values.Harbour)
    await expect(screen.row('X-Obs-Token')).toContainText('On server')
    await screen.test.click()
    await expect(screen.list).toContainText('Connected')
  })

  await test.step('the second has none, and neither of its servers has heard of it', async () => {
    await frame(window).switchTo('Quay')
    await openMcpServers(window)
    await expect(screen.list).toContainText('0 of 1 value set')
    await expect(screen.row('X-Obs-Token')).not.toContainText('In vault')
    await screen.test.click()
    await expect(window.getByText('Observability needs your value for X-Obs-Token.')).toBeVisible()
    expect([await isOnServer(harbour, harbourId), await isOnServer(quay, quayId)]).toEqual([true, false])
    expect(atQuay.requests).toEqual([])
    expect(await kept(quayId)).toBe('')
  })

  await test.step('its own value goes to its own places only', async () => {
    await screen.type('X-Obs-Token', values.Quay)
    await expect(screen.row('X-Obs-Token')).toContainText('On server')
    await screen.test.click()
    await expect(screen.list).toContainText('Connected')
    expect(given(atHarbour)).toContain(values.Harbour)
    expect(given(atHarbour)).not.toContain(values.Quay)
    expect(given(atQuay)).toContain(values.Quay)
    expect(given(atQuay)).not.toContain(values.Harbour)
    expect(JSON.parse(await kept(harbourId))).toMatchObject({ values: { 'X-Obs-Token': values.Harbour } })
    expect(JSON.parse(await kept(quayId))).toMatchObject({ values: { 'X-Obs-Token': values.Quay } })
  })

  await test.step('what is cleared at the second stays at the first', async () => {
    await window.getByRole('button', { name: 'Clear X-Obs-Token' }).click()
    await expect(screen.list).toContainText('0 of 1 value set')
    expect([await isOnServer(harbour, harbourId), await isOnServer(quay, quayId)]).toEqual([true, false])
    expect(await kept(quayId)).toBe('')
    expect(JSON.parse(await kept(harbourId))).toMatchObject({ values: { 'X-Obs-Token': values.Harbour } })
    await frame(window).switchTo('Harbour')
    await openMcpServers(window)
    await expect(screen.row('X-Obs-Token')).toContainText('In vault')
  })
  await atHarbour.close()
  await atQuay.close()
  await quay.stop()
  expect(await findSecretsInFiles(quay.folder, problems.secrets())).toEqual([])
})

test('a deployment whose Coder has no MCP servers is told so in a plain sentence', async ({
  window,
  secondDeployment,
}) => {
  const older = await startDeploymentWithoutMcp(secondDeployment.url)
  await joinDeployment(window, { url: older.url, token: secondDeployment.token, name: 'Harbour' })
  await openMcpServers(window)
  await expect(window.getByRole('heading', { name: 'Harbour has no MCP servers' })).toBeVisible()
  await expect(
    window.getByText('Its version of Coder does not offer them, or they are switched off.'),
  ).toBeVisible()
  await expect(window.getByRole('button', { name: 'Add server' })).toHaveCount(0)
  expect(older.missed).not.toEqual([])
  await older.stop()
})
