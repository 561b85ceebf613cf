import { createCoderClient } from '#bridge/client/coder-client'
import { chatConfigRoutes, chatUserConfigRoutes } from '#bridge/contract/chats-config'
import { userSettingsRoutes } from '#bridge/contract/user-settings'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { keepScreenshot } from '../fixtures/keep-screenshot.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { call, lastRequest } from '../fixtures/scripted-turns.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { settingsScreen } from '../screens/settings.ts'

const skill = `---
name: release
description: How a release of the ledger is made
---
Tag it, then tell the harbour master.
`

test('a person tells agents how to work, chooses how it looks, and teaches them a skill', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url, { compactsAt: 80 })
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  await admin.call(chatConfigRoutes.updatePersonalModelOverrides, { body: { allow_users: true } })
  const running = await outpost.launch()
  const { window } = running
  const agents = agentsScreen(window)
  const settings = settingsScreen(window)
  const { main } = settings
  const part = (name: string) =>
    main.getByRole('group', { name: 'Settings of agents' }).getByRole('button', { name })
  const toMySettings = async () => {
    await frame(window).goTo('Settings')
    await settings.open('Agents')
    await part('Personal').click()
  }
  const choose = async (label: string, option: string) => {
    await main.getByRole('combobox', { name: label }).click()
    await window.getByRole('option', { name: option }).click()
    // The list takes a moment to go, and the next one may have options of the same names.
    await expect(window.getByRole('option')).toHaveCount(0)
  }
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })

  await test.step('what is typed survives a look at another page, and is saved', async () => {
    await toMySettings()
    const instructions = main.getByRole('textbox', { name: /should know and do/ })
    await instructions.fill('Always name the tide table you used.')
    await settings.open('General')
    await settings.open('Agents')
    await part('Personal').click()
    await expect(instructions).toHaveValue('Always name the tide table you used.')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.getByRole('button', { name: 'Save' })).toHaveCount(0)
  })

  await test.step('what another window saved meanwhile is not overwritten without a question', async () => {
    const instructions = main.getByRole('textbox', { name: /should know and do/ })
    await instructions.fill('Always name the tide table you used. Name the port.')
    await admin.call(chatUserConfigRoutes.updatePrompt, { body: { custom_prompt: 'Answer in metres.' } })
    await main.getByRole('button', { name: 'Save' }).click()
    await main.getByRole('button', { name: 'What is saved now' }).click()
    await expect(main.getByText('Answer in metres.')).toBeVisible()
    await look(window, 'agents-own-settings-changed')
    await main.getByRole('button', { name: 'Go on with mine' }).click()
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.getByRole('button', { name: 'Save' })).toHaveCount(0)
    expect(await admin.call(chatUserConfigRoutes.prompt, {})).toEqual({
      custom_prompt: 'Always name the tide table you used. Name the port.',
    })
  })

  await test.step('how conversations look and what sends is kept by the deployment', async () => {
    await choose('What a model thought', 'Always open')
    await choose('Commands and their output', 'Always folded')
    await main
      .getByRole('group', { name: 'Send with' })
      .getByRole('button', { name: /Ctrl|⌘/ })
      .click()
    await expect
      .poll(() => admin.call(userSettingsRoutes.preferences, { params: { user: 'me' } }))
      .toMatchObject({
        thinking_display_mode: 'always_expanded',
        shell_tool_display_mode: 'always_collapsed',
        agent_chat_send_shortcut: 'modifier_enter',
      })
    const percent = main.getByRole('textbox', { name: 'Percent of the context of Large' })
    await expect(percent).toHaveValue('80')
    await percent.fill('60')
    await percent.press('Enter')
    await expect(main).toContainText('Yours; the model is set up with 80 %')
    await choose('Sub-agents that explore', 'Large')
    await look(window, 'agents-personal')
  })

  await test.step('a skill is written, with what is wrong in words', async () => {
    await part('Skills').click()
    await main.getByRole('button', { name: 'New skill' }).click()
    const sheet = window.getByRole('dialog')
    const box = sheet.getByRole('textbox', { name: 'Skill' })
    await box.fill('Tag it.')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await expect(sheet).toContainText('The front matter needs a name')
    await look(window, 'agents-skill-editor')
    await box.fill(skill)
    await sheet.getByRole('button', { name: 'Save' }).click()
    await expect(main.getByRole('list', { name: 'Skills' })).toContainText(
      'How a release of the ledger is made',
    )
    await look(window, 'agents-skills')
  })

  await test.step('the model is asked with all of it', async () => {
    model.script(
      {
        thinking: 'The tide table of Cuxhaven fits.',
        calls: [call('list_templates', {}), call('read_skill', { name: 'release' })],
      },
      { text: 'By the table of Cuxhaven.' },
    )
    await frame(window).goTo('Agents')
    await agents.command('/release')
    await expect(agents.message).toHaveValue('/release ')
    await agents.message.pressSequentially('the ledger')
    await agents.message.press('Enter')
    await expect(agents.message).toHaveValue('/release the ledger\n')
    await agents.message.press('ControlOrMeta+Enter')
    await expect(agents.transcript).toContainText('By the table of Cuxhaven.')
    const asked = lastRequest(model)
    expect(asked).toContain('Always name the tide table you used.')
    expect(asked).toContain('tell the harbour master')
    // Unfolded without a touch.
    await expect(agents.transcript).toContainText('The tide table of Cuxhaven fits.')
    await look(window, 'agents-thinking-open')
  })

  await test.step('the menu of the message box and the setting are one', async () => {
    await window.getByRole('button', { name: 'Attach, plan first, and more' }).click()
    await window.getByRole('menuitemcheckbox', { name: 'Enter', exact: true }).click()
    await expect
      .poll(
        async () =>
          (await admin.call(userSettingsRoutes.preferences, { params: { user: 'me' } }))
            .agent_chat_send_shortcut,
      )
      .toBe('enter')
    await toMySettings()
    await expect(
      main.getByRole('group', { name: 'Send with' }).getByRole('button', { name: 'Enter', exact: true }),
    ).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('there is room for it in a narrow window', async () => {
    await resizeWindow(running, 900, 600)
    await keepScreenshot(window, 'agents-personal-narrow')
    expect.soft(await findBarriers(window), 'narrow').toEqual([])
  })
  await model.close()
})
