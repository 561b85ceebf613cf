import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import {
  closeChangesAfterEach,
  remark,
  remarks,
  sampleDiff,
  sampleRepository,
  showPanel,
  withChanges,
  writeRemark,
} from '../../../testing/changes-panel.tsx'
import { sampleChat } from '../../../testing/chat-samples.ts'
import { sampleId } from '../../../testing/wire-samples.ts'

closeChangesAfterEach()

it('puts a remark about a line to the message, with the line', async () => {
  const { addReference } = showPanel(withChanges())
  fireEvent.click(
    (await screen.findAllByRole('button', { name: 'Comment on line 2 of retry.go' })).at(-1) as Element,
  )
  const field = screen.getByRole('textbox', { name: 'Comment on line 2 of retry.go' })
  fireEvent.change(field, { target: { value: 'Keep the old one' } })
  fireEvent.click(screen.getByRole('button', { name: 'Add to message' }))
  expect(addReference).toHaveBeenCalledWith(
    { fileName: 'retry.go', startLine: 2, endLine: 2, content: 'next()' },
    'Keep the old one',
  )
})

it('keeps a remark that is written over scans, layouts, folding and another tab', async () => {
  const fake = withChanges()
  showPanel(fake)
  const field = await writeRemark()
  expect(document.activeElement).toBe(field)
  fireEvent.click(screen.getByRole('button', { name: 'Split' }))
  expect(remark()).toBe('Keep the old one')
  expect(document.activeElement).toBe(screen.getByRole('textbox'))
  fireEvent.click(screen.getByRole('button', { name: /^retry.go/ }))
  expect(remark()).toBeUndefined()
  fireEvent.click(screen.getByRole('button', { name: /^retry.go/ }))
  expect(remark()).toBe('Keep the old one')
  act(() => screen.getByRole('textbox').blur())
  cleanup()
  showPanel(withChanges())
  await screen.findByRole('region', { name: 'retry.go' })
  expect(remark()).toBe('Keep the old one')
  // It takes the focus from nobody when it is only drawn anew.
  expect(document.activeElement).toBe(document.body)
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(remark()).toBeUndefined()
})

it.each([
  ['a field', 'textarea', {}],
  ['an input', 'input', {}],
  ['a text that is edited in place', 'div', { contenteditable: 'true', tabindex: '0' }],
])('leaves the focus in %s when it comes back to the page', async (_, tag, attributes) => {
  const other = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) other.setAttribute(name, value)
  document.body.append(other)
  showPanel(withChanges())
  await writeRemark()
  // The field goes while it has the focus, as with another tab of the panel by a key.
  cleanup()
  other.focus()
  showPanel(withChanges())
  await screen.findByRole('region', { name: 'retry.go' })
  expect(remarks()).toEqual(['Keep the old one'])
  expect(document.activeElement).toBe(other)
  other.remove()
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
})

it('is of one chat', async () => {
  showPanel(withChanges())
  await writeRemark()
  cleanup()
  showPanel(withChanges(), { chat: sampleChat({ id: sampleId(30, 9) }) })
  await screen.findByRole('region', { name: 'retry.go' })
  expect(remark()).toBeUndefined()
  cleanup()
  showPanel(withChanges())
  await screen.findByRole('region', { name: 'retry.go' })
  expect(remark()).toBe('Keep the old one')
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
})

it('shows a remark at the end of the file when its line is gone, with the line', async () => {
  const fake = withChanges()
  const { addReference } = showPanel(fake)
  await writeRemark()
  const next = sampleDiff.replace('next()', 'other()')
  act(() => fake.push('chats.watchGit', { repositories: [{ ...sampleRepository, unified_diff: next }] }))
  await screen.findByText('other', { exact: false })
  const loose = screen.getByRole('group', { name: 'About a line that is not shown any more' })
  expect(loose.textContent).toContain('next()')
  expect(remark()).toBe('Keep the old one')
  act(() => fake.push('chats.watchGit', { repositories: [{ ...sampleRepository, unified_diff: '' }] }))
  await screen.findByText('Nothing has changed')
  act(() => fake.push('chats.watchGit', { repositories: [{ ...sampleRepository, unified_diff: next }] }))
  await screen.findByText('other', { exact: false })
  fireEvent.click(screen.getByRole('button', { name: 'Add to message' }))
  expect(addReference).toHaveBeenCalledWith(
    { fileName: 'retry.go', startLine: 2, endLine: 2, content: 'next()' },
    'Keep the old one',
  )
  expect(remark()).toBeUndefined()
})
