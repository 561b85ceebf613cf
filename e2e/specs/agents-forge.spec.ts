import { createCoderClient } from '#bridge/client/coder-client'
import { chatApprovalsRoutes } from '#bridge/contract/chats-approvals'
import { chatsRoutes } from '#bridge/contract/chats'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { recordDesktop } from '../fixtures/recorded-desktop.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { call } from '../fixtures/scripted-turns.ts'
import { startAgain } from '../fixtures/second-instance.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'

/** A clone of a repository on a forge, with a branch that was pushed, as far as git can tell without asking the forge. */
const work = [
  'mkdir pay && cd pay && git init -q -b trunk && git remote add origin https://ada:token@github.com/acme/pay.git',
  'git config user.name Ada && git config user.email ada@example.com',
  "mkdir -p src/refund && printf 'one\\ntwo\\n' > src/refund/retry.go && git add . && git commit -qm begin",
  'git update-ref refs/remotes/origin/trunk HEAD && git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/trunk',
  "git switch -qc agent/retry && printf 'one\\nthree\\n' > src/refund/retry.go && printf 'cap\\n' > src/refund/limit.go",
  'git add . && git commit -qm work && git update-ref refs/remotes/origin/agent/retry HEAD',
  "printf 'note\\n' > notes.md",
].join(' && ')

test('what a branch of a known forge changes is counted, found, shown and led to, and links lead into the app', async ({
  outpost,
  session,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const admin = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  await admin.call(chatApprovalsRoutes.updateOwnPolicy, {
    body: { rules: [{ tool: 'execute', policy: 'always' }] },
  })
  const running = await outpost.launch()
  const { window } = running
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await makeWorkspace(window, 'payments')
  await frame(window).goTo('Agents')
  const row = agents.chat('Cap the retries')

  await test.step('its row counts what the turn changed, though nobody looked at the changes', async () => {
    model.script(
      { calls: [call('execute', { command: work, timeout: '30s' })] },
      { text: 'The retries are capped.' },
    )
    await agents.chooseWorkspace('payments')
    await agents.say('Cap the retries')
    await expect(agents.transcript).toContainText('The retries are capped.')
    await expect(row).toContainText('+3 -1')
  })

  await test.step('the header leads to the branch, after a question that names the host', async () => {
    const desktop = await recordDesktop(running)
    await window.getByRole('button', { name: 'Branch on github.com' }).click()
    await expect.poll(async () => (await desktop.read()).asked).toHaveLength(1)
    expect((await desktop.read()).asked[0]).toMatch(
      /^Open github\.com\? https:\/\/github\.com\/acme\/pay\/tree\/agent\/retry$/,
    )
    expect((await desktop.read()).opened).toEqual([])
  })

  await test.step('its changes are read, also as a tree', async () => {
    await agents.openPanel('Changes')
    await expect(window.getByRole('region', { name: 'notes.md' })).toBeVisible()
    await window.getByRole('button', { name: 'Branch', exact: true }).click()
    await window.getByRole('button', { name: 'Show the files as a tree' }).click()
    const tree = window.getByRole('tree', { name: 'Changed files by folder' })
    await expect(tree.getByRole('treeitem')).toHaveText([
      /src\/refund\+2 -1/,
      /limit\.go\+1/,
      /retry\.go\+1 -1/,
    ])
    await tree.focus()
    await window.keyboard.press('End')
    await window.keyboard.press('Enter')
    await expect(window.getByRole('region', { name: 'src/refund/retry.go' })).toBeInViewport()
    await look(window, 'agents-branch-tree')
  })

  await test.step('its apps and ports are beside it, and the ways into the workspace in the header', async () => {
    await agents.openPanel('Apps')
    await expect(window.getByText('What listens in the workspace, and its tunnels')).toBeVisible()
    await window.getByRole('button', { name: /^Workspace payments/ }).click()
    await window.getByRole('menuitem', { name: 'Copy the SSH command' }).click()
    await expect(window.getByText('ssh coder.payments')).toBeVisible()
  })

  await test.step('it is found by its repository and by the page of its branch, and not by others', async () => {
    await window.getByRole('button', { name: 'Search chats' }).click()
    const field = window.getByRole('searchbox', { name: 'Search chats' })
    for (const words of ['acme/pay', 'https://github.com/acme/pay/tree/agent/retry', 'cap the']) {
      await field.fill('nothing like it')
      await expect(agents.list).toContainText('No chat fits')
      await field.fill(words)
      await expect(row).toBeVisible()
    }
    await field.fill('')
    await window.getByRole('button', { name: 'Filter' }).click()
    await window.getByRole('menuitemcheckbox', { name: 'Open' }).click()
    await expect(agents.list).toContainText('No chat fits')
    await window.getByRole('button', { name: 'Close the search' }).click()
    await expect(row).toBeVisible()
  })

  const desktop = await recordDesktop(running)
  const { host } = new URL(secondDeployment.url)
  const [chat] = await admin.call(chatsRoutes.list, { query: {} })
  const link = `outpost://${host}/agents/${chat?.id ?? ''}`
  const asked = async (): Promise<readonly string[]> => (await desktop.read()).asked

  await test.step('a link to it that is handed to a second start is asked about, and opens it', async () => {
    await agents.newChat()
    await expect(agents.transcript).toHaveCount(0)
    expect(await startAgain(session, link)).toBe(0)
    await expect.poll(asked).toHaveLength(1)
    expect((await asked())[0]).toContain('Open a chat on Harbour?')
    await expect(agents.transcript).toHaveCount(0)
    await desktop.answer(0)
    expect(await startAgain(session, link)).toBe(0)
    await expect(agents.transcript).toContainText('The retries are capped.')
  })

  await test.step('a link to nowhere is refused by name, and one that says more is none', async () => {
    expect(await startAgain(session, link.replace(host, 'evil.example'))).toBe(0)
    await expect.poll(asked).toHaveLength(3)
    expect((await asked())[2]).toContain('evil.example is not in your list of deployments')
    for (const hostile of [
      `${link}?send=rm`,
      `${link}/../../settings`,
      link.replace('outpost://', 'outpost://ada:token@'),
      `outpost://${host}/settings`,
    ])
      expect(await startAgain(session, hostile)).toBe(0)
    // Two at once are none that a system hands on.
    expect(await startAgain(session, link, link)).toBe(0)
    // One that is good is asked about after all of them, so none of them was.
    expect(await startAgain(session, link)).toBe(0)
    await expect.poll(asked).toHaveLength(4)
    expect((await asked())[3]).toContain('Open a chat on Harbour?')
    expect((await desktop.read()).opened).toEqual([])
  })
  await model.close()
})
