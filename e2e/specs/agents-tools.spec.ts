import { createCoderClient } from '#bridge/client/coder-client'
import { chatApprovalsRoutes } from '#bridge/contract/chats-approvals'
import { chatCostRoutes } from '#bridge/contract/chats-cost'
import { userSkillsRoutes } from '#bridge/contract/user-skills'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { call, held, lastRequest, scriptChat, told } from '../fixtures/scripted-turns.ts'
import { shippedTemplate } from '../fixtures/shipped-template.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { joinDeployment } from '../screens/join-deployment.ts'

const skill = `---
name: release
description: How we release, and what a draft needs
---
# Release

A draft needs **green checks** and a line in \`CHANGELOG.md\`.
`
/** A small diagram. */
const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAKAAAAA8AQMAAADbpSNWAAAABlBMVEXu7vJbV+AHu4wVAAAA2klEQVR42u3ROw7CMAwG4JZIlIneAJC4AGMHlByGSzChjB1Qc6UeJSIX6JihisjDrtyQgRnhxconK5b8V9W/vqpGkweH3hqCrkMcCabRWplpsZ0TsTNl7IKdEzLuoXgHPFK0gMKjBKs99oi4nnkcEDVBhThR9H9tAtoMtwFnwHNAv2Af0AHeAuoMDeCBYI3ICTLEB8Em4ssfMOIJLhvQIF4oSsCO4gh4pagBeQlTMirhhChThBEtRVbCpoRtjj3kusInBLPCoYSqiGOKcI0agsmQf6KRroD2R/ANauvJazC3fvcAAAAASUVORK5CYII='
const source =
  'import { wait } from "./wait.mjs"\n\nexport async function refund(request) {\n  for (;;) {\n    if (await request.send()) return\n    await wait(30_000)\n  }\n}\n'
const question = {
  header: 'Back-off',
  question: 'Which back-off should I use?',
  options: [
    { label: 'Exponential with jitter', description: '1 s to 60 s' },
    { label: 'Fixed, 30 s', description: 'as today' },
  ],
}
const plan = `# Stop refund retries after five attempts

- [x] Read the client
- [ ] Cap the attempts at five
- [ ] Have the tests looked at
`
/** Tools of other deployments: this one says that it does not have them. */
const elsewhere = [
  call('read_skill_file', { name: 'release', path: 'notes.md' }),
  call('computer', { action: 'take_screenshot' }),
  call('find_tools', { queries: ['calendar'], names: [] }),
  call('list_subagent_models', {}),
  call('close_agent', { chat_id: '6b8b4567-327b-43c9-8c64-0f5a1a2b3c4d' }),
]

const commitAll =
  'git add . && git -c user.name=Ada -c user.email=ada@example.com commit -qm "Refunds as they were"'

