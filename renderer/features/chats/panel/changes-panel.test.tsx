import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import {
  closeChangesAfterEach,
  sampleDiff,
  sampleRepository,
  showPanel,
  withChanges,
} from '../../../testing/changes-panel.tsx'
import { sampleChat } from '../../../testing/chat-samples.ts'
import { failure } from '../../../testing/fake-bridge.ts'
import { createQuietBridge } from '../../../testing/render-app.tsx'
import { useToasts } from '../../../ui/toast-store.ts'
import { showChange } from './shown-change.ts'

closeChangesAfterEach()

const toastTitles = (): string[] => useToasts.getState().toasts.map(({ title }) => title)

it('shows each file with what came and went', async () => {
  showPanel(withChanges())
  const file = await screen.findByRole('region', { name: 'retry.go' })
  expect(within(file).getByText('next', { exact: false })).toBeTruthy()
  expect(screen.getByText('agent/retry')).toBeTruthy()
})

it('shows names that hide something as they are', async () => {
  const hostile = 'a\u202eog.b'
  const shown = 'a‹U+202E›og.b'
  const fake = withChanges([
    { repo_root: '/r\u200bx', branch: 'b\u202ec', unified_diff: sampleDiff.replaceAll('retry.go', hostile) },
  ])
  showPanel(fake)
  const file = await screen.findByRole('region', { name: shown })
  expect(screen.getByRole('region', { name: '/r‹U+200B›x' }).querySelector('h2')?.title).toBe('/r‹U+200B›x')
  expect(within(file).getByTitle(shown)).toBeTruthy()
  expect(within(file).getAllByRole('button', { name: `Comment on line 2 of ${shown}` })).not.toEqual([])
  fireEvent.click(screen.getByRole('button', { name: `Actions for ${shown}` }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Stage' }))
  await waitFor(() => expect(toastTitles()).toContain(`${shown} is staged`))
  fireEvent.click(screen.getByRole('button', { name: `Actions for ${shown}` }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Discard changes…' }))
  expect(await screen.findByText(`Discard the changes to ${shown}?`)).toBeTruthy()
})

it('unfolds and brings into sight the file that was asked for, once', async () => {
  const scroll = vi.spyOn(HTMLElement.prototype, 'scrollIntoView').mockReturnValue(undefined)
  showChange({ chatId: sampleChat().id, path: '/home/me/app/retry.go' })
  showPanel(withChanges())
  const file = await screen.findByRole('region', { name: 'retry.go' })
  const head = within(file).getByRole('button', { name: /^retry.go/ })
  expect(scroll.mock.contexts).toEqual([file])
  fireEvent.click(head)
  expect(head.getAttribute('aria-expanded')).toBe('false')
  act(() => showChange({ chatId: sampleChat().id, path: 'app/retry.go' }))
  expect(head.getAttribute('aria-expanded')).toBe('true')
  expect(scroll.mock.contexts).toEqual([file, file])
  cleanup()
  showPanel(withChanges())
  await screen.findByRole('region', { name: 'retry.go' })
  expect(scroll).toHaveBeenCalledTimes(2)
})

it('asks before changes are discarded, and says why they are not', async () => {
  const fake = withChanges()
  fake.answer('chats.gitAction', () => {
    throw failure<'chats.gitAction'>('not_found', 'The file is not there any more.')
  })
  showPanel(fake)
  fireEvent.click(await screen.findByRole('button', { name: 'Actions for retry.go' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Discard changes…' }))
  expect(fake.inputsOf('chats.gitAction')).toEqual([])
  fireEvent.click(await screen.findByRole('button', { name: 'Discard' }))
  expect(await screen.findByText('The file is not there any more.')).toBeTruthy()
  expect(fake.inputsOf('chats.gitAction')).toMatchObject([
    { action: { repo_root: '/home/me/app', path: 'retry.go', action: 'discard' } },
  ])
})

it('says when a name is not copied', async () => {
  const fake = withChanges()
  fake.answer('app.copyText', () => {
    throw failure<'app.copyText'>('too_many_requests', 'The clipboard is busy.')
  })
  showPanel(fake)
  fireEvent.click(await screen.findByRole('button', { name: 'agent/retry' }))
  await waitFor(() => expect(toastTitles()).toContain('Not copied'))
})

it('only shows the changes of somebody else’s chat', async () => {
  showPanel(withChanges(), { isMine: false })
  await screen.findByRole('region', { name: 'retry.go' })
  expect(screen.queryByRole('button', { name: /Comment on/ })).toBeNull()
})

it('says that nothing changed, and why there is nothing to look into', async () => {
  showPanel(withChanges([{ ...sampleRepository, unified_diff: '' }]))
  expect(await screen.findByText('Nothing has changed')).toBeTruthy()
  cleanup()
  const fake = createQuietBridge()
  fake.feed('chats.watchGit', () => {
    throw failure<'chats.watchGit'>('no_workspace', 'This chat has no workspace.')
  })
  showPanel(fake)
  expect(await screen.findByText('This chat has no workspace.')).toBeTruthy()
})
