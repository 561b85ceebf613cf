import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { workspaceAppSchema } from '#bridge/contract/workspace-apps'
import type { Workspace } from '#bridge/contract/workspaces'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import {
  sampleAgent,
  sampleBuild,
  sampleDeployment,
  sampleId,
  sampleWorkspace,
} from '../../testing/wire-samples.ts'
import { ToastHost } from '../../ui/toast-host.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import { WorkspaceChip } from './workspace-chip.tsx'

beforeEach(() => useToasts.setState({ toasts: [] }))

const web = workspaceAppSchema.parse({ id: sampleId(40), slug: 'web', display_name: 'Web', url: 'http://x' })

async function openMenu(workspace: Workspace) {
  const fake = createQuietBridge()
  fake.feed('workspaces.watch', () => workspace)
  fake.answer('workspaces.start', () => workspace.latest_build)
  fake.answer('workspaces.stop', () => workspace.latest_build)
  const onShowPorts = vi.fn()
  const page = renderPage(
    <>
      <WorkspaceChip
        deployment={sampleDeployment()}
        workspaceId={workspace.id}
        isMine
        onShowPorts={onShowPorts}
        onDetach={vi.fn()}
      />
      <ToastHost />
    </>,
    fake,
  )
  fireEvent.click(await screen.findByRole('button', { name: /Workspace payments-api/ }))
  await screen.findByRole('menu')
  return { fake, onShowPorts, ...page }
}
const names = () => screen.getAllByRole('menuitem').map(({ textContent }) => textContent)
const choose = async (name: string) => fireEvent.click(await screen.findByRole('menuitem', { name }))

it('offers every way into a workspace that runs', async () => {
  const agent = sampleAgent({ apps: [web] })
  await openMenu(sampleWorkspace({ latest_build: sampleBuild({}, [agent]) }))
  expect(names()).toEqual([
    'Open the workspace',
    'Open a terminal',
    'Show its files',
    'Open an app',
    'Apps and ports',
    'Open in',
    'Copy the SSH command',
    'Stop',
    'Detach from the chat',
  ])
})

it('offers to start one that is stopped, and little else', async () => {
  const stopped = sampleBuild({ status: 'stopped', transition: 'stop' }, [])
  const { fake } = await openMenu(sampleWorkspace({ latest_build: stopped }))
  expect(names()).toEqual([
    'Start',
    'Open the workspace',
    'Open a terminal',
    'Show its files',
    'Apps and ports',
    'Detach from the chat',
  ])
  await choose('Start')
  await waitFor(() => expect(fake.inputsOf('workspaces.start')).toHaveLength(1))
})

it('stops it, shows its ports, and opens it in an editor', async () => {
  const { fake, onShowPorts } = await openMenu(sampleWorkspace())
  fake.answer('files.openInEditor', () => null)
  await choose('Apps and ports')
  expect(onShowPorts).toHaveBeenCalled()
  fireEvent.click(screen.getByRole('button', { name: /Workspace payments-api/ }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Open in' }))
  await choose('VS Code')
  await waitFor(() =>
    expect(fake.inputsOf('files.openInEditor')).toMatchObject([
      { editor: 'vscode', workspaceName: 'payments-api', agentName: 'main', location: '/home/owner/src' },
    ]),
  )
})

it('copies how SSH gets there, or says why it does not', async () => {
  const { fake } = await openMenu(sampleWorkspace())
  fake.answer('workspaces.sshCommand', () => ({ command: 'ssh coder.payments-api' }))
  fake.answer('app.copyText', () => null)
  await choose('Copy the SSH command')
  await screen.findByText('The SSH command is copied')
  expect(fake.inputsOf('app.copyText')).toEqual([{ text: 'ssh coder.payments-api' }])
  fake.answer('workspaces.sshCommand', () => {
    throw failure<'workspaces.sshCommand'>('app_unknown', 'The workspace was built anew.')
  })
  fireEvent.click(screen.getByRole('button', { name: /Workspace payments-api/ }))
  await choose('Copy the SSH command')
  await screen.findByText('The workspace was built anew.')
})
