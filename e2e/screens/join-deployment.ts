import type { Page } from '@playwright/test'
import { addDeploymentScreen } from './add-deployment.ts'
import { frame } from './frame.ts'
import { settingsScreen } from './settings.ts'

/** Adds a deployment by address and token as a person does, and ends once the app is connected to it. */
export async function joinDeployment(
  page: Page,
  { url, token, name }: { readonly url: string; readonly token: string; readonly name: string },
): Promise<void> {
  const add = addDeploymentScreen(page)
  await add.open()
  await add.address.fill(url)
  await add.token.fill(token)
  await add.name.fill(name)
  await add.sheet.getByText('at ').first().waitFor()
  await add.add.click()
  await page
    .getByRole('banner')
    .getByRole('button', { name: new RegExp(`^Deployment.*${name}.*Connected`) })
    .waitFor()
}

/** Shows the MCP servers of the deployment that is chosen, asked for anew. */
export async function openMcpServers(page: Page): Promise<void> {
  await frame(page).goTo('Workspaces')
  await frame(page).goTo('Settings')
  await settingsScreen(page).open('MCP servers')
}
