import { createCoderClient } from '#bridge/client/coder-client'
import { chatDebugConfigRoutes } from '#bridge/contract/chats-debug'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { askedWith, call, held, lastRequest } from '../fixtures/scripted-turns.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { settingsScreen } from '../screens/settings.ts'

const firstSummary = `The user wants **refunds retried at most five times**.

- Read \`docs/runbook.md\`: five attempts, 1 s to 60 s, with jitter.
- Left: cap the attempts, then open a draft.
`

test('a long conversation is summed up by itself and on request, stays readable, and goes on', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url, { compactsAt: 70 })
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  await admin.call(chatDebugConfigRoutes.updateLogging, { body: { allow_users: true } })
  const { window } = await outpost.launch()
  const agents = agentsScreen(window)
  const summaries = agents.transcript.getByRole('button', { name: /^Made the conversation shorter/ })
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')

  await test.step('there is nothing to sum up before the model has said anything', async () => {
    model.script({ status: 400, body: { error: { message: 'The model sleeps.' } } })
    await agents.say('How often may a refund be retried?')
    await expect(agents.transcript).toContainText('The model is not set up right')
    await agents.command('/compact')
    await expect(frame(window).messages).toContainText('There is nothing to summarise yet.')
  })

  const summary = held()
  await test.step('past the threshold it is made shorter before the model is asked again', async () => {
    model.script({
      text: 'The runbook says five attempts. The words `lighthouse keeper` stand at its end.',
      usage: { input: 149_000, output: 1000 },
    })
    await agents.say('Read the runbook again')
    await expect(agents.transcript).toContainText('lighthouse keeper')
    await expect(agents.contextUse).toHaveAccessibleName('Context: 75 % used')
    model.script(
      { text: firstSummary, usage: { input: 900, output: 60 }, hold: summary.hold },
      { text: 'I cap the attempts at five now.', usage: { input: 2000, output: 40 } },
    )
    await agents.say('Then cap the attempts')
    await expect.poll(() => lastRequest(model)).toContain('Summarise the conversation below')
    await expect(agents.transcript).toContainText('Summing up what was said')
    await look(window, 'agents-compacting')
    summary.release()
    await expect(agents.transcript).toContainText('I cap the attempts at five now.')
    await expect(agents.contextUse).toHaveAccessibleName('Context: 1 % used')
    const asked = lastRequest(model)
    expect(asked).toContain('refunds retried at most five times')
    expect(asked).toContain('Then cap the attempts')
    expect(asked).not.toContain('lighthouse keeper')
  })

  await test.step('its card unfolds what the model knows now, and all that was said is still there to read', async () => {
    await expect(summaries).toHaveCount(1)
    await expect(summaries).toContainText('75 % of the context was used')
    await summaries.click()
    await expect(agents.transcript).toContainText('Left: cap the attempts, then open a draft.')
    await expect(agents.transcript).toContainText('lighthouse keeper')
    await look(window, 'agents-compacted')
  })

  await test.step('/compact begins the same, and is called off from its card', async () => {
    const { hold } = held()
    model.script({ text: 'Nobody reads this.', hold })
    await agents.command('/compact')
    await agents.transcript.getByRole('button', { name: 'Cancel' }).click()
    await expect(agents.stop).toHaveCount(0)
    await expect(agents.transcript).not.toContainText('Summing up what was said')
    await expect(summaries).toHaveCount(1)
  })

  await test.step('/compact does the same when it is asked for, and the chat rests', async () => {
    model.script({ text: 'The attempts are capped; a draft is left.', usage: { input: 700, output: 20 } })
    await agents.command('/compact')
    await expect(summaries).toHaveCount(2)
    await expect(agents.stop).toHaveCount(0)
    await summaries.last().click()
    await expect(agents.transcript).toContainText('The attempts are capped; a draft is left.')
    await look(window, 'agents-compacted-by-hand')
  })

  await test.step('the chat goes on, with tools, by the second summary alone', async () => {
    model.script({ calls: [call('list_templates', {})] }, { text: 'The draft is open.' })
    await agents.say('Open the draft')
    await expect(agents.transcript).toContainText('The draft is open.')
    const asked = model.requests.slice(-2).map(askedWith)
    for (const request of asked) {
      expect(request).toContain('The attempts are capped; a draft is left.')
      expect(request).not.toContain('I cap the attempts at five now.')
    }
    expect(model.left()).toBe(0)
  })

  await test.step('what the model is asked is written down once that is switched on, and read beside the chat', async () => {
    await agents.openPanel('Debug')
    await expect(agents.debug).toContainText('Debug logging is off')
    await agents.debug.getByRole('button', { name: 'Open the settings' }).click()
    const settings = settingsScreen(window)
    await settings.toggle('Debug logging').click()
    await expect(settings.toggle('Debug logging')).toBeChecked()
    await look(window, 'agents-debug-settings')
    await frame(window).goTo('Agents')
    await agents.open('How often may a refund be')
    await expect(agents.debug).toContainText('Nothing is written down yet')
    model.script(
      { status: 529, body: { error: { message: 'Too many at once.' } } },
      { calls: [call('list_templates', {})], usage: { input: 2400, output: 30 } },
      { text: 'The draft waits for a review.', usage: { input: 2600, output: 12 } },
    )
    await agents.say('Where does the draft stand?')
    await expect(agents.transcript).toContainText('The draft waits for a review.')
    await expect(agents.debug).not.toContainText('Under way')
    await agents.debug.getByRole('button', { name: /^Turn Done/ }).click()
    await agents.debug.getByRole('button', { name: /^Step 1 / }).click()
    await expect(agents.debug.getByRole('list', { name: 'Attempts' })).toContainText('HTTP 529')
    const request = agents.debug.getByRole('region', { name: 'Request' })
    await request.getByRole('button', { name: 'Search the log' }).click()
    await request.getByRole('textbox', { name: 'Search the log' }).fill('where does the draft')
    await expect(request.getByRole('status')).toHaveText('1 of 1')
    await expect(request).toContainText('Where does the draft stand?')
    await look(window, 'agents-debug')
  })
  await model.close()
})