test('one chat from no workspace to its last cent: every tool is shown for what it does', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url, {
    options: { anthropic: { web_search_enabled: true } },
  })
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  await admin.call(userSkillsRoutes.create, { params: { user: 'me' }, body: { content: skill } })
  await admin.call(chatApprovalsRoutes.updateOwnPolicy, {
    body: {
      rules: ['write_file', 'edit_files', 'process_signal', 'start_workspace'].map((tool) => ({
        tool,
        policy: 'always' as const,
      })),
    },
  })
  const template = await shippedTemplate(secondDeployment)
  const running = await outpost.launch()
  const { window } = running
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')
  await resizeWindow(running, 1280, 980)
  const answers = (...steps: Parameters<typeof scriptChat>[2][]) =>
    scriptChat(model, 'Stop refund retries', ...steps)

  await test.step('it looks around, and makes a workspace once its user allows it', async () => {
    answers(
      {
        thinking: 'First where, then how.',
        text: 'I look for a place to work in.',
        calls: [call('list_templates', { query: 'shell' }), call('read_skill', { name: 'release' })],
      },
      {
        search: {
          query: 'exponential back-off jitter',
          url: 'https://example.com/backoff',
          title: 'Exponential back-off and jitter',
        },
        calls: [call('read_template', { template_id: template })],
      },
      { calls: [call('create_workspace', { template_id: template, name: 'refunds' })] },
      { text: 'The workspace is there.' },
    )
    await agents.say('Stop refund retries after five attempts')
    await agents.approval('Create this workspace?').getByRole('button', { name: 'Allow once' }).click()
    await expect(agents.transcript).toContainText('The workspace is there.', { timeout: 30_000 })
    await agents.unfold()
    await look(window, 'agents-tools-places')
  })

  await test.step('it reads, writes and edits files, and hands some over', async () => {
    answers(
      {
        calls: [
          call('execute', {
            command: `mkdir -p src docs && echo ${picture} | base64 -d > docs/load.png && git init -q -b main && seq 1 40`,
            model_intent: 'Set up the folders',
          }),
        ],
      },
      { calls: [call('write_file', { path: 'src/refund.mjs', content: source })] },
      {
        calls: [
          call('list_directory', { path: 'src' }),
          call('search_files', { path: '.', query: 'wait(' }),
          call('read_file', { path: 'src/refund.mjs' }),
          call('read_file', { path: 'src/refund.mjs', offset: 3, limit: 2 }),
        ],
      },
      { calls: [call('execute', { command: commitAll, model_intent: 'Keep what was there' })] },
      {
        calls: [
          call('edit_files', {
            files: [
              {
                path: 'src/refund.mjs',
                edits: [
                  {
                    old_text: '  for (;;) {',
                    new_text: '  for (let attempt = 0; attempt < 5; attempt += 1) {',
                  },
                ],
              },
            ],
          }),
          call('attach_file', { path: 'docs/load.png', name: 'Load of a day.png' }),
        ],
      },
      { text: 'The loop ends after five attempts.' },
    )
    await agents.say('Write it down')
    await agents.approval('Run this command?').getByRole('button', { name: 'Allow in this chat' }).click()
    await expect(agents.transcript).toContainText('The loop ends after five attempts.')
    await agents.unfold()
    await look(window, 'agents-tools-files')
  })

  await test.step('it looks at its work with git, and nobody is asked', async () => {
    answers(
      { calls: [call('git_status', { path: '.' }), call('git_diff', {}), call('git_log', { path: 'src' })] },
      { text: 'One line differs.' },
    )
    await agents.say('What did you change?')
    await expect(agents.transcript).toContainText('One line differs.')
    await agents.unfold()
    await expect(agents.transcript).toContainText('Refunds as they were')
    await look(window, 'agents-tools-git')
  })

  await test.step('it runs programs in the background, looks at them and ends them', async () => {
    const process = (asked: string): string => told(asked, /process_id\W+([0-9a-f-]{36})/g)
    answers(
      {
        calls: [
          call('execute', {
            command: 'echo listening on 8080; exec sleep 300',
            model_intent: 'Start the service',
            run_in_background: true,
          }),
        ],
      },
      (asked) => ({
        calls: [
          call('process_output', { process_id: process(asked), wait_timeout: '1s' }),
          call('process_list', {}),
        ],
      }),
      (asked) => ({ calls: [call('process_signal', { process_id: process(asked), signal: 'terminate' })] }),
      {
        calls: [
          call('execute', { command: 'echo "sum is wrong" >&2; exit 3', model_intent: 'Run the tests' }),
        ],
      },
      { text: 'The tests are red.' },
    )
    await agents.say('Try it')
    await expect(agents.transcript).toContainText('The tests are red.')
    await agents.unfold()
    await look(window, 'agents-tools-processes')
  })

  await test.step('it asks, plans, and has a sub-agent look once the plan is approved', async () => {
    const child = (asked: string): string => told(asked, /chat_id\W+([0-9a-f-]{36})/g)
    const path = (asked: string): string => told(asked, /(~\/\.coder\/plans\/PLAN-[0-9a-f-]+\.md)/g)
    const look1 = held()
    scriptChat(
      model,
      'Look at the tests of refund',
      { text: 'I look at the first of them.', hold: look1.hold },
      { text: 'Three of the four callers are tested.' },
    )
    answers(
      { calls: [call('ask_user_question', { questions: [question] })] },
      (asked) => ({ calls: [call('write_file', { path: path(asked), content: plan })] }),
      (asked) => ({ calls: [call('propose_plan', { path: path(asked) })] }),
      {
        calls: [
          call('spawn_agent', {
            type: 'general',
            title: 'Tests of refund',
            prompt: 'Look at the tests of refund.',
          }),
        ],
      },
      (asked) => ({ calls: [call('wait_agent', { chat_id: child(asked), timeout_seconds: 1 })] }),
      (asked) => ({ calls: [call('interrupt_agent', { chat_id: child(asked) })] }),
      (asked) => ({ calls: [call('message_agent', { chat_id: child(asked), message: 'Only count them.' })] }),
      (asked) => ({ calls: [call('wait_agent', { chat_id: child(asked), timeout_seconds: 60 })] }),
      { calls: [call('list_agents', {})] },
      { text: 'One caller has no test.' },
    )
    await agents.planFirst()
    await agents.say('Plan the rest')
    const form = agents.question(question.question)
    await form.getByRole('radio', { name: 'Fixed, 30 s' }).check()
    await form.getByRole('button', { name: 'Answer' }).click()
    await window.getByRole('button', { name: 'Implement' }).click()
    await expect(agents.transcript).toContainText('One caller has no test.')
    look1.release()
    await agents.unfold()
    await look(window, 'agents-tools-agents')
  })

  await test.step('what is denied, what fails and what nobody has is told apart', async () => {
    answers(
      { calls: [call('start_workspace', {}), call('read_file', { path: 'CHANGELOG.md' })] },
      { calls: elsewhere },
      { calls: [call('stop_workspace', {})] },
      { calls: [call('stop_workspace', {})] },
      { text: 'The workspace rests now.' },
    )
    await agents.say('Clean up')
    await agents.deny('Stop the workspace?', 'Not before the draft is open')
    const stop = agents.approval('Stop the workspace?')
    await expect(agents.transcript).toContainText('Why not: Not before the draft is open')
    await stop.getByRole('button', { name: 'Allow once' }).click()
    await expect(agents.transcript).toContainText('The workspace rests now.', { timeout: 30_000 })
    await agents.unfold()
    await look(window, 'agents-tools-refused')
  })

  await test.step('at the limit of its budget the turn ends, and says what helps', async () => {
    const last = held()
    answers({
      text: 'I open the draft now, and then look.',
      calls: [call('list_agents', {})],
      hold: last.hold,
    })
    await agents.say('Open the draft')
    await expect.poll(() => lastRequest(model)).toContain('Open the draft')
    await admin.call(chatCostRoutes.updateLimits, {
      body: { spend_limit_micros: null, chat_spend_limit_micros: 100, period: 'day' },
    })
    last.release()
    await expect(agents.transcript).toContainText('The limit of this chat is reached')
    await look(window, 'agents-tools-budget')
  })
  await model.close()
})
