import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { call, held, lastRequest, scriptChat, told } from '../fixtures/scripted-turns.ts'
import { shippedTemplate } from '../fixtures/shipped-template.ts'
import { expect, test } from '../fixtures/test.ts'
import { readTrayMenu } from '../fixtures/tray-labels.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'

const callers = { title: 'Callers of refund', prompt: 'Find every caller of refund, with its file and line.' }
const limits = {
  title: 'Limits in the runbook',
  prompt: 'Find what the runbook says about limits of retries.',
}

test('agents work side by side: two sub-agents come home, other chats go on, and the tray leads to each', async ({
  outpost,
  secondDeployment,
  session,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const running = await outpost.launch()
  const { window } = running
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')
  const first = held()
  const second = held()
  const changelog = held()

  await test.step('a chat begins two sub-agents, and both are at work at once', async () => {
    scriptChat(
      model,
      'Who calls refund',
      {
        text: 'I look at both sides at once.',
        calls: [
          call('spawn_agent', { type: 'explore', ...callers }),
          call('spawn_agent', { type: 'explore', ...limits }),
        ],
      },
      (asked) => ({
        calls: [...asked.matchAll(/chat_id\W+([0-9a-f-]{36})/g)].map(([, id = '']) =>
          call('wait_agent', { chat_id: id, timeout_seconds: 120 }),
        ),
      }),
      (asked) => ({
        calls: [call('list_agents', {})],
        text: `Both are back: ${told(asked, /(\w+) callers/g)}.`,
      }),
      { text: 'Four callers, and the runbook allows five attempts. One of them asks for ten.' },
    )
    scriptChat(model, callers.prompt, {
      text: 'There are **four callers** of `refund`:\n\n1. `billing/retry.ts:12`\n2. `billing/close.ts:40`\n3. `api/refunds.ts:8`\n4. `jobs/nightly.ts:77`',
      hold: first.hold,
    })
    scriptChat(model, limits.prompt, { text: 'The runbook allows five attempts.', hold: second.hold })
    await agents.say('Who calls refund, and how often?')
    await expect(agents.transcript.getByText('Waiting for', { exact: true })).toHaveCount(2)
    await expect.poll(() => model.requests.length).toBe(4)
    await agents.list.getByRole('button', { name: 'Show 2 sub-agents' }).click()
    await expect(agents.chat(callers.title)).toContainText('Working')
    await expect(agents.chat(limits.title)).toContainText('Working')
    await look(window, 'agents-sub-agents')
  })

  await test.step('a card leads to the chat of its sub-agent, and that leads back', async () => {
    await agents.openChatOf(callers.title).first().click()
    await expect(agents.transcript).toContainText(callers.prompt)
    await expect(agents.transcript).toContainText('There are four')
    await look(window, 'agents-sub-agent')
    first.release()
    await expect(agents.transcript).toContainText('jobs/nightly.ts:77')
    await window.getByRole('button', { name: 'Parent' }).click()
    await expect(agents.transcript).toContainText('I look at both sides at once.')
  })

  await test.step('another chat works meanwhile, and one more waits for its user', async () => {
    scriptChat(model, 'Tidy the changelog', {
      text: 'I read the changelog from its end. It is long.',
      hold: changelog.hold,
    })
    await agents.newChat()
    await agents.say('Tidy the changelog')
    await expect(agents.transcript).toContainText('I read the')
    const template = await shippedTemplate(secondDeployment)
    scriptChat(
      model,
      'Make a place for the tests',
      { calls: [call('create_workspace', { template_id: template, name: 'tests' })] },
      { text: 'Then the tests stay where they are.' },
    )
    await agents.newChat()
    await agents.say('Make a place for the tests')
    await expect(agents.approval('Create this workspace?')).toBeVisible()
    await look(window, 'agents-at-work')
  })

  const tray = await session.tray.waitForTray()
  const menu = async (): Promise<readonly string[]> => readTrayMenu(session.tray)
  await test.step('the tray has all of them, the one that waits first, and opens each', async () => {
    await expect
      .poll(async () => (await menu()).filter((line) => /at work|waits for you/.test(line)))
      .toEqual([
        'Make a place for the tests: waits for you',
        'Tidy the changelog: at work',
        'Who calls refund, and how often?: at work',
      ])
    await running.application.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
    await tray.click('Tidy the changelog: at work')
    await expect(agents.transcript).toContainText('I read the')
    await expect(window).toHaveTitle('Tidy the changelog · Outpost')
    await tray.click('Make a place for the tests: waits for you')
    await agents.deny('Create this workspace?', 'They have one')
    await expect(agents.transcript).toContainText('Then the tests stay where they are.')
    await expect.poll(menu).not.toContain('Make a place for the tests: waits for you')
  })

  await test.step('what the sub-agents found comes home', async () => {
    await tray.click('Who calls refund, and how often?: at work')
    await expect(agents.transcript).toContainText('I look at both sides at once.')
    second.release()
    await expect(agents.transcript).toContainText('One of them asks for ten.')
    const home = agents.transcript.getByRole('button', { name: new RegExp(`Waited for ${callers.title}`) })
    await home.click()
    await expect(agents.transcript).toContainText('billing/retry.ts:12')
    await agents.transcript.getByRole('button', { name: /Looked at 2 agents/ }).click()
    expect(lastRequest(model)).toContain('five attempts')
    await look(window, 'agents-sub-agents-home')
  })

  await test.step('and with the last one done the tray has none', async () => {
    changelog.release()
    await expect.poll(async () => (await menu()).filter((line) => /at work|waits/.test(line))).toEqual([])
  })
  await model.close()
})
