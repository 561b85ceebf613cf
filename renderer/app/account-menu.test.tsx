import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Deployment } from '#ipc/deployments'
import { createQuietBridge, renderPage } from '../testing/render-app.tsx'
import { sampleDeployment } from '../testing/wire-samples.ts'
import { AccountMenu } from './account-menu.tsx'

async function open(deployment: Deployment) {
  const fake = createQuietBridge()
  fake.feed('deployments.watch', () => ({ activeId: deployment.id, deployments: [deployment] }))
  fake.answer('deployments.remove', () => null)
  const page = renderPage(<AccountMenu />, fake)
  fireEvent.click(await screen.findByRole('button', { name: /^Account: / }))
  return { ...page, fake, menu: await screen.findByRole('menu') }
}

it('names the account and signs out of a remote deployment after asking', async () => {
  const { fake, menu } = await open(sampleDeployment({ id: 'acme', kind: 'remote', name: 'acme' }))
  expect(within(menu).getByText('acme')).toBeTruthy()
  fireEvent.click(within(menu).getByRole('menuitem', { name: 'Sign out and remove…' }))
  const dialog = await screen.findByRole('alertdialog', { name: 'Remove acme?' })
  fireEvent.click(within(dialog).getByRole('button', { name: 'Remove deployment' }))
  await waitFor(() => expect(fake.inputsOf('deployments.remove')).toEqual([{ deploymentId: 'acme' }]))
})

it('has nothing to sign out of on this computer', async () => {
  const { menu, actions } = await open(sampleDeployment())
  expect(within(menu).queryByRole('menuitem', { name: /Sign/ })).toBeNull()
  fireEvent.click(within(menu).getByRole('menuitem', { name: /^Settings/ }))
  expect(actions.goToSettings).toHaveBeenCalledWith('general')
})
