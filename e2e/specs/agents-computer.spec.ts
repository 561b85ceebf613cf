import { readdirSync } from 'node:fs'
import path from 'node:path'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import type { ScriptedCall } from '#bridge/testing/scripted-model-formats'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { desktopTab } from '../screens/desktop-tab.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { settingsScreen } from '../screens/settings.ts'

const act = (action: string, args: object = {}): ScriptedCall => ({
  name: action,
  args,
  toolset: 'computer',
})

test('a sub-agent works on the desktop once its owner allows that, and each step shows how it looked', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const { window } = await outpost.launch()
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })

  await test.step('an administrator sees whose models use desktops', async () => {
    await frame(window).goTo('Settings')
    await settingsScreen(window).open('Models')
    const row = window.getByText('Models of OpenAI cannot: this deployment has no tool of theirs for it.')
    await row.scrollIntoViewIfNeeded()
    await look(window, 'agents-computer-setting')
  })

  await makeWorkspace(window, 'payments')
  await frame(window).goTo('Agents')
  await agents.chooseWorkspace('payments')
  const typed = () =>
    readdirSync(path.join(secondDeployment.folder, 'workspaces'), { recursive: true }).filter((name) =>
      String(name).endsWith('.refund'),
    )
  model.script({
    calls: [
      {
        name: 'spawn_agent',
        args: { type: 'computer_use', title: 'Open the refund page', prompt: 'Open the refund page.' },
      },
    ],
  })
  let step = 0
  model.answer(({ body }) => {
    if (!JSON.stringify((body['messages'] as unknown[])[0]).includes('Open the refund page.'))
      return undefined
    step += 1
    if (step === 1) return { text: 'I look at the desktop first.', calls: [act('screenshot')] }
    // The window of a new desktop comes when it comes.
    if (typed().length === 0 && step < 20)
      return {
        calls: [
          act('left_click', { coordinate: [60, 60] }),
          act('key', { text: 'ctrl+u' }),
          act('type', { text: 'clear; touch page.refund; echo "Refund page: 3 open"' }),
          act('key', { text: 'Return' }),
        ],
      }
    return { text: 'The refund page shows **3 open** refunds.' }
  })
  model.script({ text: 'It is being opened.' })
  await agents.say('Open the refund page for me')
  await expect(agents.transcript).toContainText('It is being opened.')

  await test.step('its owner is asked first', async () => {
    await agents.openChatOf('Open the refund page').first().click()
    const card = agents.approval('Do this on the desktop?')
    await expect(card).toContainText('Look at the desktop.')
    await look(window, 'agents-computer-asked')
    await card.getByRole('button', { name: 'Allow once', disabled: false }).waitFor()
    await card.getByRole('button', { name: 'Allow in this chat' }).click()
  })

  await test.step('what it did is told in words, with the screen after it', async () => {
    await expect(agents.transcript).toContainText('3 open refunds', { timeout: 60_000 })
    expect(typed()).toHaveLength(1)
    await expect(agents.transcript).toContainText('Clicked at 60, 60')
    await expect(agents.transcript).toContainText('Typed “clear; touch page.refund')
    const shown = agents.transcript.getByRole('button', { name: 'Show desktop.png large' })
    await expect(shown.last().getByRole('img')).toBeVisible()
    // Pictures that come later do not push the end out of sight.
    await expect(agents.transcript.getByText('3 open refunds')).toBeInViewport()
    const log = agents.transcript.getByRole('log')
    await expect
      .poll(async () => log.evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight))
      .toBeLessThan(2)
    await look(window, 'agents-computer')
    await shown.last().click()
    await expect(window.getByRole('dialog', { name: 'desktop.png' })).toBeVisible()
    await look(window, 'agents-computer-large')
    await window.keyboard.press('Escape')
  })

  await test.step('its owner can watch the same desktop', async () => {
    await agents.openPanel('Desktop')
    await expect(desktopTab(window).takeControl).toBeEnabled()
    await look(window, 'agents-computer-watched')
  })
  await model.close()
})
