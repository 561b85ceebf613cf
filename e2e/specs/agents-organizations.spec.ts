import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { startOrganizationsFront } from '../fixtures/organizations-front.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'

test('who is in two organizations chooses the one of a new chat, and is offered what is there', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const front = await startOrganizationsFront(secondDeployment)
  const { window } = await outpost.launch()
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, url: front.url, name: 'Harbour' })
  await frame(window).goTo('Agents')
  const main = window.getByRole('main')
  const picker = main.getByRole('button', { name: /^Organization:/ })

  await test.step('the default one is chosen, with its MCP servers', async () => {
    await expect(picker).toHaveAccessibleName('Organization: Coder')
    await expect(main.getByRole('button', { name: 'MCP servers: 1 of 1' })).toBeVisible()
  })

  await test.step('another one is found by the keyboard, and has servers of its own', async () => {
    await agents.message.fill('/org')
    await window.keyboard.press('Enter')
    await expect(window.getByRole('listbox', { name: 'Organizations' })).toBeVisible()
    await look(window, 'agents-organization')
    await window.keyboard.type('plat')
    await window.keyboard.press('Enter')
    await expect(picker).toHaveAccessibleName('Organization: Platform')
    await expect(main.getByRole('button', { name: 'MCP servers: 2 of 2' })).toBeVisible()
  })

  await test.step('the chat is made there, and the next one is offered it again', async () => {
    model.script({ text: 'Nothing is overdue.' })
    await agents.say('Look for overdue invoices')
    await expect(agents.transcript).toContainText('Nothing is overdue.')
    expect(front.chats).toMatchObject([{ organization_id: front.platformId }])
    expect(front.chats[0]?.['mcp_server_ids']).toHaveLength(2)
    await agents.newChat()
    await expect(picker).toHaveAccessibleName('Organization: Platform')
    await look(window, 'agents-organization-kept')
  })

  await model.close()
  await front.stop()
})
