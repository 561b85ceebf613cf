import { createCoderClient } from '#bridge/client/coder-client'
import { chatConfigRoutes } from '#bridge/contract/chats-config'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { keepScreenshot } from '../fixtures/keep-screenshot.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { call, held, lastRequest } from '../fixtures/scripted-turns.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { agentRulesScreen } from '../screens/agent-rules.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { settingsScreen } from '../screens/settings.ts'

const house = 'Sign every answer with the words of the lighthouse keeper.'
const archive = 'Archive unused chats after'
const remove = 'Delete archived chats after'

test('an administrator decides for all agents what they are told, may use, and how long chats stay', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const colleague = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const running = await outpost.launch()
  const { window } = running
  const settings = settingsScreen(window)
  const rules = agentRulesScreen(window)
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  const openModels = async () => {
    await frame(window).goTo('Settings')
    await settings.open('Models')
  }

  await test.step('instructions are written, kept over a look at another page, and saved', async () => {
    await openModels()
    await rules.instructions.fill(house)
    await frame(window).goTo('Templates')
    await openModels()
    await expect(rules.instructions).toHaveValue(house)
    await rules.planning.scrollIntoViewIfNeeded()
    await look(window, 'agents-rules-instructions')
    await rules.save('Save instructions')
    await expect(frame(window).messages).toContainText('The instructions are saved')
  })

  await test.step('what a colleague wrote meanwhile is not written over', async () => {
    await rules.planning.fill('Plans have three parts.')
    await colleague.call(chatConfigRoutes.updatePlanModeInstructions, {
      body: { plan_mode_instructions: 'Plans name what could go wrong.' },
    })
    await rules.save('Save planning')
    await expect(frame(window).notice('Somebody else has changed this meanwhile')).toBeVisible()
    await settings.main.getByRole('button', { name: 'What is saved now' }).click()
    await expect(settings.main).toContainText('Plans name what could go wrong.')
    await look(window, 'agents-rules-changed')
    await settings.main.getByRole('button', { name: 'Take theirs' }).click()
    await expect(rules.planning).toHaveValue('Plans name what could go wrong.')
  })

  await test.step('one template is all that agents may use', async () => {
    await rules.onlyChosenTemplates()
    await expect(settings.main.getByRole('button', { name: 'Save templates' })).toBeDisabled()
    await settings.main.getByRole('searchbox', { name: 'Search templates' }).fill('shell')
    await rules.template('shell').click()
    await settings.main.getByRole('button', { name: 'Save templates' }).scrollIntoViewIfNeeded()
    await look(window, 'agents-rules-templates')
    await rules.save('Save templates')
    await expect(frame(window).messages).toContainText('The templates are saved')
  })

  await test.step('how often agents may ask for advice is set', async () => {
    await rules.advisorUses.fill('1')
    await settings.main.getByRole('heading', { name: 'Advisor' }).scrollIntoViewIfNeeded()
    await look(window, 'agents-rules-advisor')
    await rules.save('Save advisor')
    await expect(frame(window).messages).toContainText('The advisor is saved')
  })

  await test.step('what takes chats away says so before it is saved, and is there after a reload', async () => {
    await rules.time(archive).fill('30')
    await rules.save('Save')
    const dialog = window.getByRole('alertdialog')
    await dialog.getByRole('button', { name: 'Archive unused chats' }).click()
    await expect(dialog).toHaveCount(0)
    await rules.time(remove).fill('90')
    await rules.save('Save')
    await expect(dialog).toContainText('nobody can bring them back')
    await look(window, 'agents-rules-retention')
    await dialog.getByRole('button', { name: 'Delete archived chats' }).click()
    await expect(dialog).toHaveCount(0)
    await window.reload()
    await openModels()
    await expect(rules.time(archive)).toHaveValue('30')
    await expect(rules.time(remove)).toHaveValue('90')
    await expect(rules.instructions).toHaveValue(house)
    await rules.time(remove).scrollIntoViewIfNeeded()
    await look(window, 'agents-rules-times')
    await resizeWindow(running, 900, 600)
    await settings.toggle('People may choose for themselves').scrollIntoViewIfNeeded()
    await keepScreenshot(window, 'agents-rules-narrow')
    await resizeWindow(running, 1280, 800)
  })

  await test.step('a new chat begins with the instructions, and is offered that template alone', async () => {
    await frame(window).goTo('Agents')
    model.script({ calls: [call('list_templates', {})] }, { text: 'There is one template.' })
    await agents.say('Which templates are there?')
    await expect(agents.transcript).toContainText('There is one template.')
    const asked = lastRequest(model)
    expect(asked).toContain(house)
    const { template_ids: allowed } = await colleague.call(chatConfigRoutes.templateAllowlist, {})
    expect(allowed).toHaveLength(1)
    const all = (await secondDeployment.request('GET', 'templates')) as { id: string; name: string }[]
    expect(all.length).toBeGreaterThan(1)
    for (const { id } of all) {
      if (allowed.includes(id)) expect(asked).toContain(id)
      else expect(asked).not.toContain(id)
    }
  })

  await test.step('an agent asks the advisor, whose advice shows as it is written, and no more often than that', async () => {
    const advice = held()
    const ask = call('advisor', { question: 'Is a cap of five attempts enough?' })
    model.script(
      { calls: [ask] },
      {
        text: 'Five is enough **with jitter**: without it, all clients come back at once.\n\n1. Look at how long the provider is down, as a rule.\n2. Cap the wait at a minute.',
        hold: advice.hold,
      },
      { calls: [ask] },
      { text: 'Five attempts, with jitter.' },
    )
    await agents.say('Ask before you cap the attempts')
    await expect(agents.transcript).toContainText('without it')
    await expect(agents.transcript).not.toContainText('Cap the wait')
    await look(window, 'agents-advisor-writing')
    advice.release()
    await expect(agents.transcript).toContainText('Five attempts, with jitter.')
    await agents.unfold()
    await expect(agents.transcript).toContainText('Cap the wait')
    await expect(agents.transcript).toContainText('The advisor cannot be asked again in this turn.')
    await look(window, 'agents-advisor')
  })
  await model.close()
})
