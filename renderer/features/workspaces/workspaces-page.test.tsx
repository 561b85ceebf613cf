import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Workspace } from '#bridge/contract/workspaces'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleBuild, sampleDeployment, sampleId, sampleWorkspace } from '../../testing/wire-samples.ts'
import { ToastHost } from '../../ui/toast-host.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import { WorkspacesPage } from './workspaces-page.tsx'

beforeEach(() => {
  // The virtualiser paints nothing in a window without a size.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(1000)
  localStorage.clear()
  useToasts.setState({ toasts: [] })
})

const stopped = sampleBuild({ status: 'stopped', transition: 'stop' }, [])
const three: readonly Workspace[] = [
  sampleWorkspace({ id: sampleId(2, 1), name: 'alpha', favorite: true }),
  sampleWorkspace({ id: sampleId(2, 2), name: 'bravo', latest_build: stopped }),
  sampleWorkspace({ id: sampleId(2, 3), name: 'charlie', owner_id: sampleId(99), owner_name: 'ann' }),
]

function show(fake: FakeBridge) {
  return renderPage(
    <>
      <WorkspacesPage deployment={sampleDeployment()} />
      <ToastHost />
    </>,
    fake,
  )
}

function withList(workspaces: readonly Workspace[] = three): FakeBridge {
  const fake = createQuietBridge()
  fake.feed('workspaces.watchList', () => ({ workspaces: [...workspaces], count: workspaces.length }))
  return fake
}

const row = (name: string) => screen.findByRole('row', { name: new RegExp(name) })

describe('the workspaces list', () => {
  it('shows rows in grey until the first answer', () => {
    const fake = createQuietBridge()
    fake.feed('workspaces.watchList', () => undefined)
    show(fake)
    expect(screen.getByRole('status', { name: 'Loading workspaces' })).toBeTruthy()
  })

  it('does not pretend to load from a deployment that is away', () => {
    const fake = createQuietBridge()
    fake.feed('workspaces.watchList', () => undefined)
    const state = { kind: 'unreachable', reason: 'Away.', retryAt: null } as const
    renderPage(<WorkspacesPage deployment={sampleDeployment({ name: 'acme', state })} />, fake)
    expect(screen.getByText('Nothing known from acme yet')).toBeTruthy()
  })

  it('groups favourites, mine and those of others, and says each state in words', async () => {
    show(withList())
    const alpha = await row('alpha')
    expect(within(alpha).getByText('Running')).toBeTruthy()
    expect(within(await row('bravo')).getByText('Stopped')).toBeTruthy()
    expect((await row('charlie')).textContent).toContain('ann/charlie')
    const order = screen.getAllByRole('row').map(({ textContent }) => textContent)
    expect(order.findIndex((text) => text.startsWith('Favourites'))).toBeLessThan(
      order.findIndex((text) => text.startsWith('Shared with me')),
    )
  })

  it('follows what main pushes', async () => {
    const fake = withList()
    show(fake)
    await row('alpha')
    fake.push('workspaces.watchList', { workspaces: [], count: 0 })
    await screen.findByText('No workspaces on This machine yet')
  })

  it('offers the templates on the first run', async () => {
    const { actions } = show(withList([]))
    fireEvent.click(await screen.findByRole('button', { name: 'New workspace from Scratch' }))
    expect(actions.goToCreate).toHaveBeenCalledWith(sampleId(3))
  })

  it('says why it cannot be listed and tries again on demand', async () => {
    const fake = createQuietBridge()
    fake.feed('workspaces.watchList', () => {
      throw failure('unreachable', 'coder.acme.dev does not answer.')
    })
    show(fake)
    expect((await screen.findByRole('alert')).textContent).toContain('coder.acme.dev does not answer.')
    fake.feed('workspaces.watchList', () => ({ workspaces: [...three], count: 3 }))
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await row('alpha')
  })

  it('keeps the old list readable below the reason when the watch breaks', async () => {
    const fake = withList()
    show(fake)
    await row('alpha')
    fake.fail('workspaces.watchList', failure('unreachable', 'No route.'))
    await screen.findByText(/This list is from before. No route./)
    await row('alpha')
  })

  it('writes menu filters into the query and asks the deployment', async () => {
    const fake = withList()
    show(fake)
    await row('alpha')
    fireEvent.click(screen.getByRole('button', { name: 'Status' }))
    fireEvent.click(
      await screen
        .findByRole('menuitemcheckbox', { name: 'Failed' })
        .catch(() => screen.findByText('Failed')),
    )
    expect(screen.getByRole('searchbox')).toHaveProperty('value', 'status:failed')
    await waitFor(() => expect(fake.inputsOf('workspaces.watchList').at(-1)?.q).toBe('status:failed'))
  })

  it('shows what the deployment does not understand about a query, and clears it', async () => {
    const fake = withList()
    show(fake)
    await row('alpha')
    fake.feed('workspaces.watchList', ({ q }) => {
      if (q === '') return { workspaces: [...three], count: 3 }
      throw failure('deployment_error', 'Invalid workspace search query.', {
        validations: [{ field: 'staus', detail: '"staus" is not a valid query param' }],
      })
    })
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'staus:running' } })
    await screen.findByText('"staus" is not a valid query param')
    fireEvent.click(screen.getByRole('button', { name: 'Clear the search' }))
    await row('alpha')
  })

  it('opens a workspace by Enter', async () => {
    const { actions } = show(withList())
    await row('alpha')
    const grid = screen.getByLabelText('Workspaces')
    fireEvent.keyDown(grid, { key: 'ArrowDown' })
    fireEvent.keyDown(grid, { key: 'ArrowDown' })
    fireEvent.keyDown(grid, { key: 'Enter' })
    expect(actions.goToWorkspace).toHaveBeenCalledWith('local', sampleId(2, 1))
  })

  it('starts and stops what is selected and tells each failure by name', async () => {
    const fake = withList()
    fake.answer('workspaces.stop', ({ workspaceId }) => {
      if (workspaceId === sampleId(2, 3))
        throw failure<'workspaces.stop'>('build_running', 'A build is running.')
      return stopped
    })
    show(fake)
    await row('alpha')
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select all' }))
    expect(screen.getByRole('button', { name: 'Start 1' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Stop 2' }))
    await screen.findByText('charlie is not stopped')
    await screen.findByText('1 of 2 are stopping')
  })

  it('deletes only after the name is typed', async () => {
    const fake = withList([three[1]!])
    fake.answer('workspaces.delete', () => stopped)
    show(fake)
    await row('bravo')
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select all' }))
    fireEvent.click(screen.getByRole('button', { name: 'Delete…' }))
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete bravo?' })
    const confirm = within(dialog).getByRole('button', { name: 'Delete workspace' })
    expect(confirm).toHaveProperty('disabled', true)
    fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: 'bravo' } })
    fireEvent.click(confirm)
    await waitFor(() =>
      expect(fake.inputsOf('workspaces.delete')).toEqual([
        { deploymentId: 'local', workspaceId: sampleId(2, 2), confirmName: 'bravo' },
      ]),
    )
  })
})
