import { startScriptedModel } from '#bridge/testing/scripted-model'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'

const call = (name: string, args: object) => ({ name, args })

const source = 'export function sum(a, b) {\n  return a - b\n}\n'
const check =
  "import { sum } from './sum.mjs'\nif (sum(2, 3) !== 5) throw new Error('sum is wrong')\nconsole.log('all passed')\n"

test('an agent mends a failing test by read, edit and execute, asks first, and shows what it changed', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const running = await outpost.launch()
  const { window } = running
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await makeWorkspace(window, 'payments')
  await frame(window).goTo('Agents')
  await keepScreenshot(window, 'agents-start-light')

  await test.step('the first command waits for the user, who sees it in full', async () => {
    model.script(
      {
        text: 'I set the project up first.',
        calls: [
          call('execute', {
            command: `git init -q sums && cd sums && printf '%s' ${shell(source)} > sum.mjs && printf '%s' ${shell(check)} > sum.test.mjs && git add . && git -c user.name=a -c user.email=a@b.c commit -qm begin`,
            model_intent: 'Set up the project',
            timeout: '30s',
          }),
        ],
      },
      {
        thinking: 'The test has to be seen failing first.',
        calls: [
          call('execute', {
            command: 'node sum.test.mjs',
            workdir: 'sums',
            model_intent: 'Run the test',
            timeout: '30s',
          }),
        ],
      },
      { calls: [call('read_file', { path: 'sums/sum.mjs' })] },
      {
        calls: [
          call('edit_files', {
            files: [
              {
                path: 'sums/sum.mjs',
                edits: [{ old_text: 'return a - b', new_text: 'return a + b' }],
              },
            ],
          }),
        ],
      },
      {
        calls: [
          call('execute', {
            command: 'node sum.test.mjs',
            workdir: 'sums',
            model_intent: 'Run the test again',
            timeout: '30s',
          }),
        ],
      },
      { text: 'It passes now. The function **subtracted**; `sum.mjs` adds again.' },
    )
    await agents.chooseWorkspace('payments')
    await agents.say('Mend the failing test')
    await expect(agents.transcript).toContainText('git init -q sums')
    await expect(window.getByRole('button', { name: 'Allow once' })).toBeVisible()
    await keepScreenshot(window, 'agents-approval-light')
    expect(model.left()).toBe(5)
  })

  await test.step('allowed for the chat, it goes on until the next kind of tool asks', async () => {
    await window.getByRole('button', { name: 'Allow in this chat' }).click()
    await expect(agents.transcript).toContainText('sum is wrong')
    await expect(agents.transcript).toContainText('return a + b')
    await window.getByRole('button', { name: 'Allow once' }).click()
    await expect(agents.transcript).toContainText('It passes now.')
    await expect(agents.transcript).toContainText('all passed')
  })

  await test.step('what changed lies beside the chat', async () => {
    await agents.openPanel('Changes')
    await expect(window.getByRole('region', { name: 'sum.mjs', exact: true })).toContainText('return a + b')
  })

  for (const look of ['light', 'hc', 'dark'] as const) {
    await wearLook(window, look)
    await keepScreenshot(window, `agents-chat-${look}`)
    expect.soft(await findBarriers(window), look).toEqual([])
  }
  await test.step('somebody is let in to read, and out again', async () => {
    const [organization] = (await secondDeployment.request('GET', 'organizations')) as { id: string }[]
    await secondDeployment.request('POST', 'users', {
      ...{ username: 'grace', name: 'Grace Hopper', email: 'grace@example.com' },
      ...{ password: 'Tide-and-Lamp-12', login_type: 'password', organization_ids: [organization?.id] },
    })
    const share = window.getByRole('main').getByRole('button', { name: /^Share/ })
    await share.click()
    await window.getByRole('searchbox', { name: 'Find people by name' }).fill('hopper')
    await window.getByRole('button', { name: 'Let grace read' }).click()
    const readers = window.getByRole('list', { name: 'Who reads this chat' })
    await expect(readers).toContainText('Grace Hopper')
    for (const look of ['light', 'dark'] as const) {
      await wearLook(window, look)
      await keepScreenshot(window, `agents-share-${look}`)
      expect.soft(await findBarriers(window), look).toEqual([])
    }
    await window.keyboard.press('Escape')
    await expect(share).toHaveAccessibleName('Share: others read this chat')
    await share.click()
    await readers.getByRole('button', { name: 'Stop sharing with grace' }).click()
    await expect(readers).toBeHidden()
    await window.keyboard.press('Escape')
    await expect(share).toHaveAccessibleName('Share')
  })

  await resizeWindow(running, 900, 600)
  // The panel lies over the conversation, which had the focus.
  await expect(window.locator(':focus')).toHaveCount(0)
  await expect(window.getByText('Share', { exact: true })).toBeHidden()
  await keepScreenshot(window, 'agents-chat-narrow')
  expect.soft(await findBarriers(window), 'narrow').toEqual([])
  await model.close()
})

function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
