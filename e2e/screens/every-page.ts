import type { Page } from '@playwright/test'
import { addDeploymentScreen } from './add-deployment.ts'
import { createWorkspaceScreen } from './create-workspace.ts'
import { frame } from './frame.ts'
import { settingsScreen } from './settings.ts'
import { templatesScreen } from './templates.ts'
import { terminalsScreen } from './terminals.ts'
import { workspaceScreen, workspacesScreen } from './workspace.ts'

const colours = String.raw`printf '\e[1;32m✓\e[0m %s \e[2m%s\e[0m\n' 'unit' '412 passed' 'layers' '0 broken'; printf '\e[33mwarn\e[0m  %s\n' 'retry.ts is 310 lines long'; printf '\e[34m~/lantern\e[0m on \e[35mmain\e[0m \e[31m[+2 -1]\e[0m\n'`

/** Goes through every page of the app, from the empty start, and has each looked at. Ends on the workspaces. */
export async function visitEveryPage(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  const main = page.getByRole('main')
  await main.getByText('Plain shell').waitFor()
  await look('empty')

  await frame(page).goTo('Templates')
  const templates = templatesScreen(page)
  await templates.list.waitFor()
  await look('templates')
  await templates.open('Plain shell')
  await main.getByText('Project folder').first().waitFor()
  await look('template')

  await templates.newWorkspace.click()
  const create = createWorkspaceScreen(page)
  await create.name.fill('First light')
  await create.create.click()
  await create.parameter('Project folder').waitFor()
  await look('create-refused')
  await create.name.fill('first-light')
  await create.create.click()
  await create.openTerminal.waitFor()
  await look('create-workspace')

  await create.openTerminal.click()
  const terminals = terminalsScreen(page)
  await terminals.run("PS1='$ '; clear")
  await terminals.run(`clear; ${colours}`)
  await terminals.lines.getByText('layers').last().waitFor()
  await workspaceScreen(page).state('Running').waitFor()
  await look('workspace-terminal')
  await main.getByRole('tab', { name: 'Logs' }).click()
  await main.getByRole('log').first().waitFor()
  await look('workspace-logs')
  await terminals.drawer.getByRole('button', { name: 'Hide the drawer' }).click()

  await frame(page).goTo('Workspaces')
  await workspacesScreen(page).row('first-light').waitFor()
  await look('workspaces')

  await frame(page).goTo('Tunnels')
  await main.getByText('No tunnels yet').waitFor()
  await look('tunnels-empty')

  await frame(page).goTo('Settings')
  const settings = settingsScreen(page)
  for (const section of [
    'General',
    'Deployments',
    'MCP servers',
    'Dictation',
    'Keychain',
    'About',
  ] as const) {
    await settings.open(section)
    await settings.main.getByRole('heading', { level: 2 }).first().waitFor()
    await look(`settings-${section.toLowerCase().replace(' ', '-')}`)
  }

  await addDeploymentScreen(page).open()
  await addDeploymentScreen(page).address.waitFor()
  await look('add-deployment')
  await page.keyboard.press('Escape')
  await addDeploymentScreen(page).sheet.waitFor({ state: 'hidden' })
  await page.keyboard.press('Control+k')
  await page.getByRole('listbox', { name: 'Results' }).waitFor()
  await look('palette')
  await page.keyboard.press('Escape')
  await frame(page).goTo('Workspaces')
}
