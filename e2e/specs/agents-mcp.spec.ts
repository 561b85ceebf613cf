import { createCoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { startMcpServer } from '../fixtures/mcp-server.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { askedWith, call, lastRequest } from '../fixtures/scripted-turns.ts'
import { readClipboard } from '../fixtures/recorded-desktop.ts'
import { SEEDED_SECRET } from '../fixtures/secret-search.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { mcpServersScreen } from '../screens/mcp-servers.ts'

const KEY = `${SEEDED_SECRET}observability-key`
const WRONG_KEY = `${SEEDED_SECRET}of-another-team`
const query = call('observability__query_metrics', { query: 'topk(1, alerts_fired)' })

test('a chat uses an MCP server by a header of its user, who learns what is missing and never sees the value again', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  const mcp = await startMcpServer(KEY)
  await addScriptedProvider(secondDeployment, model.url)
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Observability',
      slug: 'observability',
      description: 'Metrics, traces and alerts',
      transport: 'streamable_http',
      url: mcp.url,
      auth_type: 'custom_headers',
      availability: 'default_off',
      enabled: true,
      custom_headers_user_keys: ['X-Api-Key'],
      custom_headers_user_key_descriptions: { 'X-Api-Key': 'Profile, API access.' },
    },
  })
  const running = await outpost.launch()
  const { window } = running
  const agents = agentsScreen(window)
  const servers = mcpServersScreen(window)
  const failures = agents.transcript.getByText(/The MCP server "Observability" cannot be used now/)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')

  await test.step('the composer tells that a value is missing, and the chat says so in words', async () => {
    const picker = await agents.openMcpPicker()
    await picker.getByRole('switch', { name: 'Observability' }).click()
    await expect(picker).toContainText('0 of 1 value set')
    await look(window, 'agents-mcp-picker')
    await window.keyboard.press('Escape')
    model.script({ calls: [query] }, { text: 'I cannot see the alerts before you give your key.' })
    await agents.say('Which alert fires most?')
    await expect(agents.transcript).toContainText('before you give your key')
    await expect(failures).toContainText('Observability needs your value for X-Api-Key.')
    expect(askedWith(model.requests[0] ?? { path: '', headers: {}, body: {} })).toContain(
      'Observability needs your value for X-Api-Key.',
    )
    await look(window, 'agents-mcp-missing')
  })

  await test.step('the way from there leads to the field; a wrong value is told without the value', async () => {
    const picker = await agents.openMcpPicker()
    await picker.getByRole('button', { name: 'Set up' }).click()
    await servers.type('X-Api-Key', WRONG_KEY)
    await expect(servers.row('X-Api-Key')).toContainText('On server')
    await frame(window).goTo('Agents')
    await agents.open('Which alert fires most?')
    model.script({ calls: [query] }, { text: 'The server does not know that key.' })
    await agents.say('Try again')
    await expect(agents.transcript).toContainText('does not know that key')
    await expect(failures.last()).toContainText('It refused what it was given with HTTP 401.')
    await look(window, 'agents-mcp-refused')
  })

  await test.step('with the right value the tool runs once its user allows it', async () => {
    const picker = await agents.openMcpPicker()
    await picker.getByRole('button', { name: 'Settings of MCP servers' }).click()
    await servers.type('X-Api-Key', KEY)
    // That there is one was true of the wrong one, too.
    await expect(servers.header('X-Api-Key')).toHaveValue('')
    await expect(servers.row('X-Api-Key')).toContainText('On server')
    await frame(window).goTo('Agents')
    await agents.open('Which alert fires most?')
    model.script({ calls: [query] }, { text: '`RefundQueueStuck`, 41 times.' })
    await agents.say('And now?')
    const asked = agents.approval(/observability|Observability/)
    await expect(asked).toContainText('topk(1, alerts_fired)')
    await look(window, 'agents-mcp-asked')
    await asked.getByRole('button', { name: 'Allow once' }).click()
    await expect(agents.transcript).toContainText('RefundQueueStuck, 41 times.')
    await agents.transcript
      .getByRole('button', { name: /query_metrics/ })
      .last()
      .click()
    await expect(agents.transcript).toContainText('"team": "payments"')
    expect(lastRequest(model)).toContain('RefundQueueStuck')
    await look(window, 'agents-mcp')
  })

  await test.step('no value is where somebody could read it', async () => {
    await agents.chooseAction('Copy as Markdown')
    await expect(window.getByText('The chat is copied')).toBeVisible()
    const copied = await readClipboard(running)
    expect(copied).toContain('RefundQueueStuck')
    const stored = await window.evaluate(() => JSON.stringify(localStorage))
    for (const text of [copied, stored, await window.content(), ...model.requests.map(askedWith)])
      expect(text).not.toContain(SEEDED_SECRET)
    expect(model.left()).toBe(0)
  })
  await model.close()
  await mcp.close()
})
