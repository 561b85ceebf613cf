import type { Page } from '@playwright/test'
import { createWorkspaceScreen } from './create-workspace.ts'
import { frame } from './frame.ts'
import { templatesScreen } from './templates.ts'
import { workspaceScreen } from './workspace.ts'

/** Makes a workspace from the shipped template as a person does, and ends on its page once it runs. */
export async function makeWorkspace(page: Page, name: string): Promise<void> {
  await frame(page).goTo('Templates')
  const templates = templatesScreen(page)
  await templates.open('Plain shell')
  await templates.newWorkspace.click()
  const create = createWorkspaceScreen(page)
  await create.name.fill(name)
  await create.create.click()
  await create.openWorkspace.click()
  await workspaceScreen(page).state('Running').waitFor()
}
