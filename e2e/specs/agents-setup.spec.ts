import { startScriptedModel } from '#bridge/testing/scripted-model'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { SEEDED_SECRET } from '../fixtures/secret-search.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { modelSetupScreen } from '../screens/model-setup.ts'
import { settingsScreen } from '../screens/settings.ts'

const KEY = `${SEEDED_SECRET}provider-key`

test('from no model to the first answer of one, and a tool that agents may never use', async ({ window }) => {
  const model = await startScriptedModel()
  const agents = agentsScreen(window)
  const settings = settingsScreen(window)
  const setup = modelSetupScreen(window)
  const look = async (name: string): Promise<void> => {
    for (const theme of ['light', 'dark'] as const) {
      await wearLook(window, theme)
      await keepScreenshot(window, `${name}-${theme}`)
      expect.soft(await findBarriers(window), `${name} ${theme}`).toEqual([])
    }
  }

  await test.step('the page of agents says what is missing and leads there', async () => {
    await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
    await frame(window).goTo('Agents')
    await expect(window.getByRole('heading', { name: 'No model is set up' })).toBeVisible()
    await look('agents-no-model')
    await window.getByRole('button', { name: 'Set up models' }).click()
    await expect(setup.addProvider).toBeVisible()
    await look('settings-models-first')
  })

  await test.step('a provider with its key, then a model of it', async () => {
    await setup.addProvider.click()
    await setup.chooseKind('OpenAI-compatible')
    await setup.field('Name').fill('Own gateway')
    await setup.field('Identifier').fill('own-gateway')
    await setup.field('Address').fill(model.url)
    await setup.field('Key').fill(KEY)
    await setup.finish('Add provider')
    await setup.field('Model').fill('large')
    await setup.field('Context window').fill('200k')
    await look('settings-models-sheet')
    await setup.finish('Add model')
    await expect(window.getByText('Agents are ready')).toBeVisible()
    await look('settings-models')
    expect(await window.content()).not.toContain(KEY)
  })

  await test.step('a chat without a workspace answers', async () => {
    model.script({ text: 'I can **explain** and plan. Choose a workspace, and I work in it.' })
    await setup.startChat.click()
    await agents.say('What can you do here?')
    await expect(agents.transcript).toContainText('I can explain and plan.')
    expect(model.requests[0]?.path).toBe('/v1/chat/completions')
    expect(model.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
    await look('agents-first-answer')
  })

  await test.step('a rule of one’s own holds after another look', async () => {
    await frame(window).goTo('Settings')
    await settings.open('Agents')
    const never = settings.toolRule('Run commands').getByRole('button', { name: 'Never' })
    await never.click()
    await expect(never).toHaveAttribute('aria-pressed', 'true')
    await look('settings-agents')
    await frame(window).goTo('Workspaces')
    await frame(window).goTo('Settings')
    await settings.open('Agents')
    await expect(never).toHaveAttribute('aria-pressed', 'true')
  })
  await model.close()
})
