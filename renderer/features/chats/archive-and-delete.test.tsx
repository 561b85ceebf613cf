import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  agentsBridge,
  chooseForRow,
  resetAgentsBeforeEach,
  sampleChatId,
  showAgents,
} from '../../testing/agents-page.tsx'
import { sampleChat } from '../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { sampleId, sampleWorkspace } from '../../testing/wire-samples.ts'

resetAgentsBeforeEach()

describe('a row', () => {
  it('deletes the workspace only after its name is typed', async () => {
    const fake = agentsBridge([sampleChat({ id: sampleChatId(3), title: 'Over', workspace_id: sampleId(2) })])
    fake.answer('workspaces.delete', () => sampleWorkspace().latest_build)
    showAgents(fake)
    await chooseForRow('Over', 'Archive and delete')
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
    const confirm = within(dialog).getByRole('button', { name: 'Archive and delete' })
    expect(confirm).toHaveProperty('disabled', true)
    fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: 'payments-api' } })
    fireEvent.click(confirm)
    await waitFor(() => expect(fake.inputsOf('workspaces.delete').length).toBe(1))
    expect(fake.inputsOf('chats.update')).toMatchObject([{ archived: true }])
  })

  const archiveAndDelete = async (fake: FakeBridge) => {
    showAgents(fake)
    await chooseForRow('Over', 'Archive and delete')
  }
  const over = sampleChat({ id: sampleChatId(3), title: 'Over', workspace_id: sampleId(2) })
  const typeName = (dialog: HTMLElement) =>
    fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: 'payments-api' } })

  it('is archived once, however often its workspace refuses to go', async () => {
    const fake = agentsBridge([over])
    fake.answer('workspaces.delete', () => {
      throw failure<'workspaces.delete'>('build_running', 'A build is running.')
    })
    await archiveAndDelete(fake)
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
    typeName(dialog)
    fireEvent.click(within(dialog).getByRole('button', { name: 'Archive and delete' }))
    await within(dialog).findByText('A build is running.')
    fake.answer('workspaces.delete', () => sampleWorkspace().latest_build)
    fireEvent.click(await within(dialog).findByRole('button', { name: 'Delete the workspace' }))
    await waitFor(() => expect(fake.inputsOf('workspaces.delete').length).toBe(2))
    expect(fake.inputsOf('chats.update').length).toBe(1)
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  })

  it.each(['not_found', 'deleted'] as const)(
    'is archived though its workspace is gone (%s)',
    async (code) => {
      const fake = agentsBridge([over])
      fake.feed('workspaces.watch', () => {
        throw failure<'workspaces.watch'>(code, 'Gone.')
      })
      await archiveAndDelete(fake)
      const dialog = await screen.findByRole('alertdialog', { name: 'Archive Over?' })
      within(dialog).getByText(/workspace is gone already/)
      fireEvent.click(within(dialog).getByRole('button', { name: 'Archive' }))
      await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ archived: true }]))
      await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
      expect(fake.inputsOf('workspaces.delete')).toEqual([])
    },
  )

  it('is archived though its workspace goes meanwhile', async () => {
    const fake = agentsBridge([over])
    fake.answer('workspaces.delete', () => {
      throw failure<'workspaces.delete'>('not_found', 'Gone.')
    })
    await archiveAndDelete(fake)
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
    typeName(dialog)
    fireEvent.click(within(dialog).getByRole('button', { name: 'Archive and delete' }))
    await screen.findByText('payments-api was gone already')
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  })

  it('shows that its workspace is looked for, and why it is not found', async () => {
    const fake = agentsBridge([over])
    fake.feed('workspaces.watch', () => undefined)
    await archiveAndDelete(fake)
    await screen.findByRole('status', { name: 'Loading the workspace' })
    act(() => fake.fail('workspaces.watch', failure<'workspaces.watch'>('unreachable', 'It is away.')))
    await screen.findByText('It is away.')
    fake.feed('workspaces.watch', () => sampleWorkspace())
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
  })

  it('stops before it is archived when it is at work after all', async () => {
    const fake = agentsBridge([over])
    fake.answer('chats.interrupt', () => null)
    fake.answer('workspaces.delete', () => sampleWorkspace().latest_build)
    let isBusy = true
    fake.answer('chats.update', () => {
      if (isBusy) throw failure<'chats.update'>('busy', 'It is at work.')
      return null
    })
    await archiveAndDelete(fake)
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
    typeName(dialog)
    fake.feed('chats.watchChat', () => ({ ...over, status: 'running' }))
    fireEvent.click(within(dialog).getByRole('button', { name: 'Archive and delete' }))
    await waitFor(() => expect(fake.openSubscriptions('chats.watchChat')).toBe(1))
    isBusy = false
    fake.push('chats.watchChat', over)
    await waitFor(() => expect(fake.inputsOf('workspaces.delete').length).toBe(1))
    expect(fake.inputsOf('chats.interrupt').length).toBe(1)
    expect(fake.inputsOf('chats.update').length).toBe(2)
  })
})
