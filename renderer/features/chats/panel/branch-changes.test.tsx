import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  closeChangesAfterEach,
  remarks,
  sampleDiff,
  sampleRepository,
  showPanel,
  withChanges,
  writeRemark,
} from '../../../testing/changes-panel.tsx'
import { sampleChat } from '../../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../../testing/fake-bridge.ts'

closeChangesAfterEach()

const status = (change = {}) => ({
  chat_id: sampleChat().id,
  pull_request_title: '',
  pull_request_draft: false,
  changes_requested: false,
  additions: 1,
  deletions: 1,
  changed_files: 1,
  head_branch: 'agent/retry',
  base_branch: 'main',
  ...change,
})

describe('the changes of the branch', () => {
  const open = async (fake: FakeBridge, label: string, change = {}) => {
    showPanel(fake, { chat: sampleChat({ diff_status: status(change) }) })
    fireEvent.click(await screen.findByRole('button', { name: label }))
  }

  it('are beside those of the workspace, with its name to copy and a remark about a line', async () => {
    const fake = withChanges([{ ...sampleRepository, unified_diff: '' }])
    fake.answer('chats.diff', () => ({
      chat_id: sampleChat().id,
      branch: 'agent/retry',
      remote_origin: 'https://forge.test/a/b.git',
      diff: sampleDiff,
    }))
    fake.answer('app.copyText', () => null)
    await open(fake, 'Branch')
    await screen.findByRole('region', { name: 'retry.go' })
    expect(screen.getByText('All commits since main')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'agent/retry' }))
    expect(fake.inputsOf('app.copyText')).toEqual([{ text: 'agent/retry' }])
    fireEvent.click(screen.getByRole('button', { name: 'Actions for retry.go' }))
    await screen.findByRole('menuitem', { name: 'Copy path' })
    // What is committed is not staged or discarded.
    expect(screen.queryByRole('menuitem', { name: 'Stage' })).toBeNull()
  })

  it('are those of the pull request where there is one, which is a click away', async () => {
    const fake = withChanges()
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id, diff: sampleDiff }))
    await open(fake, 'Pull request', {
      url: 'https://forge.test/pull/7',
      pull_request_state: 'open',
      pull_request_title: 'Cap the retries',
      pr_number: 7,
    })
    await screen.findByText('Cap the retries')
    expect(screen.getByRole('button', { name: 'PR 7 open' })).toBeTruthy()
  })

  it('have a remark about a file that is only in the workspace', async () => {
    const fake = withChanges()
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id, branch: 'agent/retry', diff: '' }))
    showPanel(fake, { chat: sampleChat({ diff_status: status() }) })
    await writeRemark()
    fireEvent.click(screen.getByRole('button', { name: 'Branch' }))
    await screen.findByText('The branch shows no changes')
    expect(remarks()).toEqual(['Keep the old one'])
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  })

  it('that are none are told from those that nobody could read', async () => {
    const fake = withChanges()
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id, branch: 'agent/retry', diff: '' }))
    fake.answer('app.copyText', () => null)
    await open(fake, 'Branch')
    await screen.findByText('Nothing is committed on it that main does not have.')
    fireEvent.click(screen.getByRole('button', { name: 'Copy the branch’s name' }))
    expect(fake.inputsOf('app.copyText')).toEqual([{ text: 'agent/retry' }])
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id }))
    fireEvent.click(screen.getByRole('button', { name: 'Read the branch again' }))
    await screen.findByText('The branch cannot be compared')
    expect(screen.queryByRole('button', { name: /^Copy/ })).toBeNull()
  })

  it('say why they are not there, and are read again', async () => {
    const fake = withChanges()
    fake.answer('chats.diff', () => {
      throw failure<'chats.diff'>('unsupported', 'This deployment cannot do that yet.')
    })
    await open(fake, 'Branch')
    expect((await screen.findByRole('alert')).textContent).toContain('This deployment cannot do that yet.')
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id, branch: 'agent/retry', diff: sampleDiff }))
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByRole('region', { name: 'retry.go' })
  })

  it('stay when they cannot be read again, which is said, until they can', async () => {
    const fake = withChanges()
    const answer = () => ({ chat_id: sampleChat().id, branch: 'agent/retry', diff: sampleDiff })
    fake.answer('chats.diff', answer)
    await open(fake, 'Branch')
    await screen.findByRole('region', { name: 'retry.go' })
    fake.answer('chats.diff', () => {
      throw failure<'chats.diff'>('unreachable', 'No route.')
    })
    fireEvent.click(screen.getByRole('button', { name: 'Read the branch again' }))
    await screen.findByText('These changes are from before. No route.')
    expect(screen.getByRole('region', { name: 'retry.go' })).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
    fake.answer('chats.diff', answer)
    fireEvent.click(screen.getByRole('button', { name: 'Read the branch again' }))
    await waitFor(() => expect(screen.queryByText(/from before/)).toBeNull())
    expect(screen.getByRole('region', { name: 'retry.go' })).toBeTruthy()
  })

  it('are not offered where no branch is known', async () => {
    showPanel(withChanges(), { chat: sampleChat({ diff_status: status({ head_branch: '' }) }) })
    await screen.findByRole('region', { name: 'retry.go' })
    expect(screen.queryByRole('button', { name: 'Branch' })).toBeNull()
  })
})
