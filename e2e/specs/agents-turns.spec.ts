import { createCoderClient } from '#bridge/client/coder-client'
import { chatCostRoutes } from '#bridge/contract/chats-cost'
import { startScriptedModel, type ScriptedModel, type ScriptedStep } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { readClipboard } from '../fixtures/recorded-desktop.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { call, held, lastRequest } from '../fixtures/scripted-turns.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'

/** Answers a chat that plans, step by step; where the plan belongs is told to the model alone. */
function scriptPlan(model: ScriptedModel, ...steps: readonly ((planPath: string) => ScriptedStep)[]): void {
  const left = [...steps]
  model.answer(({ body }) => {
    const [planPath] = /~\/\.coder\/plans\/PLAN-[0-9a-f-]+\.md/.exec(JSON.stringify(body)) ?? []
    return planPath === undefined ? undefined : left.shift()?.(planPath)
  })
}

const question = {
  header: 'Back-off',
  question: 'Which back-off should I use?',
  options: [
    { label: 'Exponential with jitter', description: '1 s to 60 s, as the runbook says' },
    { label: 'Fixed, 30 s', description: 'as today' },
  ],
}
const plan = `# Stop refund retries after five attempts

- [x] Read the client and its tests
- [ ] Cap the attempts at five and keep the last error
- [ ] Wait between two attempts, exponentially with jitter

The client keeps its interface: \`refund(request)\`.
`

test('an agent asks, plans and is steered: a question by keyboard, a plan, a queue, a stop', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const { window } = await outpost.launch()
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await makeWorkspace(window, 'payments')
  await frame(window).goTo('Agents')

  await test.step('a question is answered by the keys alone', async () => {
    scriptPlan(
      model,
      () => ({
        thinking: 'The runbook decides.',
        calls: [call('ask_user_question', { questions: [question] })],
      }),
      (path) => ({ calls: [call('write_file', { path, content: plan })] }),
      (path) => ({ calls: [call('propose_plan', { path })] }),
    )
    await agents.chooseWorkspace('payments')
    await agents.planFirst()
    await agents.say('Stop refund retries after five attempts. Plan it first.')
    const form = agents.question(question.question)
    await expect(form.getByRole('radio', { name: 'Fixed, 30 s' })).toBeVisible()
    await look(window, 'agents-question')
    await form.getByRole('radio', { name: 'Fixed, 30 s' }).press('Space')
    await window.keyboard.press('ArrowUp')
    await expect(form.getByRole('radio', { name: 'Exponential with jitter' })).toBeChecked()
    await window.keyboard.press('Enter')
  })

  await test.step('the plan is shown in full before anything is done, and then done', async () => {
    await expect(agents.transcript).toContainText('Wait between two attempts')
    expect(lastRequest(model)).toContain('Exponential with jitter')
    await expect(agents.transcript).toContainText('1 of 3 done')
    await look(window, 'agents-plan')
    model.script({ text: 'The attempts are capped.' })
    await window.getByRole('button', { name: 'Implement' }).click()
    await expect(agents.transcript).toContainText('The attempts are capped.')
    await expect(agents.transcript).toContainText('approved by you')
    expect(lastRequest(model)).toContain('Implement the plan.')
  })

  const first = held()
  const second = held()
  await test.step('a message waits while the agent works, and can be sent before its turn', async () => {
    model.script(
      { text: 'First I read the pipeline, then its history.', hold: first.hold },
      { text: 'The draft is open, and its checks run.', hold: second.hold },
    )
    await agents.say('Look at the pipeline')
    await expect(agents.transcript).toContainText('First I read')
    await agents.say('Then open a draft against main')
    await expect(agents.queue.getByRole('listitem')).toContainText('Then open a draft against main')
    await expect(agents.message).toHaveValue('')
    await look(window, 'agents-queue')
    await agents.queue.getByRole('button', { name: 'Send now' }).click()
    await expect(agents.transcript).toContainText('The draft is')
    await expect(agents.queue).toHaveCount(0)
    expect(lastRequest(model)).toContain('Then open a draft against main')
  })

  await test.step('it is stopped, what it said stays, and it goes on when told to', async () => {
    await agents.stop.click()
    await expect(agents.stop).toHaveCount(0)
    await expect(agents.transcript).toContainText('The draft is')
    await look(window, 'agents-stopped')
    model.script({ text: 'I go on where I was.' })
    await agents.say('Go on')
    await expect(agents.transcript).toContainText('I go on where I was.')
  })
  first.release()
  second.release()
  expect(model.left()).toBe(0)
  await model.close()
})

test('an agent that may not: a refusal with its reason, a limit of spending, and a chat that is there again', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const running = await outpost.launch()
  const { window } = running
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await makeWorkspace(window, 'payments')
  await frame(window).goTo('Agents')

  await test.step('the model is told why it may not', async () => {
    model.script(
      { calls: [call('execute', { command: 'touch everything', model_intent: 'Touch everything' })] },
      { text: 'Then I leave the files alone.' },
    )
    await agents.chooseWorkspace('payments')
    await agents.say('Tidy up')
    await agents.approval('Run this command?').getByRole('button', { name: 'Deny' }).click()
    await window.getByRole('textbox', { name: 'Why not' }).fill('Only the tests may be touched')
    await look(window, 'agents-deny')
    await window.keyboard.press('Enter')
    await expect(agents.transcript).toContainText('Then I leave the files alone.')
    await expect(agents.transcript).toContainText('Why not: Only the tests may be touched')
    expect(lastRequest(model)).toContain('Only the tests may be touched')
    await look(window, 'agents-denied')
  })

  await test.step('a limit says what is spent, and the message is not lost', async () => {
    const limit = (micros: number | null) =>
      admin.call(chatCostRoutes.updateLimits, { body: { spend_limit_micros: micros, period: 'day' } })
    await limit(50)
    await agents.say('Now the tests')
    await expect(window.getByText('You have reached your usage limit')).toBeVisible()
    await expect(window.getByText('$0.0001 are spent.')).toBeVisible()
    await expect(agents.message).toHaveValue('Now the tests')
    await look(window, 'agents-limit')
    await limit(null)
    model.script({ text: 'The tests are tidy: nothing was left to do in the tests.' })
    await agents.send.click()
    await expect(agents.transcript).toContainText('nothing was left to do')
  })

  await test.step('its words are found, and copied', async () => {
    await window.keyboard.press('Control+f')
    await agents.find.getByRole('textbox').fill('tests')
    await expect(agents.find.getByRole('status')).toHaveText(/^\d+ of \d+$/)
    await look(window, 'agents-find')
    await window.keyboard.press('Escape')
    await expect(agents.find).toHaveCount(0)
    await agents.chooseAction('Copy as Markdown')
    await expect(window.getByText('The chat is copied')).toBeVisible()
    const text = await readClipboard(running)
    expect(text).toContain('## You\n\nTidy up')
    expect(text).toContain('**Tool `execute`, denied:**')
    expect(text).toContain('## Agent\n\n')
  })

  await test.step('after a restart all of it is there, and what was begun to be written', async () => {
    await agents.message.fill('And then the')
    await running.quit()
    const { window: again } = await outpost.launch()
    await frame(again).goTo('Agents')
    const there = agentsScreen(again)
    await there.open('Tidy up')
    await expect(there.transcript).toContainText('nothing was left to do')
    await expect(there.transcript).toContainText('Only the tests may be touched')
    await expect(there.message).toHaveValue('And then the')
    await look(again, 'agents-restarted')
  })
  await model.close()
})
